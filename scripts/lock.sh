#!/usr/bin/env bash
# Write requirements/*.txt from pyproject.toml: one resolution, cut to what serves, demonstrates and tests.
# With the oldest Python that we support (Debian 12's 3.11.2), so that packages only it needs are locked too.
set -euo pipefail
cd "$(dirname "$0")/.."

python=${PYTHON:-/usr/bin/python3}
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
"$python" -m venv "$tools"
"$tools/bin/pip" install --quiet "pip-tools>=7.6"

export CUSTOM_COMPILE_COMMAND="make lock"
compile() {
  "$tools/bin/pip-compile" --quiet --strip-extras --annotation-style=line \
    --no-emit-index-url --no-emit-find-links --no-emit-trusted-host "$@" pyproject.toml
}
compile --all-extras --output-file=requirements/test.txt "$@"
compile --constraint=requirements/test.txt --extra=demo --output-file=requirements/demo.txt
compile --constraint=requirements/test.txt --output-file=requirements/base.txt
