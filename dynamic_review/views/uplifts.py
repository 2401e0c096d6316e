"""Pages of uplifts (提标): enter, look at the preview, approve by two, carry out, roll back."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dynamic_review import services
from dynamic_review.forms.uplifts import UPLIFT_LINES, LineFilter, OpinionForm, ReasonForm, UpliftForm
from dynamic_review.models import APPROVALS, Uplift, UpliftState
from dynamic_review.models.uplifts import APART
from dynamic_review.permissions import Permission
from dynamic_review.queries import uplifts as queries
from dynamic_review.queries.making_good import MADE_GOOD_IN, made_good_of
from dynamic_review.queries.uplift_notices import notices_of
from dynamic_review.resources import UpliftLineResource
from dynamic_review.views.uplift_acts import REFUSED, attempt, staff_of
from eligibility.models import Parameter
from foundation.access import grant
from foundation.error_pages import unreadable_filter
from foundation.errors import ServiceError
from foundation.pages import Step
from foundation.paging import page_of
from foundation.rates import EXPORTS_A_MINUTE, limited
from foundation.responses import private_file, spreadsheet
from organizations.models import Job, Staff
from organizations.models.records import AccessKind
from organizations.queries import list_tools, townships
from organizations.services import export_list, record_access

_STEPS = (
    (UpliftState.ENTERED, "录入"),
    (UpliftState.PREVIEWED, "测算"),
    (UpliftState.APPROVED, "两人审批"),
    (UpliftState.APPLIED, "执行"),
)
_REACHED = {
    UpliftState.ENTERED: 1,
    UpliftState.PREVIEWED: 2,
    UpliftState.APPROVED: 3,
    UpliftState.APPLYING: 3,
    UpliftState.APPLIED: 4,
    UpliftState.ROLLING_BACK: 4,
    UpliftState.ROLLED_BACK: 4,
    UpliftState.WITHDRAWN: 1,
}
_AFTER = (UpliftState.APPLIED, UpliftState.ROLLING_BACK, UpliftState.ROLLED_BACK)
"""When an uplift may have notices."""
_TONES = {
    UpliftState.APPLIED: "good",
    UpliftState.ROLLED_BACK: "late",
    UpliftState.WITHDRAWN: "",
}


@grant(Permission.ENTER_UPLIFT, Permission.APPROVE_UPLIFT)
@require_safe
def uplift_list(request: HttpRequest) -> HttpResponse:
    """提标, the newest first."""
    staff = staff_of(request)
    page = page_of(request, queries.uplifts_visible_to(staff))
    context = {
        "page": page,
        "rows": [(uplift, _tone(uplift)) for uplift in page],
        "may_enter": staff.may(Permission.ENTER_UPLIFT),
        "may_what_if": staff.may(Permission.VIEW_WHAT_IF),
    }
    return _render(request, "dynamic_review/uplifts.html", context)


@grant(Permission.ENTER_UPLIFT)
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """录入提标: on which approved figures."""
    staff, today = staff_of(request), timezone.localdate()
    form = UpliftForm(request.POST or None, figures=queries.figures_to_rest_on(on=today))
    if request.method == "POST" and form.is_valid():
        made = attempt(form, "录入提标", lambda: services.enter_uplift(**form.facts(), by=staff, on=today))
        if made is not None:
            messages.success(request, f"{made.number}已录入，请开始测算。")
            return redirect("dynamic_review:uplift", pk=made.pk)
    return _render(request, "dynamic_review/uplift_form.html", {"form": form}, status=REFUSED if form.is_bound else 200)


@grant(Permission.ENTER_UPLIFT, Permission.APPROVE_UPLIFT)
@never_cache
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One uplift: what it rests on, whom it touches and how much, who approved it."""
    return _page(request, _load(request, pk))


@grant(Permission.ENTER_UPLIFT)
@require_POST
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """开始测算."""
    uplift, now = _load(request, pk), timezone.now()
    form = forms.Form(request.POST)
    job = attempt(form, "测算提标", lambda: services.start_preview(uplift, by=staff_of(request), at=now))
    return _to_job(request, uplift, job) if job is not None else _page(request, uplift, refused=form)


@grant(Permission.APPROVE_UPLIFT)
@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """审批: one of two signatures."""
    uplift, today = _load(request, pk), timezone.localdate()
    form = OpinionForm(request.POST)
    if form.is_valid():
        opinion = form.cleaned_data["opinion"]
        made = attempt(
            form,
            "审批提标",
            lambda: services.approve_uplift(uplift, opinion=opinion, by=staff_of(request), on=today),
            reason=opinion,
        )
        if made is not None:
            left = APPROVALS - made.place
            messages.success(request, "已审批。" + (f"还须另外{left}人审批。" if left else "可以执行了。"))
            return redirect("dynamic_review:uplift", pk=pk)
    return _page(request, uplift, opinion=form)


