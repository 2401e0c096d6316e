"""到期可归档 and 归档库: archiving by hand, reading an archived file with a reason, taking it back."""

from typing import Any, cast

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.models import Case, CaseDocument
from benefits.models import Award
from documents.models import Document
from foundation.access import grant
from foundation.error_pages import unreadable_filter
from foundation.errors import NotPermitted, ServiceError
from foundation.pages import show_refusal
from foundation.paging import page_of
from foundation.rates import EXPORTS_A_MINUTE, limited
from foundation.responses import spreadsheet
from foundation.spreadsheets import PlainResource
from foundation.trail import because
from households.models import Household
from households.queries import attachments_of, current_members, head_of
from organizations.forms.reading import PurposeForm
from organizations.models import Staff
from organizations.models.records import AccessKind
from organizations.permissions import Permission
from organizations.queries import list_tools
from organizations.services import export_list, record_access
from supervision import services
from supervision.forms import (
    ARCHIVE_LIST,
    DUE_AID_LIST,
    DUE_LIST,
    LARGEST_BATCH,
    ArchiveFilter,
    TakeBackForm,
    TownshipFilter,
)
from supervision.models import Archiving
from supervision.queries.retention import aids_due_for_archiving, archived_families, due_for_archiving, list_archive
from supervision.resources import ArchiveResource, DueAidResource, DueResource

_UNREADABLE = 422
_NAV = {"nav_key": "archive"}


@grant(Permission.MANAGE_ARCHIVE)
@require_safe
def due(request: HttpRequest) -> HttpResponse:
    """Families whose file may leave the working lists, to be ticked and archived."""
    staff = cast("Staff", request.user)
    form = TownshipFilter(request.GET, staff=staff)
    is_readable = form.is_valid()
    rows = (
        due_for_archiving(staff, on=timezone.localdate(), **form.cleaned_data)
        if is_readable
        else Household.objects.none()
    )
    context = {
        "form": form,
        "page": page_of(request, rows),
        "tools": list_tools(staff, DUE_LIST, request.GET),
        "may_export": staff.may(Permission.EXPORT),
        "query": request.GET.urlencode(),
        **_NAV,
    }
    return render(request, "supervision/due.html", context, status=200 if is_readable else _UNREADABLE)


@grant(Permission.MANAGE_ARCHIVE)
@require_safe
def due_aids(request: HttpRequest) -> HttpResponse:
    """临时救助 of people without a family's record whose papers may go to the archive."""
    staff = cast("Staff", request.user)
    form = TownshipFilter(request.GET, staff=staff)
    is_readable = form.is_valid()
    found = aids_due_for_archiving(staff, on=timezone.localdate(), **(form.cleaned_data if is_readable else {}))
    context = {
        "form": form,
        "page": page_of(request, found if is_readable else found.none()),
        "tools": list_tools(staff, DUE_AID_LIST, request.GET),
        "may_export": staff.may(Permission.EXPORT),
        "query": request.GET.urlencode(),
        **_NAV,
    }
    return render(request, "supervision/due_aids.html", context, status=200 if is_readable else _UNREADABLE)


@grant(Permission.MANAGE_ARCHIVE)
@require_POST
def archive_chosen(request: HttpRequest) -> HttpResponse:
    """Show what is about to be archived; the second press archives all of it or nothing."""
    staff, now = cast("Staff", request.user), timezone.now()
    today = timezone.localdate(now)
    asked = [int(pk) for pk in request.POST.getlist("chosen")[:LARGEST_BATCH] if pk.isdecimal()]
    families = list(due_for_archiving(staff, on=today).filter(pk__in=asked))
    if not families or len(families) < len(set(asked)):
        messages.error(request, "没有归档：请勾选列表里的家庭；有的可能已经归档或有了新的办件，请看最新的列表。")
        return redirect("supervision:due")
    if "confirmed" in request.POST:
        try:
            with because("归档"):
                made = services.archive([household.pk for household in families], by=staff, on=today, at=now)
        except NotPermitted:
            raise
        except ServiceError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, f"已归档{len(made)}户。需要时可以在归档库里恢复。")
        return redirect("supervision:due")
    return render(request, "supervision/archive_chosen.html", {"families": families, **_NAV})


@grant(Permission.MANAGE_ARCHIVE, Permission.VIEW_TRAIL)
@require_safe
def archive_list(request: HttpRequest) -> HttpResponse:
    """The archive (归档库): which family, since when, kept until when."""
    staff = cast("Staff", request.user)
    form = ArchiveFilter(request.GET, staff=staff)
    is_readable = form.is_valid()
    rows = list_archive(staff, **form.cleaned_data) if is_readable else Archiving.objects.none()
    context = {
        "form": form,
        "page": page_of(request, rows),
        "tools": list_tools(staff, ARCHIVE_LIST, request.GET),
        "may_export": staff.may(Permission.EXPORT),
        "may_archive": staff.may(Permission.MANAGE_ARCHIVE),
        "query": request.GET.urlencode(),
        **_NAV,
    }
    return render(request, "supervision/archive.html", context, status=200 if is_readable else _UNREADABLE)


