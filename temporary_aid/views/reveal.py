"""查看完整信息 of whom an aid helps or a report tells of: ID number or telephone, with a purpose, on record."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from foundation.access import grant
from foundation.errors import NotPermitted, ServiceError
from foundation.pages import show_refusal
from foundation.rates import REVEALS_A_MINUTE, limited
from foundation.trail import because
from households.services import reveal as reveal_value
from organizations.forms.reading import PurposeForm
from organizations.models import Area
from temporary_aid.models import StageForm, TemporaryAid
from temporary_aid.permissions import Permission
from temporary_aid.queries import reports_visible_to
from temporary_aid.views.loading import aid_or_404, staff_of

REFUSED = 422
REVEALABLE = {"id-number": "recipient_id_number", "phone": "recipient_phone"}
REVEALABLE_OF_REPORT = {
    "id-number": "person_id_number",
    "phone": "person_phone",
    "reporter-phone": "reporter_phone",
}


@grant(Permission.REVEAL_IDENTITY)
@limited("reveal", a_minute=REVEALS_A_MINUTE)
@require_POST
def reveal(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """The recipient's ID number or telephone in full, or the telephone of who took them in (contact-2: 第2期)."""
    aid = aid_or_404(request, pk)
    value = getattr(aid, REVEALABLE[what]) if what in REVEALABLE else _contact_phone(aid, what)
    back = reverse("temporary_aid:detail", args=[pk])
    return _revealed(request, value, area=aid.area, subject=("temporary_aid", pk), back=back)


def _contact_phone(aid: TemporaryAid, what: str) -> Any:
    serial = what.removeprefix("contact-")
    if serial == what or not serial.isdecimal():
        raise Http404
    return get_object_or_404(aid.stages.filter(form=StageForm.SERVICE), serial=int(serial)).contact_phone


@grant(Permission.REVEAL_IDENTITY)
@limited("reveal", a_minute=REVEALS_A_MINUTE)
@require_POST
def reveal_of_report(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """The ID number or a telephone of a report in full: whoever called is rung back."""
    found = get_object_or_404(reports_visible_to(staff_of(request)).select_related("area"), pk=pk)
    if what not in REVEALABLE_OF_REPORT:
        raise Http404
    value, back = getattr(found, REVEALABLE_OF_REPORT[what]), reverse("temporary_aid:report", args=[pk])
    return _revealed(request, value, area=found.area, subject=("hardship_report", pk), back=back)


def _revealed(request: HttpRequest, value: Any, *, area: Area, subject: tuple[str, int], back: str) -> HttpResponse:
    staff, now = staff_of(request), timezone.now()
    form = PurposeForm(request.POST, prefix="reveal", on=timezone.localdate(now))
    shown = None
    if form.is_valid():
        try:
            with because("查看完整信息"):
                shown = reveal_value(value, area=area, subject=subject, reason=form.given, by=staff, at=now)
        except NotPermitted:
            raise
        except ServiceError as error:
            show_refusal(form, error)
    is_piece = request.htmx  # type: ignore[attr-defined]
    template = "households/_revealed.html" if is_piece else "temporary_aid/reveal.html"
    context = {"back": back, "shown": shown, "value": value, "reveal_form": form}
    response = render(request, template, context, status=200 if shown or is_piece else REFUSED)
    response["Cache-Control"] = "no-store"
    return response
