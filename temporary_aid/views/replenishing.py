"""补拨: the list of requests; asked by the township, answered and paid by the county."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.access import grant
from foundation.error_pages import unreadable_filter
from foundation.money import in_figures
from foundation.paging import page_of
from foundation.rates import EXPORTS_A_MINUTE, limited
from foundation.responses import spreadsheet
from organizations.queries import list_tools, townships_for
from organizations.services import export_list
from temporary_aid.forms.reserve import (
    REPLENISHMENT_LIST,
    AnswerForm,
    AskForm,
    PayForm,
    ReplenishmentFilter,
    RevokeForm,
)
from temporary_aid.models import Replenishment
from temporary_aid.permissions import Permission, check_can_act
from temporary_aid.queries.reserve import warning_line
from temporary_aid.queries.reserve_lists import listed_replenishments, replenishments_visible_to
from temporary_aid.resources.reserve import ReplenishmentResource
from temporary_aid.services import replenishing as acts
from temporary_aid.views.acting import NAV, ActPage, act_page, simple_act
from temporary_aid.views.loading import REFUSED, staff_of
from temporary_aid.views.reserve import fund_crumbs, fund_or_404

_LIST = "temporary_aid:replenishments"


@grant(Permission.VIEW_RESERVE)
@require_safe
def replenishments(request: HttpRequest) -> HttpResponse:
    """Requests for money (补拨申请), the latest first."""
    staff = staff_of(request)
    form = _filter(request)
    is_readable = form.is_valid()
    rows = _found(request, form) if is_readable else Replenishment.objects.none()
    context = {
        "form": form,
        "tools": list_tools(staff, REPLENISHMENT_LIST, request.GET),
        "page": page_of(request, rows),
        "may_ask": staff.area_ids(Permission.KEEP_RESERVE),
        "may_answer": staff.area_ids(Permission.APPROVE_REPLENISHMENT),
        "may_pay": staff.area_ids(Permission.ALLOCATE_RESERVE),
        "may_export": staff.may(Permission.EXPORT),
        "me": staff.pk,
        **NAV,
    }
    return render(request, "temporary_aid/replenishments.html", context, status=200 if is_readable else REFUSED)


@grant(Permission.EXPORT)
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Excel of exactly the requests that are filtered, on record."""
    staff, now = staff_of(request), timezone.now()
    form = _filter(request)
    if not form.is_valid():
        return unreadable_filter(request, form)
    content = export_list(
        ReplenishmentResource(),
        _found(request, form).filter(fund__area_id__in=staff.area_ids(Permission.EXPORT)),
        words="导出补拨申请{}份",
        query=request.GET.urlencode(),
        by=staff,
        at=now,
    )
    return spreadsheet(content, name=f"replenishments-{timezone.localdate(now):%Y%m%d}")


@grant(Permission.KEEP_RESERVE)
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """申请补拨."""
    staff, now = staff_of(request), timezone.now()
    found = fund_or_404(request, pk)
    check_can_act(staff, Permission.KEEP_RESERVE, area=found.area)
    warning = warning_line(found, on=timezone.localdate(now))
    lacking = warning.lacking(found.balance)
    form = AskForm(request.POST or None, initial={"amount": lacking if lacking > 0 else None})
    page = ActPage(
        title="申请补拨",
        subject=f"{found}，现有余额{in_figures(found.balance)}元，年初余额{in_figures(warning.opening)}元",
        effect="提交后由县民政审批；同意以后由县民政经办人拨付，到账才计入余额。",
        back=reverse("temporary_aid:reserve_fund", args=[found.pk]),
        crumbs=fund_crumbs(found),
    )
    return act_page(
        request,
        form,
        page,
        act=lambda given: acts.ask_replenishment(found, **given, by=staff, at=now),
        done="补拨申请已提交，等候县民政审批。",
    )


