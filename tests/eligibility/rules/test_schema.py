"""The published schema is the reader's own."""

import json

from django.conf import settings
from jsonschema import Draft202012Validator

from eligibility.rules import input_schema


def test_the_published_schema_is_the_readers() -> None:
    published = json.loads((settings.BASE_DIR / "docs" / "assess.schema.json").read_text(encoding="utf-8"))
    assert published == input_schema()


def test_the_schema_is_json_schema_2020_12() -> None:
    Draft202012Validator.check_schema(input_schema())
