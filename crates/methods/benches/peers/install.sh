#!/bin/sh
# Installs what simulation is measured beside, from PyPI, into a directory.
# Usage: install.sh <target directory>       Idempotent: nothing is done while the pins are unchanged.
set -eu
if [ $# -ne 1 ]; then echo "usage: $0 <target directory>" >&2; exit 2; fi
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
target=$(cd "$1" && pwd)
pins=$(cat "$here/requirements.txt" "$here/install.sh" | sha256sum | cut -d' ' -f1)
if [ "$(cat "$target/stamp" 2>/dev/null || true)" = "$pins" ]; then echo "numbers: up to date in $target"; exit 0; fi
rm -f "$target/stamp"
if [ ! -x "$target/venv/bin/python" ] || ! "$target/venv/bin/python" -c ''; then
    rm -rf "$target/venv"
    python3 -m venv "$target/venv"
fi
"$target/venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$here/requirements.txt"
printf '%s' "$pins" > "$target/stamp"
echo "numbers: ready in $target"
