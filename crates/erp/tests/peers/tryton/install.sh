#!/bin/sh
# Installs the Tryton test server into a directory and prepares its database once; the tests copy it.
# Usage: install.sh <target directory>       Idempotent: nothing is done while the pins are unchanged.
set -eu
if [ $# -ne 1 ]; then echo "usage: $0 <target directory>" >&2; exit 2; fi
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
target=$(cd "$1" && pwd)
pins=$(cat "$here/requirements.txt" "$here/set_up_tryton.py" "$here/trytond.conf" "$here/install.sh" | sha256sum | cut -d' ' -f1)
if [ "$(cat "$target/stamp" 2>/dev/null || true)" = "$pins" ]; then echo "tryton: up to date in $target"; exit 0; fi
rm -f "$target/stamp"
if [ ! -x "$target/venv/bin/python" ] || ! "$target/venv/bin/python" -c ''; then
    rm -rf "$target/venv"
    python3 -m venv "$target/venv"
fi
"$target/venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$here/requirements.txt"

rm -rf "$target/data"
mkdir -p "$target/data"
sed -e "s|@DATA@|$target/data|" -e "s|@PORT@|8000|" "$here/trytond.conf" > "$target/prepare.conf"
: > "$target/data/plant.sqlite"
umask 077
# The password guards a throw-away database on 127.0.0.1; the tests know it too.
printf 'millwright-test' > "$target/password"
admin="$target/venv/bin/trytond-admin"
TRYTONPASSFILE="$target/password" "$admin" -c "$target/prepare.conf" -d plant --all --email admin@plant.example
"$admin" -c "$target/prepare.conf" -d plant --activate-dependencies \
    -u party product stock stock_lot purchase purchase_request production project timesheet
"$target/venv/bin/python" "$here/set_up_tryton.py" "$target/prepare.conf"
printf '%s' "$pins" > "$target/stamp"
echo "tryton: ready in $target"
