"""Lists by pages of 20, 50 or 100 rows, counted and cut by the database."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest

PAGE_SIZES = (20, 50, 100)


def page_of(request: HttpRequest, rows: Any) -> "Page[Any]":
    """The page that ``?page=`` and ``?size=`` ask for; what makes no sense gives the nearest page.

    :param rows: an ordered queryset or a sequence.
    """
    size = request.GET.get("size", "")
    chosen = int(size) if size in {str(allowed) for allowed in PAGE_SIZES} else PAGE_SIZES[0]
    return Paginator(rows, chosen).get_page(request.GET.get("page"))
