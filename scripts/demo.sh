#!/usr/bin/env bash
# From pages to a database one can open, without asking anyone: the look-alike council of an invented town is started,
# crawled into demo.db and served. Settings: SIZE=small|medium|full, SERVE=0 (stop after the crawl),
# DEMO_PORT (the look-alike's), PORT (Datasette's); a port of 0 is any free one.
set -euo pipefail
cd "$(dirname "$0")/.."

port=${PORT:-0}
[ "$port" != 0 ] || port=$(.venv/bin/python -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')
# Before the crawl, not after it.
[ "${SERVE:-1}" = 0 ] || .venv/bin/python -c '
import sys
from ratsdaten.serving.start import StartProblem, check_port
try:
    check_port("127.0.0.1", int(sys.argv[1]))
except (StartProblem, ValueError) as problem:
    sys.exit(f"PORT={sys.argv[1]}: {problem}")' "$port"

started=$SECONDS
folder=$(mktemp -d)
lookalike=
finish() {
    if [ -n "$lookalike" ]; then kill "$lookalike" 2>/dev/null || true; wait "$lookalike" 2>/dev/null || true; fi
    rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT TERM

.venv/bin/python -m demo --size "${SIZE:-small}" --port "${DEMO_PORT:-0}" >"$folder/address" &
lookalike=$!
until [ -s "$folder/address" ]; do
    kill -0 "$lookalike" 2>/dev/null || { echo "The look-alike did not start; see above." >&2; exit 1; }
    sleep 0.1
done
address=$(head -n 1 "$folder/address")

echo "Crawling the invented town Lindenrath at $address"
rm -rf demo.db demo.db[.-]* demo.files
# It is our own server: no need to be slow.
.venv/bin/scrapy crawl allris -a "base_url=$address" -a since=2001-01-01 -s DATABASE=demo.db \
    -s AUTOTHROTTLE_ENABLED=False -s DOWNLOAD_DELAY=0 -s CONCURRENT_REQUESTS=16 -s CONCURRENT_REQUESTS_PER_DOMAIN=16

echo "demo.db after $((SECONDS - started)) s:"
.venv/bin/sqlite-utils tables demo.db --counts --csv | grep -v -e _fts -e '^sqlite_' -e '^table' | tr , '\t' | expand -t 20

[ "${SERVE:-1}" != 0 ] || exit 0

echo
echo "Open http://127.0.0.1:$port/  (Ctrl-C ends)"
trap : INT # Ctrl-C is the normal end from here on
# This file alone: another town's may lie beside it.
mkdir "$folder/site"
ln -s "$PWD"/{demo.db,metadata.yml,towns.toml,settings.json,plugins,templates,static} "$folder/site"
.venv/bin/datasette "$folder/site" --port "$port"
