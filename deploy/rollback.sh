#!/usr/bin/env bash
# Goes back to the release before the one that is live, or to the named one: deploy/rollback.sh [NAME]
# An image holds code and databases, so both go back together.
# shellcheck source=deploy/common.sh
source "$(dirname "$0")/common.sh"

lock
platform
now=$(live | cut -d ' ' -f 1) || now=
# Every image that was ever live, by its name (the label that deploy.sh gave it), the latest first.
images=$(flyctl releases --image --json | python3 -c '
import json, re, sys
images = {}
for release in json.load(sys.stdin):
    image = release.get("ImageRef") or release.get("imageRef") or ""
    status = str(release.get("Status") or release.get("status")).lower()
    label = re.search(r":(\d{8}T\d{6}Z-[^@]+)", image)
    if label and status in ("complete", "succeeded"):
        images[label[1]] = image
for name in sorted(images, reverse=True):
    print(name, images[name])')
[ -n "$now" ] || now=$(head -n 1 <<<"$images" | cut -d ' ' -f 1)
if [ $# != 0 ]; then
    found=$(awk -v name="$1" '$1 == name' <<<"$images")
else
    found=$(awk -v name="$now" '$1 < name' <<<"$images" | head -n 1)
fi
[ -n "$found" ] || stop "There is no release ${1:-before ${now:-the first}}: flyctl releases --image lists them."
name=${found% *} image=${found#* }

echo "Going back from ${now:-what does not answer} to $name …"
flyctl deploy --image "$image" || stop "Fly did not take the release (see above); flyctl status shows the machines."
for _ in $(seq 60); do
    [ "$(live | cut -d ' ' -f 1)" != "$name" ] || break
    sleep 1
done
[ "$(live | cut -d ' ' -f 1)" = "$name" ] || stop "$SITE does not say that it is $name: see flyctl status and flyctl logs."
echo "Live again: $name. The next night publishes the code of main: mend it there before, or gh workflow disable nightly.yml"
