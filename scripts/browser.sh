#!/usr/bin/env bash
# Makes sure that a Chromium is here for tests/test_browser.py; done at once where it is.
set -euo pipefail

! command -v chromium >/dev/null || exit 0

install="apt-get install -y --no-install-recommends chromium"
if [ "$(id -u)" = 0 ]; then sudo=; elif sudo -n true 2>/dev/null; then sudo=sudo; else
    echo "The browser tests need Chromium: run '$install' as root." >&2
    exit 1
fi
echo "Installing Chromium for the browser tests …"
$sudo apt-get update -qq
DEBIAN_FRONTEND=noninteractive $sudo $install -qq >/dev/null ||
    { echo "Chromium could not be installed (see above): run '$install' as root." >&2; exit 1; }
