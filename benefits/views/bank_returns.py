"""回盘: upload what the bank answered, look at it, take it; and the payments that failed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from benefits.forms.rolls import FAILED_LIST, AccountRightForm, BouncedForm, FailedFilter, ReturnForm, TakeForm
from benefits.models import ReturnState, RollLine
from benefits.queries import returns, rolls
from benefits.resources.rolls import LineResource
from benefits.rules.bank_returns import COLUMNS
from benefits.services import accounts
from benefits.services.bank_returns import read_bank_return, take_bank_return
from benefits.services.bouncing import record_bounced
from benefits.services.rolls import reissue_roll
from benefits.views.loading import NAV, UNREADABLE, line_or_404, roll_or_404, staff_of
from foundation.access import grant
from foundation.error_pages import unreadable_filter
from foundation.errors import NotPermitted, ServiceError
from foundation.money import in_figures
from foundation.pages import show_refusal
from foundation.paging import page_of
from foundation.rates import EXPORTS_A_MINUTE, limited
from foundation.responses import spreadsheet
from organizations.permissions import Permission, check_can_act
from organizations.queries import list_tools
from organizations.services import export_list


@grant(Permission.RECORD_PAYMENT)
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the bank's file; it is read and matched, and nothing is recorded yet."""
    staff, today = staff_of(request), timezone.localdate()
    roll = roll_or_404(request, pk)
    check_can_act(staff, Permission.RECORD_PAYMENT, area=roll.area)
    form = ReturnForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            draft = read_bank_return(roll, upload=form.cleaned_data["file"], by=staff, on=today)
        except NotPermitted:
            raise
        except ServiceError as error:
            show_refusal(form, error)
        else:
            return redirect("benefits:bank_return", draft.pk)
    context = {"form": form, "roll": roll, "columns": "、".join(COLUMNS.values()), **NAV}
    status = UNREADABLE if request.method == "POST" else 200
    return render(request, "benefits/upload_return.html", context, status=status)


@grant(Permission.RECORD_PAYMENT)
@require_http_methods(["GET", "POST"])
def bank_return(request: HttpRequest, pk: int) -> HttpResponse:
    """What a file says beside the roll: what fits, every bad row by number and column, what is missing; take it."""
    staff, today = staff_of(request), timezone.localdate()
    found = get_object_or_404(returns.returns_visible_to(staff), pk=pk)
    form = TakeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            take_bank_return(found, only_good=form.cleaned_data["take"] == "good", by=staff, on=today)
        except NotPermitted:
            raise
        except ServiceError as error:
            show_refusal(form, error)
        else:
            messages.success(request, "回盘已登记。")
            return redirect("benefits:roll", found.roll_id)
    faults = returns.faulty_rows(found)
    context = {
        "found": found,
        "roll": found.roll,
        "is_draft": found.state == ReturnState.DRAFT,
        "summary": returns.summary_of(found),
        "form": form,
        "page": page_of(request, faults),
        "columns": COLUMNS,
        "failed": found.rows.filter(line__isnull=False, is_paid=False).order_by("number")[:200],
        "missing": returns.unanswered(found)[:50],
        **NAV,
    }
    status = UNREADABLE if request.method == "POST" else 200
    return render(request, "benefits/bank_return.html", context, status=status)


