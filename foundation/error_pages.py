"""Error pages in Chinese: what happened, what to do; they ask the database nothing."""

from collections.abc import Callable
from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

_NO_REASON = "您的岗位没有打开这一页的权限。如需办理，请联系系统管理员。"
_BAD_REQUEST = "浏览器发来的内容不完整或不正确。请返回上一页刷新后再试。"
_NUMBER_IN_ADDRESS = (
    "网址里不能写证号、电话或账号：网址会留在浏览记录和日志里。这次没有查询；请打开页面，把号码填在查找框里再查。"
)
_TOO_BIG = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403, with the reason that the refusal gave."""
    reason = str(exception) if exception else ""
    return _page(request, "403", 403, reason=reason or _NO_REASON)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404, the same for what does not exist and for what lies in another area."""
    return _page(request, "404", 404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400; 413 where more was sent than the system takes."""
    if isinstance(exception, _TOO_BIG):
        return _page(request, "413", 413)
    return _page(request, "400", 400, reason=_BAD_REQUEST)


def unreadable_filter(request: HttpRequest, form: BaseForm) -> HttpResponse:
    """400 for an export whose filters cannot be read: nothing is exported, least of all everything."""
    faults = [f"“{form.fields[name].label}”{text}" for name, texts in form.errors.items() for text in texts]
    reason = f"筛选条件有误，没有导出：{''.join(faults)}请返回列表改正后再导出。"
    return _page(request, "400", HTTPStatus.BAD_REQUEST, reason=reason)


def number_in_address(request: HttpRequest) -> HttpResponse:
    """400 for an address that carries a person's number: nothing was looked up by it."""
    return _page(request, "400", HTTPStatus.BAD_REQUEST, reason=_NUMBER_IN_ADDRESS)


def too_many_requests(request: HttpRequest, *, seconds: int) -> HttpResponse:
    """429 for who asks too often, with how long to wait."""
    page = _page(request, "429", HTTPStatus.TOO_MANY_REQUESTS)
    page.headers["Retry-After"] = str(seconds)
    return page


def server_error(request: HttpRequest) -> HttpResponse:
    """500; the fault itself is in the log."""
    return _page(request, "500", 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without a valid token: a page left open too long."""
    return _page(request, "csrf", 403)


def wrong_method_middleware(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """405 as a page of ours: an address that only takes what a button sends was opened by itself."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or response.content:
            return response
        page = _page(request, "405", HTTPStatus.METHOD_NOT_ALLOWED)
        page.headers["Allow"] = response.headers.get("Allow", "")
        return page

    return middleware


def _page(request: HttpRequest, name: str, status: int, **context: str) -> HttpResponse:
    # A plain context: the processors would ask the database who is signed in.
    return HttpResponse(render_to_string(f"errors/{name}.html", {**context, "request": request}), status=status)
