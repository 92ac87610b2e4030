#!/usr/bin/env bash
# Makes or refreshes .venv with the pinned versions: scripts/environment.sh [python3]
set -euo pipefail
cd "$(dirname "$0")/.."
python=${1:-python3}

stop() { echo "$1" >&2; exit 1; }

command -v "$python" >/dev/null ||
    stop "$python is missing: apt install python3 python3-venv, or name another with PYTHON=…"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    stop "$("$python" --version) is too old: Python 3.11 or newer is needed; name it with PYTHON=…"
"$python" -c 'import ensurepip, venv' 2>/dev/null ||
    stop "Python cannot make environments here: apt install python3-venv"

[ -x .venv/bin/pip ] || "$python" -m venv --clear .venv
echo "Installing into .venv …"
.venv/bin/pip install -qq --disable-pip-version-check --editable '.[dev]' --constraint constraints.txt ||
    stop "The packages could not be installed (see above): check the network connection and run make again."
# The search's lexicon is compiled once, here, so that no crawl and no first visitor waits for it.
.venv/bin/python -c 'from ratsdaten.search.lexicon import lexicon; lexicon()'
