#!/usr/bin/env bash
# Makes sure that a Chromium is here for the browser tests, and a font as wide as Arial, which charts are laid out for
# and Chromium only recommends; done at once where both are.
set -euo pipefail

! { command -v chromium && dpkg -s fonts-liberation; } >/dev/null 2>&1 || exit 0

install="apt-get install -y --no-install-recommends chromium fonts-liberation"
if [ "$(id -u)" = 0 ]; then sudo=; elif sudo -n true 2>/dev/null; then sudo=sudo; else
    echo "The browser tests need Chromium and a font: run '$install' as root." >&2
    exit 1
fi
echo "Installing Chromium and a font for the browser tests …"
$sudo apt-get update -qq
DEBIAN_FRONTEND=noninteractive $sudo $install -qq >/dev/null ||
    { echo "Chromium could not be installed (see above): run '$install' as root." >&2; exit 1; }
