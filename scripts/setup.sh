#!/usr/bin/env bash
# Set-up of one checkout: virtual environment, locked packages, secret files. Repeated runs change nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
kind=${1:-base}

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
  echo "需要 Python 3.11 或更高版本。请运行：apt-get install -y python3 python3-venv" >&2
  exit 1
fi
if [ ! -x .venv/bin/python ]; then
  "$python" -m venv .venv || { echo "无法建立虚拟环境。请运行：apt-get install -y python3-venv" >&2; exit 1; }
fi
.venv/bin/python -m pip install --quiet --disable-pip-version-check -r "requirements/$kind.txt"

mkdir -p var
if [ ! -s var/secret_key ]; then
  (umask 077 && .venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(50))' > var/secret_key)
fi
.venv/bin/python manage.py make_keys
