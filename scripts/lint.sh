#!/usr/bin/env bash
# Runs every check, also after one has failed, and counts the failures.
cd "$(dirname "$0")/.." || exit 1
failures=0
run() {
  echo "== $*"
  "$@" || failures=$((failures + 1))
}
run .venv/bin/ruff format --check .
run .venv/bin/ruff check .
run .venv/bin/mypy .
run .venv/bin/lint-imports
run .venv/bin/python manage.py makemigrations --check --dry-run
echo "lint: $failures 项未通过"
[ "$failures" -eq 0 ]