@grant(Permission.ENTER_UPLIFT, Permission.APPROVE_UPLIFT)
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """撤回."""
    uplift, today = _load(request, pk), timezone.localdate()
    form = ReasonForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        made = attempt(
            form,
            "撤回提标",
            lambda: services.withdraw_uplift(uplift, reason=reason, by=staff_of(request), on=today),
            reason=reason,
        )
        if made is not None:
            messages.success(request, f"{made.number}已撤回。")
            return redirect("dynamic_review:uplift", pk=pk)
    return _page(request, uplift, refused=form)


@grant(Permission.ENTER_UPLIFT)
@require_POST
def carry_out(request: HttpRequest, pk: int) -> HttpResponse:
    """执行提标."""
    uplift, now = _load(request, pk), timezone.now()
    form = forms.Form(request.POST)
    job = attempt(form, "执行提标", lambda: services.start_applying(uplift, by=staff_of(request), at=now))
    return _to_job(request, uplift, job) if job is not None else _page(request, uplift, refused=form)


@grant(Permission.APPROVE_UPLIFT)
@require_POST
def roll_back(request: HttpRequest, pk: int) -> HttpResponse:
    """回退提标."""
    uplift, now = _load(request, pk), timezone.now()
    form = ReasonForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        job = attempt(
            form,
            "回退提标",
            lambda: services.start_rolling_back(uplift, reason=reason, by=staff_of(request), at=now),
            reason=reason,
        )
        if job is not None:
            return _to_job(request, uplift, job)
    return _page(request, uplift, refused=form)


@grant(Permission.ENTER_UPLIFT)
@require_POST
def issue_notices(request: HttpRequest, pk: int) -> HttpResponse:
    """制发调整通知书."""
    uplift, now = _load(request, pk), timezone.now()
    form = forms.Form(request.POST)
    by = staff_of(request)
    job = attempt(form, "制发调整通知书", lambda: services.start_issuing_notices(uplift, by=by, at=now))
    return _to_job(request, uplift, job) if job is not None else _page(request, uplift, refused=form)


@grant(Permission.ENTER_UPLIFT, Permission.APPROVE_UPLIFT)
@require_safe
def lines(request: HttpRequest, pk: int) -> HttpResponse:
    """提标花名册: the lines of the preview that holds."""
    uplift, staff = _previewed(request, pk), staff_of(request)
    form = _filter(request)
    is_readable = form.is_valid()
    rows = _found(request, uplift, form) if is_readable else queries.lines_of(uplift.run).none()
    rows = queries.with_phase_outs(rows)
    context = {
        "uplift": uplift,
        "form": form,
        "tools": list_tools(staff, UPLIFT_LINES, request.GET),
        "page": page_of(request, rows),
        "query": request.GET.urlencode(),
        "may_export": staff.may(Permission.EXPORT),
        "left_why": dict(APART),
        "made_good_in": MADE_GOOD_IN,
        "is_over": uplift.state in (UpliftState.APPLIED, UpliftState.ROLLED_BACK),
    }
    return _render(request, "dynamic_review/uplift_lines.html", context, status=200 if is_readable else REFUSED)


@grant(Permission.EXPORT)
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_POST
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """Excel of exactly what is filtered (提标花名册): on record."""
    uplift, now = _previewed(request, pk), timezone.now()
    form = _filter(request)
    if not form.is_valid():
        return unreadable_filter(request, form)
    content = export_list(
        UpliftLineResource(),
        _found(request, uplift, form),
        words=f"导出提标花名册{uplift.number}{{}}户",
        query=request.GET.urlencode(),
        by=staff_of(request),
        at=now,
    )
    return spreadsheet(content, name=f"uplift-{uplift.number}")


@grant(Permission.EXPORT)
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_POST
def roster(request: HttpRequest, pk: int) -> HttpResponse:
    """提标花名册 as PDF, of what is filtered and carried out: on record."""
    uplift, now = _previewed(request, pk), timezone.now()
    form = _filter(request)
    if not form.is_valid():
        return unreadable_filter(request, form)
    rows = _found(request, uplift, form).filter(outcome__in=queries.CARRIED).order_by("area__code", "pk")
    try:
        content = services.uplift_roster(uplift, rows[: services.MOST_ROWS + 1], on=timezone.localdate(now))
    except ServiceError as error:
        messages.error(request, error.message)
        return redirect("dynamic_review:uplift_lines", pk=pk)
    record_access(
        kind=AccessKind.DOCUMENT,
        staff=staff_of(request),
        at=now,
        subject_type="uplift",
        subject_id=uplift.pk,
        reason=f"打印提标花名册{uplift.number}",
        person_ids=UpliftLineResource().person_ids(rows),
    )
    return private_file(content, name=f"roster-{uplift.number}.pdf")


