"""The page that asks what a list is taken out in full for (完整导出), and the file."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone

from foundation.errors import NotPermitted, ServiceError
from foundation.pages import show_refusal
from foundation.responses import spreadsheet
from foundation.spreadsheets import PlainResource
from organizations.forms.reading import PurposeForm
from organizations.permissions import Permission
from organizations.services import export_in_full
from organizations.views.staff import staff_of

_PREFIX = "export"


def full_export_page(
    request: HttpRequest,
    resource: PlainResource,
    rows: QuerySet[Any],
    *,
    filters: QueryDict,
    name: str,
    words: str,
    back_url: str,
    permission: Permission = Permission.FULL_EXPORT,
    export: Callable[..., bytes] = export_in_full,
) -> HttpResponse:
    """Ask for the reason; with one, give the file.

    :param rows: only what the person may export in full.
    :param filters: what cut the list; sent along, never in the address, since it may be a person's number.
    :param words: what is exported, with ``{}`` for the number of rows.
    :param export: the service that makes the file, where more comes of it; takes what ``export_in_full`` takes.
    """
    now = timezone.now()
    is_asked = request.method == "POST" and f"{_PREFIX}-reason" in request.POST
    form = PurposeForm(request.POST if is_asked else None, prefix=_PREFIX, on=timezone.localdate(now))
    kept = [(key, value) for key, values in filters.lists() for value in values if value and not _is_own(key)]
    if is_asked and form.is_valid():
        query = QueryDict(mutable=True)
        for key, value in kept:
            query.appendlist(key, value)
        try:
            content = export(
                resource,
                rows,
                words=words,
                query=query.urlencode(),
                reason=form.given,
                permission=permission,
                by=staff_of(request),
                at=now,
            )
        except NotPermitted:
            raise
        except ServiceError as error:
            show_refusal(form, error)
        else:
            return spreadsheet(content, name=f"{name}-full-{timezone.localdate(now):%Y%m%d}")
    context = {"form": form, "kept": kept, "words": words.format(rows.count()), "back_url": back_url}
    return render(request, "organizations/full_export.html", context, status=422 if is_asked else 200)


def _is_own(key: str) -> bool:
    return key == "csrfmiddlewaretoken" or key.startswith(f"{_PREFIX}-")
