"""发起复核: opening the review of one award."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from applications import services
from applications.forms.reviews import OpenReviewForm
from applications.models import Case
from applications.permissions import Permission
from applications.queries import head_of, version_in_force
from applications.views.loading import staff_of
from benefits.models import Award
from benefits.queries import running_awards
from foundation.access import grant
from foundation.errors import NotPermitted, ServiceError
from foundation.pages import show_refusal
from foundation.trail import because
from organizations.models import Staff
from organizations.models.delegations import Scheme

_SUBJECT = "发起复核"


@grant(Permission.ACCEPT)
@require_http_methods(["GET", "POST"])
def open_review(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the review of a running award (发起复核) outside its calendar: something changed, or somebody complained."""
    staff, on = staff_of(request), timezone.localdate()
    running = running_awards(staff, scheme=Scheme.DIBAO) | running_awards(staff, scheme=Scheme.TEKUN)
    award = get_object_or_404(running, pk=pk)
    form = OpenReviewForm(request.POST or None, on=on)
    if request.method == "POST" and form.is_valid():
        case = _opened(award, form, by=staff, on=on)
        if case is not None:
            messages.success(request, "复核已发起，请核对、入户后提出复核意见。")
            return redirect("applications:detail", pk=case.pk)
    version = version_in_force(award, on=on)
    name = head_of(award.household)
    context = {
        "title": _SUBJECT,
        "household": award.household,
        "family_name": f"{name}家庭",
        "family": f"{name}家庭：{award.get_scheme_display()}待遇 {award.number}，{version.person_count}人，"
        f"每月{version.monthly_amount:,.2f}元",
        "effect": "发起后由乡镇核对、入户、比对变化并提出复核意见，再由审核确认机关确认；复核不公示，"
        "拟减发、渐退、停发的先告知家庭（民发〔2021〕57号第三十一条、第三十二条）。确认以前待遇照旧。",
        "action_label": _SUBJECT,
        "cancel_url": f"{reverse('households:detail', args=[award.household_id])}#cases",
        "danger": False,
        "form": form,
    }
    return render(request, "applications/open_review.html", context, status=422 if form.errors else 200)


def _opened(award: Award, form: OpenReviewForm, *, by: Staff, on: date) -> Case | None:
    data = form.cleaned_data
    try:
        with because(_SUBJECT):
            return services.open_review(
                award,
                cause=data["cause"],
                cause_text=data["cause_text"],
                changed=data["changed"].splitlines(),
                accounting_year=data["accounting_year"],
                changed_on=data["changed_on"],
                by=by,
                on=on,
            )
    except NotPermitted:
        raise
    except ServiceError as error:
        show_refusal(form, error)
        return None