@grant(Permission.RECORD_PAYMENT)
@require_http_methods(["GET", "POST"])
def bounced(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that the bank gave one payment back after it had reported it as paid (登记退票)."""
    staff, today = staff_of(request), timezone.localdate()
    line = line_or_404(request, pk)
    check_can_act(staff, Permission.RECORD_PAYMENT, area=line.roll.area)
    form = BouncedForm(request.POST or None, initial={"returned_on": today})
    if request.method == "POST" and form.is_valid():
        try:
            record_bounced(line, **form.cleaned_data, by=staff, on=today)
        except NotPermitted:
            raise
        except ServiceError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"已登记退票，{line.head_name}这一笔转为发放失败，更正账户后重发。")
            return redirect("benefits:roll_line", line.pk)
    context = {
        "title": "登记退票",
        "family": f"{line.head_name}家庭：{line.roll.number}，{in_figures(line.amount)}元",
        "effect": "这一笔原已登记为已发放。登记以后转为发放失败，更正账户后经核对、审核、复核重新发放一次；"
        "登记以后不能改回，请先与银行核实款项确已退回专户。",
        "action_label": "登记退票",
        "cancel_url": reverse("benefits:roll_line", args=[line.pk]),
        "danger": True,
        "form": form,
        **NAV,
    }
    return render(request, "components/confirm_page.html", context, status=UNREADABLE if form.errors else 200)


@grant(Permission.REGISTER_HOUSEHOLD)
@require_http_methods(["GET", "POST"])
def confirm_account(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the account of a payment that failed is right (账户无误), so that it is issued anew to it."""
    staff, today = staff_of(request), timezone.localdate()
    line = line_or_404(request, pk)
    check_can_act(staff, Permission.REGISTER_HOUSEHOLD, area=line.household.area)
    form = AccountRightForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            accounts.confirm_account(line, **form.cleaned_data, by=staff, on=today)
        except NotPermitted:
            raise
        except ServiceError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"已登记账户无误，{line.head_name}这一笔可以重发。")
            return redirect("benefits:roll_line", line.pk)
    context = {
        "title": "账户无误",
        "family": f"{line.head_name}家庭：{line.roll.number}，{in_figures(line.amount)}元",
        "effect": f"银行退回的原因：{line.failure}。与银行、家庭核实账户没有错的，在这里登记，由县里重发到原账户；"
        "账户有错的，请登记新的账户。",
        "action_label": "登记账户无误",
        "cancel_url": reverse("benefits:roll_line", args=[line.pk]),
        "danger": False,
        "form": form,
        **NAV,
    }
    return render(request, "components/confirm_page.html", context, status=UNREADABLE if form.errors else 200)


@grant(Permission.VIEW_ROLL)
@require_safe
def failed(request: HttpRequest) -> HttpResponse:
    """Payments that the bank sent back or that have no account, until they are issued anew (发放失败)."""
    staff = staff_of(request)
    form = FailedFilter(request.GET, staff=staff)
    is_readable = form.is_valid()
    rows = rolls.failed_lines(staff, **form.cleaned_data) if is_readable else RollLine.objects.none()
    context = {
        "form": form,
        "page": page_of(request, rows),
        "tools": list_tools(staff, FAILED_LIST, request.GET),
        "reissues": rolls.reissuable(staff) if staff.may(Permission.PREPARE_ROLL) else [],
        "mending": staff.area_ids(Permission.REGISTER_HOUSEHOLD),
        "may_export": staff.may(Permission.EXPORT),
        "query": request.GET.urlencode(),
        **NAV,
    }
    return render(request, "benefits/failed.html", context, status=200 if is_readable else UNREADABLE)


@grant(Permission.EXPORT)
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_POST
def export_failed(request: HttpRequest) -> HttpResponse:
    """Excel of exactly what is filtered, accounts masked, on record."""
    staff, now = staff_of(request), timezone.now()
    form = FailedFilter(request.GET, staff=staff)
    if not form.is_valid():
        return unreadable_filter(request, form)
    rows = rolls.failed_lines(staff, **form.cleaned_data)
    content = export_list(
        LineResource(),
        rows.filter(roll__area_id__in=staff.area_ids(Permission.EXPORT)),
        words="导出发放失败名单{}户",
        query=request.GET.urlencode(),
        by=staff,
        at=now,
    )
    return spreadsheet(content, name=f"failed-{timezone.localdate(now):%Y%m%d}")


@grant(Permission.PREPARE_ROLL)
@require_POST
def reissue(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the roll that issues a roll's failed payments anew (重发); it is signed as any other."""
    staff, today = staff_of(request), timezone.localdate()
    roll = roll_or_404(request, pk)
    try:
        made = reissue_roll(roll.month, roll.scheme, roll.area, by=staff, on=today)
    except NotPermitted:
        raise
    except ServiceError as error:
        messages.error(request, error.message)
        return redirect("benefits:failed")
    messages.success(request, f"已生成重发的发放册{made.number}，共{made.line_count}户；按步骤核对、审核、定册后发放。")
    return redirect("benefits:roll", made.pk)
