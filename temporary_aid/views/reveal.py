"""查看完整信息 of whom an aid helps: ID number or telephone, with a purpose, on record."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from foundation.access import grant
from foundation.errors import NotPermitted, ServiceError
from foundation.pages import show_refusal
from foundation.rates import REVEALS_A_MINUTE, limited
from foundation.trail import because
from households.services import reveal as reveal_value
from organizations.forms.reading import PurposeForm
from temporary_aid.permissions import Permission
from temporary_aid.views.loading import aid_or_404, staff_of

REFUSED = 422
REVEALABLE = {"id-number": "recipient_id_number", "phone": "recipient_phone"}


@grant(Permission.REVEAL_IDENTITY)
@limited("reveal", a_minute=REVEALS_A_MINUTE)
@require_POST
def reveal(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """The recipient's ID number or telephone in full."""
    aid, staff, now = aid_or_404(request, pk), staff_of(request), timezone.now()
    if what not in REVEALABLE:
        raise Http404
    value = getattr(aid, REVEALABLE[what])
    form = PurposeForm(request.POST, prefix="reveal", on=timezone.localdate(now))
    shown = None
    if form.is_valid():
        try:
            with because("查看完整信息"):
                shown = reveal_value(
                    value, area=aid.area, subject=("temporary_aid", aid.pk), reason=form.given, by=staff, at=now
                )
        except NotPermitted:
            raise
        except ServiceError as error:
            show_refusal(form, error)
    is_piece = request.htmx  # type: ignore[attr-defined]
    template = "households/_revealed.html" if is_piece else "temporary_aid/reveal.html"
    context = {"aid": aid, "shown": shown, "value": value, "reveal_form": form}
    response = render(request, template, context, status=200 if shown or is_piece else REFUSED)
    response["Cache-Control"] = "no-store"
    return response