@grant(Permission.MANAGE_ARCHIVE, Permission.VIEW_TRAIL)
@require_http_methods(["GET", "POST"])
@never_cache
def archived_family(request: HttpRequest, pk: int) -> HttpResponse:
    """An archived file, shown once a reason is given; the reading is on record."""
    staff = cast("Staff", request.user)
    household = get_object_or_404(archived_families(staff).select_related("area__parent"), pk=pk)
    now = timezone.now()
    is_sent = request.method == "POST"
    form = PurposeForm(request.POST if is_sent else None, on=timezone.localdate(now))
    is_readable = not is_sent or form.is_valid()
    context = {"household": household, "head": head_of(household), "form": form, **_NAV}
    if is_sent and is_readable:
        record_access(
            kind=AccessKind.ARCHIVED_FILE,
            staff=staff,
            at=now,
            subject_type="household",
            subject_id=household.pk,
            purpose=form.given.purpose,
            reason=form.given.words,
        )
        context |= {
            "members": current_members(household),
            "cases": Case.objects.filter(household=household),
            "awards": Award.objects.filter(household=household).prefetch_related("versions"),
            "papers": Document.objects.filter(
                pk__in=CaseDocument.objects.filter(case__household=household).values("document")
            ).order_by("-pk"),
            "attachments": attachments_of(household),
            "archivings": household.archivings.select_related("archived_by", "taken_back_by"),
            "may_see_uses": household.area_id in staff.area_ids(Permission.VIEW_DATA_USES),
            "may_archive": household.area_id in staff.area_ids(Permission.MANAGE_ARCHIVE),
        }
    return render(request, "supervision/archived.html", context, status=200 if is_readable else _UNREADABLE)


@grant(Permission.MANAGE_ARCHIVE)
@require_http_methods(["GET", "POST"])
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a family back into the working lists (从归档库恢复)."""
    staff, now = cast("Staff", request.user), timezone.now()
    found = archived_families(staff).filter(area_id__in=staff.area_ids(Permission.MANAGE_ARCHIVE))
    household = get_object_or_404(found, pk=pk)
    form = TakeBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        archiving = household.archivings.get(taken_back_on=None)
        try:
            with because("从归档库恢复", form.cleaned_data["reason"]):
                services.take_back(
                    archiving, reason=form.cleaned_data["reason"], by=staff, on=timezone.localdate(now), at=now
                )
        except NotPermitted:
            raise
        except ServiceError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"家庭{household.number}已恢复，可以照常办理。")
            return redirect("households:detail", pk=household.pk)
    context = {
        "title": "从归档库恢复",
        "family": f"{head_of(household).person}家庭 {household.number}",
        "effect": "恢复后回到家庭、办件列表，可以照常办理；以后满期可以再归档。",
        "action_label": "恢复",
        "cancel_url": reverse("supervision:archive"),
        "form": form,
        **_NAV,
    }
    return render(request, "supervision/take_back.html", context)


@grant(Permission.EXPORT)
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_POST
def export_due(request: HttpRequest) -> HttpResponse:
    """Excel of the families that may be archived, as filtered; on record."""
    staff = cast("Staff", request.user)
    form = TownshipFilter(request.GET, staff=staff)
    if not form.is_valid():
        return unreadable_filter(request, form)
    rows = due_for_archiving(staff, on=timezone.localdate(), **form.cleaned_data)
    rows = rows.filter(area_id__in=staff.area_ids(Permission.EXPORT))
    return _exported(request, DueResource(), rows, words="导出到期可归档名单{}户", name="due-for-archiving")


@grant(Permission.EXPORT)
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_POST
def export_due_aids(request: HttpRequest) -> HttpResponse:
    """Excel of the aid whose papers may go to the archive, as filtered; on record."""
    staff = cast("Staff", request.user)
    form = TownshipFilter(request.GET, staff=staff)
    if not form.is_valid():
        return unreadable_filter(request, form)
    rows = aids_due_for_archiving(staff, on=timezone.localdate(), **form.cleaned_data)
    rows = rows.filter(area_id__in=staff.area_ids(Permission.EXPORT))
    return _exported(
        request, DueAidResource(), rows, words="导出到期可归档的临时救助{}件", name="aids-due-for-archiving"
    )


@grant(Permission.EXPORT)
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_POST
def export_archive(request: HttpRequest) -> HttpResponse:
    """Excel of the archive's list, as filtered; on record."""
    staff = cast("Staff", request.user)
    form = ArchiveFilter(request.GET, staff=staff)
    if not form.is_valid():
        return unreadable_filter(request, form)
    rows = list_archive(staff, **form.cleaned_data)
    rows = rows.filter(household__area_id__in=staff.area_ids(Permission.EXPORT))
    return _exported(request, ArchiveResource(), rows, words="导出归档库目录{}户", name="archive")


def _exported(
    request: HttpRequest, resource: PlainResource, rows: QuerySet[Any], *, words: str, name: str
) -> HttpResponse:
    now = timezone.now()
    content = export_list(
        resource, rows, words=words, query=request.GET.urlencode(), by=cast("Staff", request.user), at=now
    )
    return spreadsheet(content, name=f"{name}-{timezone.localdate(now):%Y%m%d}")
