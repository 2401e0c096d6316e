"""Papers and scans on which an ID number stands in full: opened for a purpose, on record, so many an hour."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from foundation.errors import NotPermitted, ServiceError
from foundation.pages import show_refusal
from foundation.trail import because
from households.services import record_reveal
from organizations.forms.reading import PurposeForm
from temporary_aid.models import TemporaryAid
from temporary_aid.permissions import Permission, check_can_act
from temporary_aid.views.loading import REFUSED, staff_of


def with_purpose(
    request: HttpRequest, aid: TemporaryAid, *, title: str, subject: tuple[str, int], opened: Callable[[], HttpResponse]
) -> HttpResponse:
    """Ask what it is read for (查阅事由), put that on record, then answer what was asked for.

    :param subject: what is opened: kind and primary key.
    :raises NotPermitted: the person sees no full numbers (查看完整证号) where the aid is handled.
    """
    staff, now = staff_of(request), timezone.now()
    check_can_act(staff, Permission.REVEAL_IDENTITY, area=aid.area)
    form = PurposeForm(request.POST if request.method == "POST" else None, on=timezone.localdate(now))
    if form.is_bound and form.is_valid():
        try:
            with because("查看完整信息"):
                record_reveal(area=aid.area, subject=subject, reason=form.given, by=staff, at=now)
        except NotPermitted:
            raise
        except ServiceError as error:
            show_refusal(form, error)
        else:
            return opened()
    context = {
        "title": title,
        "family": f"{aid.number} {aid.recipient_name}",
        "effect": "上面有完整的身份证号，打开须选查阅事由，每次打开都有记录。",
        "form": form,
        "action_label": "打开",
        "cancel_url": reverse("temporary_aid:detail", args=[aid.pk]),
        "nav_key": "temporary_aid",
    }
    response = render(request, "components/confirm_page.html", context, status=REFUSED if form.is_bound else 200)
    response["Cache-Control"] = "no-store"
    return response
