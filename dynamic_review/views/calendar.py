"""复核日历: what is due by month and village, the visiting tour, export, and what a clerk does with a plan."""

from datetime import date, timedelta

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from applications.rules.reviews import ReviewCause
from dynamic_review import services
from dynamic_review.forms.acts import PlanForm
from dynamic_review.forms.listing import REVIEW_LIST, DueFilter
from dynamic_review.models import ReviewDue
from dynamic_review.permissions import Permission, check_can_act
from dynamic_review.queries import dues
from dynamic_review.resources import ReviewDueResource
from dynamic_review.views.loading import REFUSED, load_award, staff_of
from foundation.access import grant
from foundation.error_pages import unreadable_filter
from foundation.errors import NotPermitted, ServiceError
from foundation.pages import deadline_lamp
from foundation.paging import page_of
from foundation.rates import EXPORTS_A_MINUTE, limited
from foundation.responses import spreadsheet
from foundation.trail import because
from organizations.models import Area
from organizations.models.records import AccessKind
from organizations.queries import list_tools, townships_for, villages_for, working_calendar
from organizations.services import export_list, record_access
from organizations.services.jobs import start_job

_MOST_TICKED = 100
_MONTHS_SHOWN = 13


@grant(Permission.VIEW_REVIEW)
def review_list(request: HttpRequest) -> HttpResponse:
    """复核日历: months with their load, villages, and the list of what is due."""
    staff, today = staff_of(request), timezone.localdate()
    form = _filter(request)
    is_readable = form.is_valid()
    tools = list_tools(staff, REVIEW_LIST, request.GET)
    found = _found(request, form) if is_readable else dues.visible_to(staff).none()
    page, calendar = page_of(request, found), working_calendar()
    places = dues.townships_seen(staff)
    township = _township(form, places) if is_readable else None
    rows = [
        (due, deadline_lamp(due.legal_due_on, working_days_left=calendar.between(today, due.legal_due_on), on=today))
        for due in page.object_list
    ]
    context = {
        "form": form,
        "tools": tools,
        "columns": tools.columns,
        "page": page,
        "rows": rows,
        "what": form.what if is_readable else "",
        "choices": [
            (_query(request, shown=key), label, is_readable and form.what == key) for key, label in dues.SHOWN.items()
        ],
        "township": township,
        "mine": staff.area_ids(Permission.MANAGE_REVIEWS),
        "may_manage": staff.may(Permission.MANAGE_REVIEWS),
        "may_confirm": staff.may(Permission.CONFIRM, Permission.CONFIRM_DELEGATED),
        "may_export": staff.may(Permission.EXPORT),
        "causes": {cause.value: cause.label for cause in ReviewCause},
        "today": today,
        "plan_until": today + timedelta(days=365),
    }
    if township is not None:
        context |= _loads(request, township, today)
    return render(request, "dynamic_review/list.html", context, status=200 if is_readable else REFUSED)


def _loads(request: HttpRequest, township: Area, today: date) -> dict[str, object]:
    """Months as bars and villages of one township; each number is the way to its list."""
    rows = dues.visible_to(staff_of(request)).filter(award__area__code__startswith=township.code)
    months = dues.month_loads(rows, townships=[township], on=today)[:_MONTHS_SHOWN]
    most = max([1, *(max(month.planned, month.legal) for month in months)])
    place = township.code
    return {
        "months": [
            (month, round(month.planned * 100 / most), round(month.legal * 100 / most), f"month={month.first:%Y-%m}")
            for month in months
        ],
        "month_rest": f"township={place}&shown=all",
        "villages": dues.village_loads(rows),
        "foreseen": len(dues.foreseen_late([township], on=today)),
    }


