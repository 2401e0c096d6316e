"""Means checks: open requests by urgency, one check, answering it, telling the family."""

from typing import Any, cast

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from foundation.access import grant
from foundation.error_pages import unreadable_filter
from foundation.errors import NotPermitted, ServiceError
from foundation.pages import deadline_lamp, show_refusal
from foundation.paging import page_of
from foundation.rates import EXPORTS_A_MINUTE, REVEALS_A_MINUTE, limited
from foundation.responses import spreadsheet
from households.queries import current_members
from households.services import reveal as reveal_value
from organizations.forms.reading import PurposeForm
from organizations.models import Staff
from organizations.queries import list_tools, working_calendar
from organizations.services import export_list
from verification import queries, services
from verification.forms import CHECK_LIST, AnswerForm, FindingRows, MeansCheckFilter, TellForm
from verification.models import MeansCheck, MeansCheckResult, MeansCheckState
from verification.permissions import Permission, can_act
from verification.resources import MeansCheckResource

VIEWERS = (Permission.VIEW_CASE, Permission.ANSWER_MEANS_CHECK)


def _staff(request: HttpRequest) -> Staff:
    return cast("Staff", request.user)


def _check_or_404(request: HttpRequest, pk: int) -> MeansCheck:
    checks = queries.visible_to(_staff(request)).select_related(
        "household__area__parent", "requested_by", "answered_by", "consent__scan"
    )
    return get_object_or_404(checks, pk=pk)


@grant(*VIEWERS)
def check_list(request: HttpRequest) -> HttpResponse:
    """Means checks (信息核对), open ones first and most urgent."""
    staff, today = _staff(request), timezone.localdate()
    form = MeansCheckFilter(request.GET, townships=queries.townships_of_checks(staff))
    is_readable = form.is_valid()
    tools = list_tools(staff, CHECK_LIST, request.GET)
    state = form.state_shown if is_readable else ""
    page = page_of(request, _found(request, form) if is_readable else queries.visible_to(staff).none())
    calendar = working_calendar()
    context = {
        "form": form,
        "tools": tools,
        "columns": tools.columns,
        "page": page,
        "rows": [(check, _lamp(check, calendar, today)) for check in page.object_list],
        "state": state,
        "states": [(_state_query(request, value), label, value == state) for value, label in MeansCheckState.choices],
        "may_answer": staff.may(Permission.ANSWER_MEANS_CHECK),
        "may_export": staff.may(Permission.EXPORT),
    }
    return render(request, "verification/list.html", context, status=200 if is_readable else 422)


@grant(Permission.EXPORT)
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Excel of exactly what is filtered (导出名单): on record; the filters stand in the address."""
    staff, now = _staff(request), timezone.now()
    form = MeansCheckFilter(request.GET, townships=queries.townships_of_checks(staff))
    if not form.is_valid():
        return unreadable_filter(request, form)
    checks = _found(request, form).filter(household__area_id__in=staff.area_ids(Permission.EXPORT))
    content = export_list(
        MeansCheckResource(),
        checks,
        words="导出核对名单{}次",
        query=request.GET.urlencode(),
        by=staff,
        at=now,
    )
    return spreadsheet(content, name=f"means-checks-{timezone.localdate(now):%Y%m%d}")


def _found(request: HttpRequest, form: MeansCheckFilter) -> QuerySet[MeansCheck]:
    chosen = form.cleaned_data
    return queries.listed(
        _staff(request),
        state=form.state_shown,
        township=chosen["township"],
        result=chosen["result"],
        sort=request.GET.get("sort", ""),
    )


def _state_query(request: HttpRequest, state: str) -> str:
    """The list's address with another state, the other filters kept."""
    query = request.GET.copy()
    query.pop("page", None)
    query["state"] = state
    return query.urlencode()


def _lamp(check: MeansCheck, calendar: Any, today: Any) -> Any:
    if check.state != MeansCheckState.REQUESTED:
        return None
    left = calendar.between(today, check.due_on)
    return deadline_lamp(check.due_on, working_days_left=left, on=today, provisional=check.due_is_provisional)


