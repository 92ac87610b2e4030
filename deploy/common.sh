# shellcheck shell=bash
# Shared by deploy.sh, rollback.sh and nightly.sh, which source it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." # where they were called from is then $OLDPWD

#: The name of a release: time, then the code's commit. Names sort by time.
NAMED='^[0-9]{8}T[0-9]{6}Z-'
#: The site on the web: its first name in fly.toml.
# shellcheck disable=SC2034 # for those who source this
SITE=${RATSDATEN_SITE:-https://$(sed -n 's/^RATSDATEN_HOSTS = "\([^ "]*\).*/\1/p' fly.toml)}

stop() { echo "$1" >&2; exit 1; }

need() {
    command -v "$1" >/dev/null || stop "$1 is missing: $2"
}

# Without the lock (9): what they leave running in the background would hold it.
fly() { flyctl "$@" 9>&-; }
github() { gh "$@" 9>&-; }

platform() {
    need flyctl "install it as https://fly.io/docs/flyctl/install/ says."
    fly status >/dev/null || stop "Fly refuses (see above): set FLY_API_TOKEN, and create the app first (docs/operations.md)."
}

archive() {
    need gh "install it as https://cli.github.com says."
    need zstd "apt install zstd"
    kept >/dev/null
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

# What was published and not taken back since, the latest first: NAME IMAGE STATE (deploy/past.py).
past() {
    fly releases --image --json | python3 deploy/past.py || stop "Fly does not list its releases (see above)."
}

# The name of the release that is live.
live() { past | awk '$3 == "complete" && !found++ { print $1 }'; }

# The releases whose databases are kept on GitHub.
kept() {
    local names
    names=$(github release list --exclude-drafts --limit 100 --json tagName --jq '.[].tagName') ||
        stop "GitHub refuses (see above): set GH_TOKEN to a token that may write releases; gh must know release list --json."
    grep -E "$NAMED" <<<"$names" || true
}
