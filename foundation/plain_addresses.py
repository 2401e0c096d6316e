"""Addresses name nobody: one that carries a person's number is not worked on, and says where the number belongs.

Addresses stay in browser histories, bookmarks, proxies' logs and the Referer of the next request; what is sent by a
form's POST does not.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, QueryDict

from foundation.error_pages import number_in_address
from foundation.personal_numbers import holds_number


def plain_address_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """400 for an address with what looks like an ID number, a mobile phone or an account in its query."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if holds_number(text for values in request.GET.lists() for text in (values[0], *values[1])):
            request.GET, request.META["QUERY_STRING"] = QueryDict(), ""  # links of the answer would carry it on
            return number_in_address(request)
        return get_response(request)

    return middleware
