"""What the workbench does around every request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from workbench.queries.kept_counts import forget_counts

_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def counts_middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Forget the person's kept numbers once they have acted; the page that answers the act itself counts too."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method in _SAFE:
            return get_response(request)
        before = request.user.pk
        if before:
            forget_counts(before)
        response = get_response(request)
        if request.user.pk:
            forget_counts(request.user.pk)
        return response

    return middleware
