"""委托照料服务协议: write, print, sign, end; the carer's number and telephone in full are a recorded act."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from care import papers, queries, services
from care.forms.acts import AgreementForm, EndForm, SignForm
from care.models import CareAgreement
from care.permissions import Permission, check_can_act
from care.views.loading import REFUSED, attempt, form_page, load_award, staff_of, to_person
from documents.models import DocumentKind
from documents.services import preview_pdf
from foundation.access import grant
from foundation.rates import REVEALS_A_MINUTE, limited
from foundation.responses import private_file
from households.services import reveal as reveal_value
from organizations.forms.reading import PurposeForm
from organizations.models.records import AccessKind
from organizations.services import record_access

REVEALABLE = {"id-number": "carer_id_number", "phone": "carer_phone"}


@grant(Permission.MANAGE_CARE)
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """拟订协议."""
    award, staff, today = load_award(request, pk), staff_of(request), timezone.localdate()
    check_can_act(staff, Permission.MANAGE_CARE, area=award.area)
    form = AgreementForm(request.POST or None, initial={"starts_on": today})
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            "拟订委托照料协议",
            lambda: services.draft_agreement(award, data=form.agreement(), by=staff, on=today),
        )
        if made is not None:
            messages.success(request, "协议已拟订。请打印，由乡镇、照料人和本人签字，再登记签订。")
            return to_person(award.pk, "agreement")
    return form_page(request, award, form, title="拟订委托照料协议")


@grant(Permission.MANAGE_CARE)
@require_POST
@never_cache
def print_agreement(request: HttpRequest, pk: int) -> HttpResponse:
    """打印协议 for signature: it carries the numbers in full, so printing it is on record."""
    agreement = _agreement(request, pk)
    record_access(
        kind=AccessKind.DOCUMENT,
        staff=staff_of(request),
        at=timezone.now(),
        subject_type="care_agreement",
        subject_id=agreement.pk,
        reason="打印委托照料协议",
    )
    content = preview_pdf(DocumentKind.CARE_AGREEMENT, papers.care_agreement(agreement))
    return private_file(content, name="委托照料服务协议.pdf")


@grant(Permission.MANAGE_CARE)
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    """登记签订."""
    agreement, staff, today = _agreement(request, pk), staff_of(request), timezone.localdate()
    award = load_award(request, agreement.award_id)
    form = SignForm(request.POST or None, request.FILES or None, initial={"signed_on": today})
    if request.method == "POST" and form.is_valid():

        def act() -> bool:
            services.sign_agreement(agreement, **form.cleaned_data, by=staff, at=timezone.now(), on=today)
            return True

        if attempt(form, "登记签订委托照料协议", act):
            messages.success(request, "协议已登记签订。")
            return to_person(award.pk, "agreement")
    return form_page(request, award, form, title="登记签订协议", effect=_words(agreement))


@grant(Permission.MANAGE_CARE)
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """终止协议."""
    agreement, staff, today = _agreement(request, pk), staff_of(request), timezone.localdate()
    award = load_award(request, agreement.award_id)
    form = EndForm(request.POST or None, initial={"ended_on": today})
    if request.method == "POST" and form.is_valid():

        def act() -> bool:
            services.end_agreement(agreement, **form.cleaned_data, by=staff, on=today)
            return True

        if attempt(form, "终止委托照料协议", act):
            messages.success(request, "协议已终止。仍然分散供养的，请另行安排照料人。")
            return to_person(award.pk, "agreement")
    return form_page(request, award, form, title="终止协议", effect=_words(agreement), submit="终止协议", danger=True)


@grant(Permission.REVEAL_IDENTITY)
@limited("reveal", a_minute=REVEALS_A_MINUTE)
@require_POST
def reveal(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """The carer's ID number or telephone in full (查看完整信息), recorded."""
    agreement, staff = get_object_or_404(queries.agreements_visible_to(staff_of(request)), pk=pk), staff_of(request)
    if what not in REVEALABLE:
        raise Http404
    value = getattr(agreement, REVEALABLE[what])
    form = PurposeForm(request.POST, prefix="reveal", on=timezone.localdate())
    shown = None
    if form.is_valid():
        shown = attempt(
            form,
            "查看完整信息",
            lambda: reveal_value(
                value,
                area=agreement.award.household.area,
                subject=("care_agreement", agreement.pk),
                reason=form.given,
                by=staff,
                at=timezone.now(),
            ),
        )
    template = "households/_revealed.html" if request.htmx else "care/reveal.html"  # type: ignore[attr-defined]
    context = {"award": agreement.award, "shown": shown, "value": value, "reveal_form": form}
    response = render(request, template, context, status=200 if shown or request.htmx else REFUSED)  # type: ignore[attr-defined]
    response["Cache-Control"] = "no-store"
    return response


def _agreement(request: HttpRequest, pk: int) -> CareAgreement:
    agreements = queries.agreements_visible_to(staff_of(request)).select_related("award__household")
    agreement = get_object_or_404(agreements, pk=pk)
    check_can_act(staff_of(request), Permission.MANAGE_CARE, area=agreement.award.area)
    return agreement


def _words(agreement: CareAgreement) -> str:
    days = (agreement.starts_on, agreement.ends_on)
    begin, last = (f"{day.year}年{day.month}月{day.day}日" for day in days)
    return f"照料人{agreement.carer_name}（{agreement.get_carer_kind_display()}），{begin}至{last}。"
