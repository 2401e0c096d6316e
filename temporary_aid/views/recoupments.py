"""追回 of temporary aid: decide it, record what comes back, write off the rest; and the list of advances."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.access import grant
from foundation.error_pages import unreadable_filter
from foundation.money import in_figures
from foundation.pages import deadline_lamp
from foundation.paging import page_of
from foundation.rates import EXPORTS_A_MINUTE, limited
from foundation.responses import spreadsheet
from organizations.queries import list_tools, working_calendar
from organizations.services import export_list
from temporary_aid.forms.advances import ADVANCE_LIST, AdvanceListForm, ReasonForm, RecoupForm, RepayForm
from temporary_aid.models import AidRecoupment, PettyAdvance, TemporaryAid
from temporary_aid.permissions import Permission, check_can_act
from temporary_aid.queries import advances as queries
from temporary_aid.resources.advances import AdvanceResource
from temporary_aid.rules.states import AidState
from temporary_aid.services import recouping
from temporary_aid.views.advances import act_on
from temporary_aid.views.loading import REFUSED, aid_or_404, staff_of


@grant(Permission.VIEW_AID)
@require_safe
def advance_list(request: HttpRequest) -> HttpResponse:
    """小额先行救助台账: those whose papers are still to come first."""
    staff, today = staff_of(request), timezone.localdate()
    form = AdvanceListForm(request.GET, staff=staff)
    is_readable = form.is_valid()
    found = queries.listed(staff, on=today, wanted=form.wanted) if is_readable else PettyAdvance.objects.none()
    page, calendar = page_of(request, found), working_calendar()
    context = {
        "form": form,
        "page": page,
        "rows": [
            (
                slip,
                deadline_lamp(
                    slip.supplement_due_on,
                    working_days_left=calendar.between(today, slip.supplement_due_on),
                    on=today,
                    provisional=slip.supplement_due_is_provisional,
                )
                if slip.aid.state == AidState.ADVANCED
                else None,
            )
            for slip in page.object_list
        ],
        "tools": list_tools(staff, ADVANCE_LIST, request.GET),
        "may_export": staff.may(Permission.EXPORT),
        "nav_key": "temporary_aid",
    }
    return render(request, "temporary_aid/advances.html", context, status=200 if is_readable else REFUSED)


@grant(Permission.EXPORT)
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """Excel of exactly what is filtered, on record."""
    staff, now = staff_of(request), timezone.now()
    today = timezone.localdate(now)
    form = AdvanceListForm(request.GET, staff=staff)
    if not form.is_valid():
        return unreadable_filter(request, form)
    found = queries.listed(staff, on=today, wanted=form.wanted)
    content = export_list(
        AdvanceResource(on=today),
        found.filter(aid__area_id__in=staff.area_ids(Permission.EXPORT)),
        words="导出小额先行救助{}件",
        query=request.GET.urlencode(),
        by=staff,
        at=now,
    )
    return spreadsheet(content, name=f"petty-advances-{today:%Y%m%d}")


@grant(Permission.APPROVE_AID_TOWNSHIP, Permission.APPROVE_AID_COUNTY)
@require_http_methods(["GET", "POST"])
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """决定追回."""
    aid, staff = aid_or_404(request, pk), staff_of(request)
    recouping.check_may_order(aid, by=staff)
    paid = queries.paid_amount(aid)
    form = RecoupForm(request.POST or None, initial={"due_amount": paid})
    return act_on(
        request,
        aid,
        form,
        lambda: recouping.order_recoupment(aid, **form.cleaned_data, by=staff, at=timezone.now()),
        title="决定追回",
        done="已决定追回，没发的各期不再发放。",
        effect=f"已发放{in_figures(paid)}元。决定追回后，没发的各期终止；退完或核销后，这件救助不再计入次数。",
        danger=True,
    )


@grant(Permission.HANDLE_AID)
@require_http_methods(["GET", "POST"])
def repay(request: HttpRequest, pk: int) -> HttpResponse:
    """登记退回款项."""
    aid, staff = aid_or_404(request, pk), staff_of(request)
    check_can_act(staff, Permission.HANDLE_AID, area=aid.area)
    found = _recoupment(aid)
    left, room = queries.left_to_recoup(found), queries.reserve_room(aid)
    initial = {"amount": left, "repaid_on": timezone.localdate(), "to_reserve": "yes" if room else "no"}
    form = RepayForm(request.POST or None, initial=initial)
    return act_on(
        request,
        aid,
        form,
        lambda: recouping.record_repayment(found, data=form.repayment(), by=staff, at=timezone.now()),
        title="登记退回款项",
        done="退回款项已登记。",
        effect=f"还应追回{in_figures(left)}元；从备用金支出、还没有退回的有{in_figures(room)}元。",
    )


@grant(Permission.APPROVE_AID_COUNTY)
@require_http_methods(["GET", "POST"])
def waive(request: HttpRequest, pk: int) -> HttpResponse:
    """核销 what cannot come back."""
    aid, staff = aid_or_404(request, pk), staff_of(request)
    check_can_act(staff, Permission.APPROVE_AID_COUNTY, area=aid.area)
    found = _recoupment(aid)
    recouping.check_may_waive(found, aid, by=staff)
    form = ReasonForm(request.POST or None)
    return act_on(
        request,
        aid,
        form,
        lambda: recouping.waive_rest(found, reason=form.cleaned_data["reason"], by=staff, at=timezone.now()),
        title="核销余款",
        done="余款已核销，追回办结。",
        effect=f"还有{in_figures(queries.left_to_recoup(found))}元没有追回。核销后不再追，不能撤销。",
        danger=True,
    )


def _recoupment(aid: TemporaryAid) -> AidRecoupment:
    return get_object_or_404(AidRecoupment, aid=aid)
