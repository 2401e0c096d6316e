"""One family's page; registering it, changing its facts, showing a personal value in full."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from foundation.access import grant
from foundation.crypto import Secret
from foundation.dates import chinese_date
from foundation.errors import StaleVersion
from foundation.once import act_once, tell_once
from foundation.pages import Happening, stale_rows
from foundation.rates import REVEALS_A_MINUTE, limited
from households import queries, services
from households.forms import HouseholdForm, MemberForm, RegisterForm, VoidForm
from households.forms.families import household_initial, sealed_initial
from households.forms.people import INDICATORS
from households.models import Household
from households.permissions import can_attach, can_change
from households.signals import family_page_opened
from households.views.loading import attempt, crumbs, family_or_404, own_family, staff_of, to_family
from organizations.forms.reading import PurposeForm
from organizations.models import Staff
from organizations.permissions import Permission, can_act
from organizations.services import record_page


@grant(Permission.VIEW_HOUSEHOLD)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A family (家庭) with everything recorded of it."""
    household, staff, today = family_or_404(request, pk), staff_of(request), timezone.localdate()
    record_page(staff=staff, at=timezone.now(), subject_type="household", subject_id=household.pk)
    year = _year(request, household, today)
    panels = _panels(household, staff, today)
    may_change = can_change(staff, household) and household.ended_on is None
    members = list(queries.current_members(household))
    context = crumbs(
        household,
        members=members,
        former=household.members.filter(left_on__isnull=False).select_related("person"),
        indicators=dict(INDICATORS),
        year=year,
        years=queries.means_years(household) | {today.year, year},
        incomes=queries.incomes_of(household, year=year).select_related("member__person", "evidence"),
        expenses=queries.expenses_of(household, year=year).select_related("member__person", "evidence"),
        property=queries.property_of(household),
        supporters=queries.supporters_of(household),
        account=household.bank_accounts.filter(ended_on=None).select_related("payee_member__person").first(),
        agent=household.agents.filter(ended_on=None).first(),
        consents=household.consents.select_related("scan").prefetch_related(
            "signers__member__person", "signers__supporter"
        )[:5],
        consent=queries.valid_consent(household, on=today),
        attachments=household.attachments.select_related("uploaded_by"),
        happenings=_happenings(household, staff),
        transfer=queries.transfer_of(household, on=today),
        panels=panels,
        acts=[panel.action for panel in panels if panel.action],
        sections=_sections(panels),
        may_change=may_change,
        may_attach=can_attach(staff, household) and household.ended_on is None,
        may_reveal=can_act(staff, Permission.REVEAL_IDENTITY, area=household.area),
        reveal_form=PurposeForm(prefix="reveal", on=timezone.localdate()),
        void_form=VoidForm(),
        today=today,
    )
    return render(request, "households/detail.html", context)


def _year(request: HttpRequest, household: Household, today: date) -> int:
    text = request.GET.get("year", "")
    return int(text) if text.isascii() and text.isdigit() and 2000 <= int(text) <= today.year + 1 else today.year


def _panels(household: Household, staff: Staff, today: date) -> list[Any]:
    answers = family_page_opened.send(Household, household=household, staff=staff, on=today)
    return sorted((panel for _, panel in answers if panel is not None), key=lambda panel: panel.order)


def _sections(panels: list[Any]) -> list[tuple[str, str]]:
    own = [
        ("members", "家庭成员"),
        ("means", "收入与支出"),
        ("property", "财产"),
        ("supporters", "法定义务人"),
        ("payee", "账户与代理"),
        ("consent", "核查授权"),
        ("attachments", "附件"),
    ]
    return [*own, *[(panel.anchor, panel.title) for panel in panels], ("events", "经过")]


def _happenings(household: Household, staff: Staff) -> list[Happening]:
    seen = set(
        queries.visible_to(staff)
        .filter(pk__in=household.events.exclude(other_household=None).values("other_household"))
        .values_list("pk", flat=True)
    )
    rows = household.events.select_related("by", "person", "other_household")
    return [_happening(event, seen) for event in rows]


def _happening(event: Any, seen: set[int]) -> Happening:
    parts = [event.get_kind_display(), str(event.person or "")]
    if event.other_household_id in seen:
        parts.append(event.other_household.number)
    note = "；".join(part for part in (f"发生于{chinese_date(event.on)}", event.note) if part)
    return Happening(title=" ".join(filter(None, parts)), at=event.at, by=str(event.by), note=note)


