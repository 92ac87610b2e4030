#!/usr/bin/env bash
# Publishes databases with the code as it is here: deploy/deploy.sh herne.db [MORE.db]
# Builds, asks the release every kind of page, keeps its databases, publishes, asks the site. What fails before the
# publication changes nothing; what fails in it is taken back.
# shellcheck source=deploy/common.sh
source "$(dirname "$0")/common.sh"

[ $# != 0 ] || stop "Name the databases: deploy/deploy.sh herne.db"
mapfile -t databases < <(cd "$OLDPWD" && realpath -ms -- "$@")
lock
platform
archive
need git "apt install git"
[ -x .venv/bin/python ] || stop "There is no environment: run scripts/environment.sh first."
fly secrets list | grep DATASETTE_SECRET >/dev/null ||
    stop "The app has no secret: run flyctl secrets set --stage DATASETTE_SECRET=\$(openssl rand -hex 32) once."
for database in "${databases[@]}"; do
    [ -r "$database" ] || stop "$database is missing or cannot be read: name the file of a finished crawl."
done
folder=build/release
mkdir -p "$folder"
rm -f "$folder"/*.zst
wanted=$(($(du -cLk "${databases[@]}" | tail -n 1 | cut -f 1) * 2)) # the copy, and its compressed one
[ "$(df --output=avail -k "$folder" | tail -n 1)" -gt "$wanted" ] ||
    stop "The disk is too full: $((wanted / 1024)) MB are needed in $PWD/build."

commit=$(git describe --always --dirty --abbrev=8 --exclude '*')
name=$(date -u +%Y%m%dT%H%M%SZ)-$commit
deploy/build.sh site "$folder" "$name" "${databases[@]}"
hash=$(cd "$folder/site" && sha256sum -- *.db | sha256sum | cut -d ' ' -f 1) # of all of them, with their names
before=$(live)
if [[ $before == *-"$commit" && $commit != *-dirty ]] &&
    github release view "$before" --json body --jq .body | grep -F "$hash" >/dev/null; then
    echo "This code with these data is published already: $before."
    exit 0
fi
.venv/bin/python deploy/smoke.py "$folder/site"

# Kept before it is published: what is live can always be restored.
for database in "$folder"/site/*.db; do
    zstd -q -T0 -9 "$database" -o "$folder/${database##*/}.zst"
done
target=() # the tag stands at the published commit, if GitHub has it
[ -z "$(git branch --remotes --contains HEAD)" ] || target=(--target "$(git rev-parse HEAD)")
github release create "$name" "$folder"/*.db.zst --title "$name" "${target[@]}" \
    --notes "The databases of this release ($hash); deploy/nightly.sh goes on from them." ||
    stop "The databases could not be kept on GitHub (see above); nothing is published."
forget() {
    github release delete "$1" --yes --cleanup-tag </dev/null ||
        echo "The databases of $1 are still on GitHub (see above): gh release delete $1 --cleanup-tag" >&2
}

# Some machines may run it already. What perhaps stays live keeps its databases.
take_back() {
    [ -n "$before" ] || stop "$1 There is none before it: mend it and publish again."
    deploy/rollback.sh "$before" || stop "$1 Going back failed, too (see above), so $name may be live: flyctl status."
    forget "$name"
    stop "$1 $before is live again."
}
fly deploy --remote-only --image-label "$name" || take_back "Fly did not take the release (see above)."
.venv/bin/python deploy/smoke.py "$folder/site" --at "$SITE" || take_back "The release did not work on the web (see above)."

# The databases of the last three stay.
if last=$(past | sed -n '1,3s/ .*//p') && old=$(kept | grep -vxF -e "$name" -e "$last"); then
    for each in $old; do forget "$each"; done
fi
echo "Published: $name at $SITE"