@grant(*VIEWERS)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One means check with its findings."""
    check = _check_or_404(request, pk)
    return _page(request, check, tell=TellForm())


def _page(request: HttpRequest, check: MeansCheck, *, tell: TellForm, status: int = 200) -> HttpResponse:
    staff, today = _staff(request), timezone.localdate()
    area = check.household.area
    is_open = check.state == MeansCheckState.REQUESTED
    context = {
        "check": check,
        "findings": check.findings.select_related("member__person", "report"),
        "members": list(current_members(check.household)),
        "supporters": check.consent.signers.filter(supporter__isnull=False).select_related("supporter__member__person"),
        "lamp": _lamp(check, working_calendar(), today),
        "may_answer": is_open and can_act(staff, Permission.ANSWER_MEANS_CHECK, area=area),
        "may_withdraw": is_open and can_act(staff, Permission.REQUEST_MEANS_CHECK, area=area),
        "may_tell": check.result == MeansCheckResult.ALERT and can_act(staff, Permission.INVESTIGATE, area=area),
        "may_open_family": can_act(staff, Permission.VIEW_HOUSEHOLD, area=area),
        "may_reveal": can_act(staff, Permission.REVEAL_IDENTITY, area=area),
        "reveal_form": PurposeForm(prefix="reveal", on=timezone.localdate()),
        "tell_form": tell,
    }
    return render(request, "verification/detail.html", context, status=status)


@grant(Permission.ANSWER_MEANS_CHECK)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter the result by hand (回填核对结果)."""
    check, staff = _check_or_404(request, pk), _staff(request)
    posted = request.method == "POST"
    members = list(current_members(check.household))
    form = AnswerForm(request.POST if posted else None, is_late=timezone.localdate() > check.due_on)
    rows: Any = FindingRows(request.POST if posted else None, prefix="findings", form_kwargs={"members": members})
    if posted and all([form.is_valid(), rows.is_valid()]):
        try:
            services.answer_means_check(
                check, **form.cleaned_data, findings=rows.findings(), by=staff, on=timezone.localdate()
            )
        except NotPermitted:
            raise
        except ServiceError as error:
            show_refusal(form, error)
        else:
            messages.success(request, "核对结果已回填。")
            return redirect("verification:detail", pk=check.pk)
    context = {
        "check": check,
        "members": members,
        "form": form,
        "rows": rows,
        "may_reveal": can_act(staff, Permission.REVEAL_IDENTITY, area=check.household.area),
        "reveal_form": PurposeForm(prefix="reveal", on=timezone.localdate()),
    }
    return render(request, "verification/answer.html", context)


@grant(Permission.INVESTIGATE)
@require_POST
def tell(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that the family was told of a difference (告知申请人)."""
    check = _check_or_404(request, pk)
    form = TellForm(request.POST)
    if form.is_valid():
        try:
            services.tell_family(check, **form.cleaned_data, by=_staff(request), on=timezone.localdate())
        except NotPermitted:
            raise
        except ServiceError as error:
            show_refusal(form, error)
        else:
            messages.success(request, "已记录告知和申请人说明。")
            return redirect("verification:detail", pk=check.pk)
    return _page(request, check, tell=form, status=422)


@grant(Permission.REQUEST_MEANS_CHECK)
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a request that is not answered (撤回核对)."""
    check = _check_or_404(request, pk)
    try:
        services.withdraw_means_check(check, by=_staff(request))
    except NotPermitted:
        raise
    except ServiceError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "核对请求已撤回。")
    return redirect("verification:detail", pk=check.pk)


@grant(Permission.REVEAL_IDENTITY)
@limited("reveal", a_minute=REVEALS_A_MINUTE)
@require_POST
@transaction.atomic
def reveal(request: HttpRequest, pk: int, member_pk: int) -> HttpResponse:
    """Show a member's ID number in full to who has to look it up (查看完整证号), recorded."""
    check = _check_or_404(request, pk)
    member = get_object_or_404(current_members(check.household), pk=member_pk)
    form = PurposeForm(request.POST, prefix="reveal", on=timezone.localdate())
    shown = None
    if form.is_valid():
        try:
            shown = reveal_value(
                member.person.id_number,
                area=check.household.area,
                subject=("member", member.pk),
                person_ids=[member.person_id],
                reason=form.given,
                by=_staff(request),
                at=timezone.now(),
            )
        except NotPermitted:
            raise
        except ServiceError as error:
            show_refusal(form, error)
    template = "households/_revealed.html" if request.htmx else "verification/reveal.html"  # type: ignore[attr-defined]
    context = {"check": check, "shown": shown, "value": member.person.id_number, "reveal_form": form}
    response = render(request, template, context, status=200 if shown or request.htmx else 422)  # type: ignore[attr-defined]
    response["Cache-Control"] = "no-store"
    return response
