#!/usr/bin/env bash
# Run every check, also after one has failed, and say how many did.
cd "$(dirname "$0")/.." || exit 1
PATH="$PWD/.venv/bin:$PATH"

failures=0
check() {
  local name=$1 output
  shift
  if output=$("$@" 2>&1); then
    printf '  ✓ %s\n' "$name"
    grep '^跳过：' <<<"$output" | sed 's/^/    /'
  else
    failures=$((failures + 1))
    printf '  ✗ %s\n%s\n' "$name" "$output"
  fi
}

check "ruff format" ruff format --no-cache --check .
check "ruff" ruff check --no-cache .
check "djlint" djlint templates --check --lint --quiet
check "bandit" bandit --quiet --recursive --configfile pyproject.toml .
check "known vulnerabilities" python scripts/audit.py
check "deployment" scripts/check_deploy.sh
check "mypy" mypy .
check "import directions" lint-imports
check "migrations" python manage.py makemigrations --check --dry-run
check "state diagram" python manage.py state_diagram --check

if ((failures)); then
  echo "lint: $failures 项未通过"
  exit 1
fi
echo "lint: 全部通过"
