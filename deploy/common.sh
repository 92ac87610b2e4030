# shellcheck shell=bash
# Shared by deploy.sh, rollback.sh and nightly.sh, which source it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

#: The name of a release: time, then the code's commit. Names sort by time.
NAMED='^[0-9]{8}T[0-9]{6}Z-'
#: The site on the web: its first name in fly.toml.
SITE=${RATSDATEN_SITE:-https://$(sed -n 's/^RATSDATEN_HOSTS = "\([^ "]*\).*/\1/p' fly.toml)}

stop() { echo "$1" >&2; exit 1; }

need() {
    command -v "$1" >/dev/null || stop "$1 is missing: $2"
}

platform() {
    need flyctl "install it as https://fly.io/docs/flyctl/install/ says."
    flyctl status >/dev/null || stop "Fly refuses (see above): set FLY_API_TOKEN, and create the app first (docs/operations.md)."
}

archive() {
    need gh "install it as https://cli.github.com says."
    need zstd "apt install zstd"
    gh release list --limit 1 >/dev/null || stop "GitHub refuses (see above): set GH_TOKEN to a token that may write releases."
}

# One publication at a time on this machine; on GitHub the workflow's concurrency sees to it. A child that holds the lock
# has it for its parent.
lock() {
    [ -z "${RATSDATEN_LOCKED:-}" ] || return 0
    mkdir -p build
    exec 9>build/publish.lock
    flock -n 9 || stop "Another publication is under way on this machine: wait until it has ended."
    export RATSDATEN_LOCKED=1
}

# "NAME SHA256" of the release that the site says it is; fails if it says nothing.
live() {
    python3 - "$SITE/status.json" <<'PYTHON' 2>/dev/null
import json, sys, urllib.request
release = json.load(urllib.request.urlopen(sys.argv[1], timeout=30))["release"]
print(release["name"], release["database"])
PYTHON
}

# The releases whose databases are kept on GitHub, the latest first.
kept() {
    gh release list --limit 100 --json tagName --jq '.[].tagName' | grep -E "$NAMED" | sort -r || true
}
