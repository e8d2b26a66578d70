#!/bin/sh
# Installs the peer of the bench of the stage (npm three) into a directory.
# Usage: install.sh <target directory>       Idempotent: nothing is done while the pins are unchanged.
set -eu
if [ $# -ne 1 ]; then echo "usage: $0 <target directory>" >&2; exit 2; fi
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../../../tests/peers/node.sh"
mkdir -p "$1"
target=$(cd "$1" && pwd)
pins=$(cat "$here/package.json" "$here/package-lock.json" "$here/install.sh" | sha256sum | cut -d' ' -f1)
if [ "$(cat "$target/stamp" 2>/dev/null || true)" = "$pins" ]; then echo "three: up to date in $target"; exit 0; fi
rm -f "$target/stamp"
find_node 18 "$target"
cp "$here/package.json" "$here/package-lock.json" "$target/"
(cd "$target" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
printf '%s' "$pins" > "$target/stamp"
echo "three: ready in $target"
