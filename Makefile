# The common steps by name; each is one command you can also type yourself. `make` alone lists them.
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8001

help:  ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

demo: .venv/installed  ## look-alike of an invented town -> crawl -> demo.db -> Datasette (SERVE=0: stop after the crawl)
	@scripts/demo.sh

test: .venv/installed  ## all tests
	@scripts/browser.sh
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder

crawl: .venv/installed  ## the real Herne -> herne.db (needs RATSDATEN_CONTACT; ARGS="-a mode=probe" asks only a dozen pages)
	$(BIN)/scrapy crawl allris $(ARGS)

update: .venv/installed  ## what is new in Herne since the last crawl -> herne.db, for every night (needs RATSDATEN_CONTACT)
	$(BIN)/scrapy crawl allris -a mode=update $(ARGS)

serve: .venv/installed  ## every *.db here in Datasette (PORT=8001)
	@ls *.db >/dev/null 2>&1 || { echo "There is no database yet: run make demo or make crawl first." >&2; exit 1; }
	$(BIN)/datasette . --port $(PORT)

bench: .venv/installed  ## benchmarks, see benchmarks/README.md
	$(BIN)/python -m benchmarks

lint: .venv/installed  ## style, format, types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy plugins

docs: .venv/installed  ## docs/data.md anew from schema.sql and metadata.yml
	$(BIN)/python -m ratsdaten.docs > docs/data.md

clean:  ## removes the environment, caches and demo.db; never herne.db
	rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache .scrapy demo.db demo.db[.-]* demo.files
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/installed: pyproject.toml constraints.txt
	@scripts/environment.sh $(PYTHON)
	@touch $@

.PHONY: help demo test crawl update serve bench lint docs clean
