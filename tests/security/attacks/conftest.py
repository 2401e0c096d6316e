"""The two townships of the matrix, attacked by name: filters, pickers, smuggled fields, tokens."""

from tests.matrix.conftest import made, world

__all__ = ["made", "world"]