def _load(request: HttpRequest, pk: int) -> Uplift:
    return get_object_or_404(queries.uplifts_visible_to(staff_of(request)), pk=pk)


def _previewed(request: HttpRequest, pk: int) -> Any:
    """The uplift with its preview; 404 while there is none."""
    return get_object_or_404(queries.uplifts_visible_to(staff_of(request)).filter(run__isnull=False), pk=pk)


def _filter(request: HttpRequest) -> LineFilter:
    return LineFilter(request.GET, townships=townships())


def _found(request: HttpRequest, uplift: Any, form: LineFilter) -> Any:
    rows = queries.lines_of(uplift.run)
    return queries.filtered_lines(rows, staff=staff_of(request), sort=request.GET.get("sort", ""), **form.wanted)


def _to_job(request: HttpRequest, uplift: Uplift, job: Job) -> HttpResponse:
    """To the job's page; what somebody else started is seen by them alone, and goes on without being started again."""
    if job.started_by_id == staff_of(request).pk:
        return redirect("organizations:job", pk=job.pk)
    messages.info(request, f"{job.title}由{job.started_by.name}启动，正在办理，不用再点；办完后在本页看结果。")
    return redirect("dynamic_review:uplift", pk=uplift.pk)


def _page(
    request: HttpRequest, uplift: Uplift, *, opinion: OpinionForm | None = None, refused: forms.Form | None = None
) -> HttpResponse:
    staff, run = staff_of(request), uplift.run
    is_refused = (opinion is not None and bool(opinion.errors)) or refused is not None
    parameters = Parameter.objects.filter(pk__in=uplift.parameters.values("parameter"))
    context = {
        "uplift": uplift,
        "tone": _tone(uplift),
        "steps": _steps(uplift),
        "figures": queries.figures(parameters),
        "run": run,
        "total": queries.total_of(run) if run else None,
        "townships": queries.totals_by_township(run) if run else [],
        "categories": queries.totals_by_category(run) if run else [],
        "reasons": queries.reasons_apart(run) if run else [],
        "approvals": run.approvals.select_related("by") if run else [],
        "opinion": opinion or OpinionForm(),
        "refused": refused,
        "job": _open_job(uplift, staff),
        "notices": notices_of(uplift) if uplift.state in _AFTER else None,
        "made_good": made_good_of(run) if run and uplift.state == UpliftState.APPLIED else [],
        "may_print": staff.may(Permission.ISSUE_DOCUMENT),
        **_acts(uplift, staff),
    }
    return _render(request, "dynamic_review/uplift.html", context, status=REFUSED if is_refused else 200)


def _acts(uplift: Uplift, staff: Staff) -> dict[str, Any]:
    """Which buttons the page has."""
    may_enter, may_approve = staff.may(Permission.ENTER_UPLIFT), staff.may(Permission.APPROVE_UPLIFT)
    state = uplift.state
    is_applied = state == UpliftState.APPLIED
    return {
        "may_preview": may_enter and uplift.is_open,
        "may_approve": may_approve and state == UpliftState.PREVIEWED,
        "may_apply": may_enter and state in (UpliftState.APPROVED, UpliftState.APPLYING),
        "may_issue": may_enter and is_applied,
        "may_withdraw": uplift.is_open,
        "may_roll_back": may_approve and state in (UpliftState.APPLIED, UpliftState.ROLLING_BACK),
        "why_not_rolled_back": services.why_not_rolled_back(uplift) if is_applied else "",
    }


def _open_job(uplift: Uplift, staff: Staff) -> Job | None:
    """The person's own long work on it that is under way."""
    runs = list(uplift.runs.values_list("pk", flat=True))
    return queries.jobs_on(uplift, runs).filter(started_by=staff).first()


def _steps(uplift: Uplift) -> list[Step]:
    reached = _REACHED[UpliftState(uplift.state)]
    return [
        Step(label, "", "done" if place < reached else "now" if place == reached else "")
        for place, (_, label) in enumerate(_STEPS)
    ]


def _tone(uplift: Uplift) -> str:
    return _TONES.get(UpliftState(uplift.state), "due")


def _render(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return render(request, template, context | {"nav_key": "uplifts"}, status=status)
