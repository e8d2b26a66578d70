#!/bin/sh
# Installs the OData test server (SAP CAP with our own model) into a directory.
# Usage: install.sh <target directory>       Idempotent: nothing is done while the pins are unchanged.
set -eu
if [ $# -ne 1 ]; then echo "usage: $0 <target directory>" >&2; exit 2; fi
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../../../../../tests/peers/node.sh"
mkdir -p "$1"
target=$(cd "$1" && pwd)
pins=$(find "$here" "$here/../../../../../tests/peers/node.sh" -type f | LC_ALL=C sort | xargs cat | sha256sum | cut -d' ' -f1)
if [ "$(cat "$target/stamp" 2>/dev/null || true)" = "$pins" ]; then echo "odata: up to date in $target"; exit 0; fi
rm -f "$target/stamp"

find_node 20 "$target"

rm -rf "$target/db" "$target/srv"
cp -R "$here/package.json" "$here/package-lock.json" "$here/server.js" "$here/db" "$here/srv" "$target/"
# No install scripts: better-sqlite3, which CAP names but the rig does not use (it runs on sql.js), would be compiled.
(cd "$target" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
# The tests start the server by this link: they need not know where node came from.
ln -sfn "$node" "$target/node"
printf '%s' "$pins" > "$target/stamp"
echo "odata: ready in $target"
