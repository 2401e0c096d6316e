"""Rows of spreadsheets: what every export shares; how one is sent is in ``responses``."""

from typing import Any

from import_export import resources

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class PlainResource(resources.ModelResource):
    """Rows of text and figures: no cell that a spreadsheet would run."""

    def export_field(self, field: Any, instance: Any, **kwargs: Any) -> Any:
        value = super().export_field(field, instance, **kwargs)
        # A name that begins like a formula must stay text in the spreadsheet.
        return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