@grant(Permission.REGISTER_HOUSEHOLD)
def register(request: HttpRequest) -> HttpResponse:
    """Register a family (登记家庭) with its head."""
    staff = staff_of(request)
    form = RegisterForm(request.POST or None, staff=staff)
    head = MemberForm(request.POST or None, prefix="head", is_head=True)
    if request.method == "POST" and all([form.is_valid(), head.is_valid()]):
        made = attempt(form, lambda: _register(form, head, staff), others=[head])
        if made is not None:
            tell_once(request, made, what="登记家庭", done="家庭已登记。请接着登记其他成员和收入。")
            return to_family(made[0], "members") if made[0] else redirect("households:list")
    context = {"form": form, "head": head}
    return render(request, "households/register.html", context, status=422 if form.is_bound else 200)


def _register(form: RegisterForm, head: MemberForm, staff: Staff) -> tuple[int, bool]:
    now = timezone.now()
    return act_once(
        form.cleaned_data["once"],
        lambda: services.register_household(
            area=form.cleaned_data["area"],
            head=head.member_data(),
            facts=form.facts(),
            by=staff,
            on=timezone.localdate(now),
            at=now,
        ),
    )


@grant(Permission.REGISTER_HOUSEHOLD)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a family's facts (变更家庭情况); a stale form shows both versions."""
    household = own_family(request, pk)
    form = HouseholdForm(request.POST or None, household=household)
    stale: Any = None
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        facts, staff = form.facts(), staff_of(request)
        try:
            saved = attempt(form, lambda: services.change_facts(household, facts=facts, by=staff, version=version))
        except StaleVersion:
            stale = stale_rows(form, household_initial(household) | sealed_initial(household))
            form = _with_version(form, household)
        else:
            if saved is not None:
                messages.success(request, "家庭情况已保存。")
                return to_family(pk)
    context = crumbs(household, form=form, stale=stale and [row for row in stale if row.field != "version"])
    return render(request, "households/edit.html", context, status=409 if stale else 200)


def _with_version(form: Any, household: Household) -> Any:
    """The bound form again with what was typed, over the version that is stored now."""
    typed = form.data.copy()
    typed[form.add_prefix("version")] = str(household.version)
    form.data = typed
    return form


Found = tuple[Secret, str, list[int]]
"""A value, the kind of row that it stands on, and whose it is where that is a person of ours."""


def _of_member(field: str) -> Callable[[Household, int], Found]:
    def find(household: Household, pk: int) -> Found:
        member = get_object_or_404(household.members.select_related("person"), pk=pk)
        return getattr(member.person, field), "member", [member.person_id]

    return find


def _of_row(rows: str, field: str) -> Callable[[Household, int], Found]:
    def find(household: Household, pk: int) -> Found:
        row = get_object_or_404(queries.rows_of(household, rows), pk=pk)
        return getattr(row, field), rows.removesuffix("s"), []

    return find


REVEALABLE: dict[str, Callable[[Household, int], Found]] = {
    "id-number": _of_member("id_number"),
    "phone": lambda household, _: (household.phone, "household", []),
    "permit-number": lambda household, _: (household.residence_permit_number, "household", []),
    "account": _of_row("bank_accounts", "account"),
    "agent-id": _of_row("agents", "id_number"),
    "agent-phone": _of_row("agents", "phone"),
    "supporter-id": _of_row("supporters", "id_number"),
    "supporter-phone": _of_row("supporters", "phone"),
}
"""What may be shown in full, by the word in the address."""


@grant(Permission.REVEAL_IDENTITY)
@limited("reveal", a_minute=REVEALS_A_MINUTE)
@require_POST
@transaction.atomic
def reveal(request: HttpRequest, pk: int, what: str, item: int) -> HttpResponse:
    """Show a personal value in full (查看完整信息), with a reason, recorded."""
    household = family_or_404(request, pk)
    if what not in REVEALABLE:
        raise Http404
    value, kind, person_ids = REVEALABLE[what](household, item)
    form = PurposeForm(request.POST, prefix="reveal", on=timezone.localdate())
    shown = None
    if form.is_valid():
        shown = attempt(
            form,
            lambda: services.reveal(
                value,
                area=household.area,
                subject=(kind, item),
                person_ids=person_ids,
                reason=form.given,
                by=staff_of(request),
                at=timezone.now(),
            ),
        )
    answer = {"shown": shown, "value": value, "reveal_form": form}
    template = "households/_revealed.html" if request.htmx else "households/reveal.html"  # type: ignore[attr-defined]
    response = render(request, template, crumbs(household, **answer), status=200 if shown or request.htmx else 422)  # type: ignore[attr-defined]
    response["Cache-Control"] = "no-store"
    return response
