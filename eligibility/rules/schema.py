"""JSON Schema 2020-12 of the assessment's input (assess.schema.json), from the definitions that read it."""

from typing import Any

from eligibility.rules.document import HOUSEHOLD, REVIEW_KEYS, REVIEW_KEYS_REQUIRED
from eligibility.rules.parameter_document import PARAMETERS
from eligibility.rules.shapes import ObjectOf


def input_schema() -> dict[str, Any]:
    """The whole schema. What compares two values (ids, dates, ID numbers) only the reader can check."""
    definitions = {part.name: part.definition() for part in HOUSEHOLD.parts()}
    household = definitions.pop(HOUSEHOLD.name)
    definitions["disability"] |= _components_of_multiple_only()
    definitions["whole_parameters"] = _whole(PARAMETERS)
    household["properties"]["members"] |= _exactly_one_head()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **household,
        "allOf": [_review_keys(), _area_or_whole_parameters()],
        "$defs": definitions,
    }


def _components_of_multiple_only() -> dict[str, Any]:
    return {
        "if": {"required": ["components"]},
        "then": {"properties": {"kind": {"const": "multiple"}}},
    }


def _exactly_one_head() -> dict[str, Any]:
    head = {"properties": {"relation": {"const": "head"}}, "required": ["relation"]}
    return {"contains": head, "minContains": 1, "maxContains": 1}


def _review_keys() -> dict[str, Any]:
    return {
        "if": {"properties": {"event": {"const": "review"}}, "required": ["event"]},
        "then": {"required": list(REVIEW_KEYS_REQUIRED)},
        "else": {"properties": dict.fromkeys(REVIEW_KEYS, False)},
    }


def _area_or_whole_parameters() -> dict[str, Any]:
    whole = {"properties": {"parameters": {"$ref": "#/$defs/whole_parameters"}}, "required": ["parameters"]}
    return {"anyOf": [{"required": ["area"]}, whole]}


def _whole(shape: ObjectOf) -> dict[str, Any]:
    """Every key there, in depth."""
    inner = {name: key.shape for name, key in shape.keys.items() if isinstance(key.shape, ObjectOf)}
    properties = {"properties": {name: _whole(part) for name, part in inner.items()}} if inner else {}
    return {"required": list(shape.keys), **properties}
