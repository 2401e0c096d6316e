"""Addresses of pages, as far as they exist."""

from typing import Any
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse


def url_or_nothing(name: str, *args: Any, **query: str) -> str:
    """The address of a page, with a query; empty while the page does not exist."""
    try:
        url = reverse(name, args=args)
    except NoReverseMatch:
        return ""
    return f"{url}?{urlencode(query)}" if query else url