@grant(Permission.EXPORT)
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Excel of exactly what is filtered (导出名单): on record; the filters stand in the address."""
    staff, now = staff_of(request), timezone.now()
    form = _filter(request)
    if not form.is_valid():
        return unreadable_filter(request, form)
    found = _found(request, form).filter(award__area_id__in=staff.area_ids(Permission.EXPORT))
    content = export_list(
        ReviewDueResource(), found, words="导出复核名单{}户", query=request.GET.urlencode(), by=staff, at=now
    )
    return spreadsheet(content, name=f"reviews-{timezone.localdate(now):%Y%m%d}")


@grant(Permission.MANAGE_REVIEWS)
@require_POST
@never_cache
def tour(request: HttpRequest) -> HttpResponse:
    """走访名单 of a village, by day of the plan, to print or to carry on the phone: on record."""
    staff, today = staff_of(request), timezone.localdate()
    village = get_object_or_404(
        villages_for(staff, Permission.MANAGE_REVIEWS), code=request.POST.get("village", "")[:12]
    )
    rows = list(dues.listed(staff, on=today, shown="todo", village=village.code)[:_MOST_TICKED])
    if not rows:
        messages.error(request, f"{village.short_name}现在没有应办理的复核。")
        return redirect("dynamic_review:list")
    record_access(
        kind=AccessKind.DOCUMENT,
        staff=staff,
        at=timezone.now(),
        subject_type="area",
        subject_id=village.pk,
        reason=f"打印复核走访名单{len(rows)}户",
    )
    context = {"village": village, "rows": rows, "today": today}
    return render(
        request, "dynamic_review/tour.html", context | {"causes": {cause.value: cause.label for cause in ReviewCause}}
    )


@grant(Permission.MANAGE_REVIEWS)
@require_POST
def chosen(request: HttpRequest) -> HttpResponse:
    """What is done with the families ticked: accept or change their plan, or open their reviews in the background."""
    staff, today = staff_of(request), timezone.localdate()
    back = _back(request)
    keys = {int(key) for key in request.POST.getlist("dues") if key.isdecimal() and len(key) < 12}
    rows = list(dues.visible_to(staff).filter(pk__in=list(keys)[:_MOST_TICKED]).select_related("award__area"))
    form = PlanForm(request.POST, keys=[row.pk for row in rows])
    if not form.is_valid():
        messages.error(request, str(next(iter(form.errors.values()))[0]))
        return redirect(back)
    for row in rows:
        check_can_act(staff, Permission.MANAGE_REVIEWS, area=row.award.area)
    if request.POST.get("act") == "open":
        return _open_many(request, rows, back)
    try:
        with because("确认排期"):
            number = services.keep_plans(rows, planned_on=form.cleaned_data["planned_on"], by=staff, on=today)
    except NotPermitted:
        raise
    except ServiceError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"已确认{number}户的排期，夜间不再自动调整。")
    return redirect(back)


def _open_many(request: HttpRequest, rows: list[ReviewDue], back: str) -> HttpResponse:
    keys = sorted(row.pk for row in rows)
    try:
        job = start_job(
            "dynamic_review.open",
            title=f"发起复核{len(keys)}户",
            parameters={"dues": keys},
            by=staff_of(request),
            at=timezone.now(),
        )
    except ServiceError as error:
        messages.error(request, error.message)
        return redirect(back)
    return redirect("organizations:job", pk=job.pk)


@grant(Permission.MANAGE_REVIEWS)
@require_POST
def relevel(request: HttpRequest) -> HttpResponse:
    """重新排期: every visit of a township that the clerk has not accepted is planned anew."""
    staff = staff_of(request)
    township = get_object_or_404(
        townships_for(staff, Permission.MANAGE_REVIEWS), code=request.POST.get("township", "")[:9]
    )
    with because("重新排期"):
        number = services.plan_township(township, on=timezone.localdate(), anew=True)
    messages.success(request, f"{township.name}已重新排期，{number}户的日期有变动；已确认的排期没有动。")
    return redirect(f"{reverse('dynamic_review:list')}?township={township.code}")


@grant(Permission.MANAGE_REVIEWS)
@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """发起复核 of one award; the case opened is the next page."""
    award = load_award(request, pk)
    try:
        with because("发起复核"):
            case = services.start_review(award, by=staff_of(request), on=timezone.localdate())
    except NotPermitted:
        raise
    except ServiceError as error:
        messages.error(request, error.message)
        return redirect(_back(request))
    messages.success(request, f"已发起复核，办件编号{case.number}。")
    return redirect("applications:detail", pk=case.pk)


def _back(request: HttpRequest) -> str:
    """The page of this site that the act came from."""
    asked = request.POST.get("back", "")
    if asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None):
        return asked
    return reverse("dynamic_review:list")


def _filter(request: HttpRequest) -> DueFilter:
    staff = staff_of(request)
    return DueFilter(
        request.GET, townships=dues.townships_seen(staff), villages=villages_for(staff, Permission.VIEW_REVIEW)
    )


def _found(request: HttpRequest, form: DueFilter) -> QuerySet[ReviewDue]:
    sort = request.GET.get("sort", "")
    return dues.listed(staff_of(request), on=timezone.localdate(), sort=sort, **form.wanted)


def _township(form: DueFilter, places: list[Area]) -> Area | None:
    """The one township whose months are shown: chosen, or the only one."""
    asked = form.cleaned_data["township"]
    if len(places) == 1:
        return places[0]
    return next((place for place in places if place.code == asked), None)


def _query(request: HttpRequest, **changed: str) -> str:
    """The list's address with something else, the other filters kept."""
    query = request.GET.copy()
    query.pop("page", None)
    for name, value in changed.items():
        query[name] = value
    return query.urlencode()
