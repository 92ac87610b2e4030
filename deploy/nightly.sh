#!/usr/bin/env bash
# What every night does: takes the databases of the live release, updates them and publishes: deploy/nightly.sh [TOWN...]
# Settings: RATSDATEN_CONTACT (who is asking), CRAWL_OPTIONS (more for `scrapy crawl`, such as "-s UPDATE_BUDGET=500").
# shellcheck source=deploy/common.sh
source "$(dirname "$0")/common.sh"

[ $# != 0 ] || set -- herne
lock
platform
archive
[ -x .venv/bin/scrapy ] || stop "There is no environment: run scripts/environment.sh first."

folder=build/nightly
rm -rf "$folder"
mkdir -p "$folder"
name=$(live) # after a rollback not the latest
[ -n "$name" ] || stop "Nothing is published yet: publish the first release with deploy/deploy.sh herne.db"
echo "Going on from $name"
github release download "$name" --dir "$folder" --pattern '*.db.zst' ||
    stop "The databases of $name could not be fetched (see above); nothing is published. If they are not kept, use deploy/deploy.sh."
zstd -q -d --rm "$folder"/*.db.zst || stop "The databases of $name are damaged: publish good ones with deploy/deploy.sh."

for town; do
    [ -e "$folder/$town.db" ] || stop "The release $name has no $town.db: publish it once with deploy/deploy.sh."
    # shellcheck disable=SC2086 # options are words
    .venv/bin/scrapy crawl allris -a "town=$town" -a mode=update -s "DATABASE=$folder/$town.db" ${CRAWL_OPTIONS:-} ||
        stop "The update of $town failed (see above); nothing is published."
done
deploy/deploy.sh "$folder"/*.db
