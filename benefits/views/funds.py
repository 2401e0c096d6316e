"""资金计划: the year's plan by scheme and source, what was paid of it, and what the year comes to."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from benefits.forms.funds import FundPlanForm, YearForm
from benefits.models import FundPlan
from benefits.queries.funds import PAID_MONTHLY, funds_of, plan_of, years_of_funds
from benefits.resources.differences import funds_book
from benefits.rules.fund_charts import month_bars
from benefits.services.funds import save_fund_plan
from benefits.views.loading import UNREADABLE, staff_of
from foundation.access import grant
from foundation.errors import NotPermitted, ServiceError
from foundation.pages import show_refusal
from foundation.rates import EXPORTS_A_MINUTE, limited
from foundation.responses import spreadsheet
from organizations.models.delegations import Scheme
from organizations.models.records import AccessKind
from organizations.permissions import Permission
from organizations.services import record_access

_NAV = {"nav_key": "funds"}
_COUNTY = (Permission.MANAGE_FUND_PLAN, Permission.PREPARE_ROLL, Permission.CHECK_ROLL_COUNTY, Permission.VIEW_TRAIL)
"""Who sees the county's money: finance, the county's officers and auditors."""


@grant(*_COUNTY)
@require_safe
def funds(request: HttpRequest) -> HttpResponse:
    """A year's plans and payments, by scheme, source and month."""
    today = timezone.localdate()
    year, form = _year(request)
    found = funds_of(year)
    context = {
        "form": form,
        "year": year,
        "charts": [(scheme, month_bars(scheme.whole)) for scheme in found],
        "months": [f"{number}月" for number in range(1, 13)],
        "may_plan": staff_of(request).may(Permission.MANAGE_FUND_PLAN),
        "is_past": year < today.year,
        **_NAV,
    }
    return render(request, "benefits/funds.html", context)


@grant(*_COUNTY)
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_POST
def export_funds(request: HttpRequest) -> HttpResponse:
    """Excel of the year's plans and payments, on record; nobody is named in it."""
    staff, now = staff_of(request), timezone.now()
    year, _ = _year(request)
    found = funds_of(year)
    record_access(
        kind=AccessKind.EXPORT,
        staff=staff,
        at=now,
        subject_type="fund_plan",
        subject_id=None,
        reason=f"导出{year}年资金计划执行情况",
        row_count=len(found),
        query=f"year={year}",
    )
    return spreadsheet(funds_book(year, found), name=f"funds-{year}")


@grant(Permission.MANAGE_FUND_PLAN)
@require_http_methods(["GET", "POST"])
def plan(request: HttpRequest, year: int, scheme: str) -> HttpResponse:
    """Enter or change a year's plan of a scheme."""
    staff = staff_of(request)
    if scheme not in PAID_MONTHLY or not 2000 <= year <= 2100:
        raise Http404
    noted = FundPlan.objects.filter(year=year, scheme=scheme).exclude(note="").values_list("note", flat=True).first()
    form = FundPlanForm(request.POST or None, initial=plan_of(year, scheme) | {"note": noted or ""})
    label = Scheme(scheme).label
    if request.method == "POST" and form.is_valid():
        try:
            save_fund_plan(year, scheme, amounts=form.amounts, note=form.cleaned_data["note"], by=staff)
        except NotPermitted:
            raise
        except ServiceError as error:
            show_refusal(form, error)
        else:
            messages.success(request, f"{year}年{label}的资金计划已保存。")
            return redirect(f"{reverse('benefits:funds')}?year={year}")
    context = {
        "title": f"{year}年{label}资金计划",
        "family": f"{year}年 {label}",
        "effect": "按资金来源填全年计划金额。以后每本发放册定册时，按各来源计划的比例分摊到分；"
        "已经分摊的发放册不因改计划而变。这样分摊是本县做法。",
        "action_label": "保存资金计划",
        "cancel_url": f"{reverse('benefits:funds')}?year={year}",
        "danger": False,
        "form": form,
        **_NAV,
    }
    status = UNREADABLE if request.method == "POST" else 200
    return render(request, "benefits/fund_plan.html", context, status=status)


def _year(request: HttpRequest) -> tuple[int, YearForm]:
    """The year that the address asks for; this one where it asks for none that there is."""
    today = timezone.localdate()
    years = years_of_funds(on=today)
    asked = request.GET.get("year", "")
    year = int(asked) if asked in map(str, years) else today.year
    return year, YearForm({"year": str(year)}, years=years)
