#!/usr/bin/env bash
# Goes back to the release before the one that is live, or to the named one: deploy/rollback.sh [NAME]
# An image holds code and databases, so both go back together. From a publication that did not finish, to the one before.
# shellcheck source=deploy/common.sh
source "$(dirname "$0")/common.sh"

lock
platform
history=$(past)
now=$(sed -n '1s/ .*//p' <<<"$history")
found=$(sed -n 2p <<<"$history")
[ $# = 0 ] || found=$(fly releases --image --json | python3 deploy/past.py "$1")
[ -n "$found" ] || stop "There is no release ${1:-before ${now:-the first}}: flyctl releases --image lists them."
read -r name image _ <<<"$found"

echo "Going back from $now to $name …"
fly deploy --image "$image" ||
    stop "Fly did not take the release (see above); flyctl status shows the machines. Then again: deploy/rollback.sh $name"
python3 - "$SITE/status.json" "$name" <<'PYTHON' || stop "$SITE does not say that it is $name: see flyctl status and flyctl logs."
import json, sys, time, urllib.request
for _ in range(60):
    try:
        if json.load(urllib.request.urlopen(sys.argv[1], timeout=30))["release"]["name"] == sys.argv[2]:
            sys.exit()
    except (OSError, ValueError):
        pass
    time.sleep(1)
sys.exit(1)
PYTHON
echo "Live again: $name. The next night publishes the code of main: mend it there before, or gh workflow disable nightly.yml"
