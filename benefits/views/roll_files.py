"""A roll as files: its lines as Excel, the bank's file with accounts in full, the roster to sign."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from benefits import papers
from benefits.forms.rolls import LineFilter
from benefits.models import BouncedPayment, LineState
from benefits.queries import rolls as queries
from benefits.resources.rolls import BankFileResource, LineResource
from benefits.views.loading import NAV, line_or_404, roll_or_404, source_links, staff_of
from documents.models import DocumentKind
from documents.services import preview_pdf
from foundation.access import grant
from foundation.error_pages import unreadable_filter
from foundation.rates import EXPORTS_A_MINUTE, limited
from foundation.responses import private_file, spreadsheet
from organizations.models.records import AccessKind
from organizations.permissions import Permission, check_can_act
from organizations.services import export_list, record_access
from organizations.views.exports import full_export_page


@grant(Permission.VIEW_ROLL)
@require_safe
def line(request: HttpRequest, pk: int) -> HttpResponse:
    """One payment: what it is made of, whom it covers, why, and the family's other payments."""
    staff = staff_of(request)
    found = line_or_404(request, pk)
    version = found.version
    numbers = {version.source} - {""} if version else set()
    links = source_links(numbers, staff=staff)
    context = {
        "line": found,
        "roll": found.roll,
        "version": version,
        "source_url": links.get(version.source, "") if version else "",
        "people": version.persons.select_related("person") if version else [],
        "items": queries.items_of(found),
        "others": queries.payments_of(found.household, staff).filter(award=found.award_id).exclude(pk=found.pk)[:24],
        "answers": found.answers.filter(bank_return__state="taken").select_related("bank_return"),
        "bounced": BouncedPayment.objects.filter(line=found).select_related("recorded_by").first(),
        "may_record": found.roll.area_id in staff.area_ids(Permission.RECORD_PAYMENT),
        "may_open": found.household.area_id in staff.area_ids(Permission.VIEW_HOUSEHOLD),
        "may_mend": found.household.area_id in staff.area_ids(Permission.REGISTER_HOUSEHOLD),
        "may_recoup": found.award.area_id in staff.area_ids(Permission.MANAGE_RECOUPMENT),
        "award_url": reverse("benefits:award", args=[found.award_id]),
        **NAV,
    }
    return render(request, "benefits/roll_line.html", context)


@grant(Permission.EXPORT)
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_POST
def export_lines(request: HttpRequest, pk: int) -> HttpResponse:
    """Excel of exactly the lines that are filtered, accounts masked, on record."""
    staff, now = staff_of(request), timezone.now()
    roll = roll_or_404(request, pk)
    check_can_act(staff, Permission.EXPORT, area=roll.area)
    form = LineFilter(request.GET, roll=roll)
    if not form.is_valid():
        return unreadable_filter(request, form)
    wanted = form.cleaned_data
    rows = queries.lines_of(roll, text=wanted["q"].strip(), village=wanted["village"], show=wanted["show"])
    content = export_list(
        LineResource(),
        rows.select_related("roll", "area", "bank_account"),
        words=f"导出发放册{roll.number}明细{{}}户",
        query=request.GET.urlencode(),
        by=staff,
        at=now,
    )
    return spreadsheet(content, name=f"{roll.number}-{timezone.localdate(now):%Y%m%d}")


@grant(Permission.WRITE_BANK_FILE)
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_http_methods(["GET", "POST"])
def bank_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The file for the bank (一卡通) with accounts in full: of a frozen roll, asks for the reason, on record."""
    roll = roll_or_404(request, pk)
    check_can_act(staff_of(request), Permission.WRITE_BANK_FILE, area=roll.area)
    if not roll.is_frozen:
        messages.error(request, "还没有定册，不能导出银行发放文件。")
        return redirect("benefits:roll", roll.pk)
    return full_export_page(
        request,
        BankFileResource(in_full=True),
        roll.lines.filter(state=LineState.WAITING).select_related("roll", "bank_account").order_by("area__code", "pk"),
        filters=request.POST if request.method == "POST" else request.GET,
        name=f"{roll.number}-bank",
        words=f"发放册{roll.number}银行发放文件{{}}户",
        back_url=reverse("benefits:roll", args=[roll.pk]),
        permission=Permission.WRITE_BANK_FILE,
    )


@grant(Permission.VIEW_ROLL)
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_POST
@never_cache
def roster(request: HttpRequest, pk: int) -> HttpResponse:
    """发放花名册 to print and sign, on record."""
    staff, now = staff_of(request), timezone.now()
    roll = roll_or_404(request, pk)
    record_access(
        kind=AccessKind.DOCUMENT,
        staff=staff,
        at=now,
        subject_type="monthly_roll",
        subject_id=roll.pk,
        reason=f"打印发放花名册{roll.number}共{roll.line_count}户",
    )
    content = preview_pdf(DocumentKind.PAYMENT_ROSTER, papers.payment_roster(roll, on=timezone.localdate(now)))
    return private_file(content, name=f"{roll.number}发放花名册.pdf")
