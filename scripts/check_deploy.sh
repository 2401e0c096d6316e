#!/usr/bin/env bash
# Django's deployment checks under production settings, with stand-ins for what only the county's servers have.
set -eu
cd "$(dirname "$0")/.."
keys=$(mktemp -d)
trap 'rm -rf "$keys"' EXIT
python scripts/keys.py make "$keys" >/dev/null
JIXI_PRODUCTION=1 JIXI_DEBUG=0 JIXI_ALLOWED_HOSTS=jiuzhu.example \
  JIXI_KEY_FILE="$keys/keys.json" JIXI_SECRET_KEY_FILE="$keys/secret_key" \
  DATABASE_URL=postgres://jixi:x@127.0.0.1/jixi REDIS_URL=redis://127.0.0.1:1/0 \
  python manage.py check --deploy --fail-level WARNING