@grant(Permission.APPROVE_REPLENISHMENT)
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """审批补拨."""
    staff, now = staff_of(request), timezone.now()
    row = _row(request, pk, Permission.APPROVE_REPLENISHMENT)
    form = AnswerForm(request.POST or None, initial={"amount": row.asked_amount})

    def act(given: dict[str, object]) -> None:
        opinion = str(given["opinion"])
        if given["answer"] == "approve":
            acts.approve_replenishment(row, amount=given["amount"], opinion=opinion, by=staff, at=now)  # type: ignore[arg-type]
        else:
            acts.refuse_replenishment(row, opinion=opinion, by=staff, at=now)

    page = ActPage(
        title="审批补拨",
        subject=_words(row),
        effect=f"申请时余额{in_figures(row.balance_then)}元，预警线{in_figures(row.warning_line)}元；"
        f"现在余额{in_figures(row.fund.balance)}元。理由：{row.reason}。同意以后由县民政经办人拨付。",
        back=reverse(_LIST),
        crumbs=_crumbs(row),
    )
    return act_page(request, form, page, act=act, done=f"补拨申请{row.number}已答复。")


@grant(Permission.ALLOCATE_RESERVE)
@require_http_methods(["GET", "POST"])
def pay(request: HttpRequest, pk: int) -> HttpResponse:
    """拨付补拨资金."""
    staff, now = staff_of(request), timezone.now()
    row = _row(request, pk, Permission.ALLOCATE_RESERVE)
    form = PayForm(request.POST or None, initial={"on": timezone.localdate(now)})
    granted = in_figures(row.approved_amount) if row.approved_amount is not None else "—"
    page = ActPage(
        title="登记拨付",
        subject=f"{_words(row)}，批准{granted}元",
        effect="登记资金到账，余额立即增加；一份申请只拨付一次。",
        back=reverse(_LIST),
        crumbs=_crumbs(row),
    )
    return act_page(
        request,
        form,
        page,
        act=lambda given: acts.pay_replenishment(row, **given, by=staff, at=now),
        done=f"补拨申请{row.number}已拨付到账。",
    )


@grant(Permission.APPROVE_REPLENISHMENT)
@require_http_methods(["GET", "POST"])
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """撤销批准 of what was not paid."""
    staff, now = staff_of(request), timezone.now()
    row = _row(request, pk, Permission.APPROVE_REPLENISHMENT)
    granted = in_figures(row.approved_amount) if row.approved_amount is not None else "—"
    page = ActPage(
        title="撤销批准",
        subject=f"{_words(row)}，批准{granted}元",
        effect="撤销以后不再拨付，乡镇可以另行申请；资金已经到账的不要撤销，请登记拨付。",
        back=reverse(_LIST),
        crumbs=_crumbs(row),
        danger=True,
    )
    return act_page(
        request,
        RevokeForm(request.POST or None),
        page,
        act=lambda given: acts.revoke_replenishment(row, **given, by=staff, at=now),
        done=f"补拨申请{row.number}已撤销批准。",
    )


@grant(Permission.KEEP_RESERVE)
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """撤回补拨申请."""
    row = _row(request, pk, Permission.KEEP_RESERVE)
    return simple_act(
        request,
        "撤回补拨申请",
        lambda: acts.take_back_replenishment(row, by=staff_of(request)),
        done=f"补拨申请{row.number}已撤回。",
        back=reverse(_LIST),
    )


def _row(request: HttpRequest, pk: int, permission: Permission) -> Replenishment:
    row = get_object_or_404(replenishments_visible_to(staff_of(request)), pk=pk)
    check_can_act(staff_of(request), permission, area=row.fund.area)
    return row


def _words(row: Replenishment) -> str:
    return f"{row.fund.area} {row.number}，申请{in_figures(row.asked_amount)}元"


def _crumbs(row: Replenishment) -> list[tuple[str, str]]:
    return [*fund_crumbs(row.fund), ("补拨申请", reverse(_LIST))]


def _filter(request: HttpRequest) -> ReplenishmentFilter:
    return ReplenishmentFilter(request.GET, townships=townships_for(staff_of(request), Permission.VIEW_RESERVE))


def _found(request: HttpRequest, form: ReplenishmentFilter) -> QuerySet[Replenishment]:
    return listed_replenishments(staff_of(request), **form.cleaned_data)
