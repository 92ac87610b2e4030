#!/usr/bin/env bash
# The two parts of a release, made in a folder; the Dockerfile, deploy.sh and the tests call these same steps:
#   deploy/build.sh environment FOLDER               FOLDER/venv: pinned packages, compiled once, nothing to spare
#   deploy/build.sh site FOLDER RELEASE DATABASE...  FOLDER/site: the configuration folder with its databases, checked
set -euo pipefail
cd "$(dirname "$0")/.." # where it was called from is then $OLDPWD
umask 022 # whoever serves is another user

stop() { echo "$1" >&2; exit 1; }

environment() {
    local folder=$1 packages source
    python3 -m venv --clear "$folder/venv"
    # A copy: installing leaves files behind, and only this package is served.
    source=$(mktemp -d)
    cp -r pyproject.toml README.md ratsdaten "$source"
    "$folder/venv/bin/pip" install --quiet --no-cache-dir --disable-pip-version-check --constraint constraints.txt "$source" ||
        stop "The packages could not be installed (see above): check the network connection."
    rm -rf "$source"
    (cd / && "$folder/venv/bin/python" -c 'from ratsdaten.search.lexicon import lexicon; lexicon()')
    packages=$("$folder/venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    # What serving never needs: installers, other languages' dictionaries, tests.
    rm -rf "$packages"/{pip,pip-*,setuptools,setuptools-*,pkg_resources,_distutils_hack,distutils-precedence.pth}
    find "$packages/simplemma/strategies/dictionaries/data" -name '*.plzma' ! -name de.plzma -delete
    find "$packages" -name tests -type d -prune -exec rm -rf {} +
    "$folder/venv/bin/python" -m compileall -q "$packages"
}

site() {
    local folder=$1 release=$2 new=$1/site.new database datasette=$1/venv/bin/datasette
    shift 2
    [ $# != 0 ] || stop "Name the databases: deploy/build.sh site FOLDER RELEASE herne.db"
    [ -x "$datasette" ] || datasette=$PWD/.venv/bin/datasette
    [ -x "$datasette" ] || stop "There is no Datasette here: run scripts/environment.sh first."
    # Beside the old one, which stays if anything fails.
    rm -rf "$new"
    mkdir "$new"
    cp -rL metadata.yml towns.toml plugins templates static "$new"
    rm -rf "$new/plugins/__pycache__"
    cp deploy/settings.json "$new/settings.json"
    for database; do
        database=$(cd "$OLDPWD" && realpath -ms -- "$database")
        [ -f "$database" ] || stop "$database is missing: name the file of a finished crawl."
        [ ! -e "$database-wal" ] || stop "$database is being written: end the program that has it open, then try again."
        [ ! -e "$new/${database##*/}" ] || stop "Two databases are called ${database##*/}: name each once."
        cp "$database" "$new/" || stop "$database could not be copied (see above): make room in $folder."
        python3 deploy/sound.py "$new/${database##*/}"
    done
    echo "$release" >"$new/release.txt"
    # Counts, sizes and hashes: with this file Datasette knows that nobody writes to the databases.
    (cd "$new" && "$datasette" inspect --inspect-file inspect-data.json -- *.db)
    chmod -R u=rwX,go=rX "$new"
    rm -rf "$folder/site"
    mv "$new" "$folder/site"
}

case ${1:-} in
environment | site)
    [ $# != 1 ] || stop "Name the folder: deploy/build.sh $1 FOLDER"
    folder=$(cd "$OLDPWD" && mkdir -p "$2" && realpath "$2")
    "$1" "$folder" "${@:3}"
    ;;
*) stop "deploy/build.sh environment FOLDER | site FOLDER RELEASE DATABASE..." ;;
esac
