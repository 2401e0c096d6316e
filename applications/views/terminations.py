"""发起终止救助供养: opening the termination of one person's award."""

from datetime import date
from typing import cast

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from applications import services
from applications.forms.terminations import OpenTerminationForm
from applications.models import Case
from applications.permissions import Permission
from applications.views.loading import staff_of
from benefits.models import Award
from benefits.queries import running_awards
from foundation.access import grant
from foundation.dates import chinese_date
from foundation.errors import NotPermitted, ServiceError
from foundation.pages import show_refusal
from foundation.trail import because
from households import services as households
from households.models import Person
from households.models.attachments import AttachmentKind
from organizations.models import Staff
from organizations.models.delegations import Scheme


@grant(Permission.ACCEPT)
@require_http_methods(["GET", "POST"])
def open_termination(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the termination of a running 特困 award (发起终止)."""
    staff, now = staff_of(request), timezone.now()
    award = get_object_or_404(running_awards(staff, scheme=Scheme.TEKUN), pk=pk)
    person = cast("Person", award.persons.select_related("person").get().person)
    on = timezone.localdate(now)
    form = OpenTerminationForm(request.POST or None, request.FILES or None, on=on, died_on=person.died_on)
    if request.method == "POST" and form.is_valid():
        case = _opened(award, form, by=staff, on=on)
        if case is not None:
            messages.success(request, "终止已发起，请调查核实。")
            return redirect("applications:detail", pk=case.pk)
    family = reverse("households:detail", args=[award.household_id])
    context = {
        "title": "发起终止救助供养",
        "household": award.household,
        "family_name": f"{person.name}家庭",
        "family": f"{person.name}：特困人员救助供养待遇 {award.number}",
        "effect": _effect(award, person),
        "action_label": "发起终止",
        "cancel_url": f"{family}#cases",
        "danger": False,
        "form": form,
    }
    return render(request, "applications/open_termination.html", context, status=422 if form.errors else 200)


def _effect(award: Award, person: Person) -> str:
    said = (
        "发起后由乡镇调查核实、提出意见、公示7天，再由审核确认机关决定；决定终止的，从决定下月起终止"
        "（民发〔2021〕43号第二十四条至第二十六条）。决定以前待遇照旧。"
        "未成年人可以继续享有到18周岁，满18周岁仍在接受义务教育或者在普通高中、中等职业学校就读的，可以继续享有。"
    )
    if person.died_on is not None:
        said += f"{person.name}已于{chinese_date(person.died_on)}死亡，死亡次月起不得计发。"
    return said


@transaction.atomic
def _kept(award: Award, form: OpenTerminationForm, *, by: Staff, on: date) -> Case:
    data = form.cleaned_data
    evidence = households.add_attachment(
        award.household, kind=AttachmentKind.OTHER, upload=data["evidence"], by=by, at=timezone.now()
    )
    return services.open_termination(
        award,
        data=services.TerminationData(
            cause=data["cause"],
            happened_on=data["happened_on"],
            facts=data["facts"],
            evidence=evidence,
            accounting_year=data["accounting_year"],
        ),
        by=by,
        on=on,
    )


def _opened(award: Award, form: OpenTerminationForm, *, by: Staff, on: date) -> Case | None:
    try:
        with because("发起终止"):
            return _kept(award, form, by=by, on=on)
    except NotPermitted:
        raise
    except ServiceError as error:
        show_refusal(form, error)
        return None
