#!/bin/sh
# Bring a production database up to this release: tables, reference data, static files. May be run again at any time.
set -e
cd "$(dirname "$0")/.."
python manage.py migrate --no-input
python manage.py grant_app_role
python manage.py load_county
for command in load_number_prefixes load_parameters load_terms load_retention; do
  if python manage.py help "$command" >/dev/null 2>&1; then python manage.py "$command"; fi
done
python manage.py collectstatic --no-input --verbosity 0
python manage.py check --deploy --database default --fail-level ERROR
