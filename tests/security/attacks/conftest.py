"""The two townships of the matrix, attacked by name: filters, pickers, smuggled fields, tokens."""

import pytest

from tests.matrix.conftest import made, world

__all__ = ["made", "world"]


@pytest.fixture(autouse=True)
def _this_day() -> None:
    """The morning on which the two townships were made holds for the whole package."""
