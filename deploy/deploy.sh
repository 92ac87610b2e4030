#!/usr/bin/env bash
# Publishes databases with the code as it is here: deploy/deploy.sh herne.db [MORE.db]
# Builds, asks the release every kind of page, keeps its databases, publishes, asks the site. The release before stays
# until the new one answers; what fails before that changes nothing.
# shellcheck source=deploy/common.sh
source "$(dirname "$0")/common.sh"

[ $# != 0 ] || stop "Name the databases: deploy/deploy.sh herne.db"
lock
platform
archive
need git "apt install git"
[ -x .venv/bin/python ] || stop "There is no environment: run scripts/environment.sh first."
flyctl secrets list | grep -q DATASETTE_SECRET ||
    stop "The app has no secret: run flyctl secrets set --stage DATASETTE_SECRET=\$(openssl rand -hex 32) once."
for database; do
    [ -r "$database" ] || stop "$database is missing or cannot be read: name the file of a finished crawl."
done
folder=build/release
rm -rf "$folder"
mkdir -p "$folder"
wanted=$(($(du -cLk "$@" | tail -n 1 | cut -f 1) * 2)) # the copy, and its compressed one
[ "$(df --output=avail -k "$folder" | tail -n 1)" -gt "$wanted" ] ||
    stop "The disk is too full: $((wanted / 1024)) MB are needed in $PWD/build."

commit=$(git describe --always --dirty --abbrev=8 --exclude '*')
name=$(date -u +%Y%m%dT%H%M%SZ)-$commit
deploy/build.sh site "$folder" "$name" "$@"
before=$(live) || before=
hash=$(sha256sum "$folder/site/$(basename "$1")" | cut -d ' ' -f 1)
if [[ $before == *-"$commit $hash" && $commit != *-dirty ]]; then
    echo "This code with these data is published already: ${before% *}."
    exit 0
fi
.venv/bin/python deploy/smoke.py "$folder/site"

# Kept before it is published: what is live can always be restored.
for database in "$folder"/site/*.db; do
    zstd -q -T0 -9 "$database" -o "$folder/$(basename "$database").zst"
done
gh release create "$name" "$folder"/*.db.zst --title "$name" --notes "The databases of this release; deploy/nightly.sh goes on from them." ||
    stop "The databases could not be kept on GitHub (see above); nothing is published."
forget() { gh release delete "$1" --yes --cleanup-tag </dev/null; }

if ! flyctl deploy --remote-only --image-label "$name"; then
    forget "$name"
    stop "Fly did not take the release (see above); ${before:-no release} stays. flyctl status shows the machines."
fi
if ! .venv/bin/python deploy/smoke.py "$folder/site" --at "$SITE"; then
    [ -z "$before" ] || deploy/rollback.sh "${before% *}"
    forget "$name"
    stop "The release did not work on the web (see above)."
fi

kept | tail -n +4 | while read -r old; do forget "$old"; done
echo "Published: $name at $SITE"
