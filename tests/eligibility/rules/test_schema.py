"""The published schema is the reader's own."""

import io

from django.conf import settings
from django.core.management import call_command
from jsonschema import Draft202012Validator

from eligibility.rules import input_schema


def test_the_published_schema_is_current() -> None:
    out = io.StringIO()
    call_command("assess_schema", stdout=out)
    published = (settings.BASE_DIR / "docs" / "assess.schema.json").read_text(encoding="utf-8")
    assert published == out.getvalue(), "manage.py assess_schema > docs/assess.schema.json"


def test_the_schema_is_json_schema_2020_12() -> None:
    Draft202012Validator.check_schema(input_schema())
