# The site with its databases, ready to start. First: deploy/build.sh site build/release NAME herne.db
# Debian's own Python: the SQLite that the project is tested with, security updates from Debian, 60 MB less than python:3.
FROM debian:bookworm-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates python3 python3-venv
WORKDIR /source
COPY pyproject.toml constraints.txt README.md ./
COPY deploy/build.sh deploy/
COPY ratsdaten ratsdaten
RUN deploy/build.sh environment /opt/ratsdaten

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3 \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/* /usr/share/doc/* /usr/share/man/* \
 && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin ratsdaten
COPY --from=build /opt/ratsdaten /opt/ratsdaten
# Last, for it alone changes every night.
COPY build/release/site /opt/ratsdaten/site
# Nothing is written but to /tmp: the root may be read-only.
ENV PATH=/opt/ratsdaten/venv/bin:/usr/bin:/bin PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 OPENBLAS_NUM_THREADS=1 MALLOC_ARENA_MAX=1 MALLOC_TRIM_THRESHOLD_=131072
WORKDIR /opt/ratsdaten/site
USER 10001:10001
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["python3", "-IS", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/status.json', timeout=4)"]
CMD ["datasette", ".", "--host", "0.0.0.0", "--port", "8080"]
