"""Registering invented families through the services that the pages use."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from foundation.identity import age_on
from households import services
from households.models import Household, Member
from households.services import ExpenseData, IncomeData, MemberData, SupporterData
from organizations.models import Area, Staff
from workbench.demo_data.files import photo, scan
from workbench.demo_data.living import live
from workbench.demo_data.officers import Offices
from workbench.demo_data.plans import FamilyPlan, LifeEvent, PersonPlan
from workbench.demo_data.times import office_hour

ADULT = 18
CONSENT_DAYS = 730


@dataclass(frozen=True)
class DemoFamily:
    """A plan and the family that was registered after it, members in the plan's order."""

    plan: FamilyPlan
    household: Household
    members: tuple[Member, ...]


def make_families(plans: Iterable[FamilyPlan], offices: Offices, *, on: date, year: int) -> Iterator[DemoFamily]:
    """Register families on a day, each by its township's clerk, with means, consent and attachments.

    :param year: accounting year (核算年度) of their incomes and spending.
    """
    areas = {area.code: area for area in Area.objects.select_related("parent")}
    for number, plan in enumerate(plans):
        area = areas[plan.village_code]
        yield _make_family(plan, area=area, by=offices.township(area, 1), on=on, year=year, number=number)


def _make_family(plan: FamilyPlan, *, area: Area, by: Staff, on: date, year: int, number: int) -> DemoFamily:
    at = office_hour(on)
    household = services.register_household(
        area=area, head=_data(plan.people[0]), facts=plan.facts, by=by, on=on, at=at
    )
    members = [household.members.get()]
    for person in plan.people[1:]:
        if plan.life is LifeEvent.MERGE and person is plan.people[-1]:
            members.append(_alone(person, household, by=by, on=on, at=at))
        else:
            members.append(_add(household, person, members, by=by, on=on, at=at))
    family = DemoFamily(plan, household, tuple(members))
    _enter_means(family, by=by, on=on, year=year, at=at)
    _enter_representation(family, by=by, on=on)
    _hand_in(family, by=by, at=at, number=number)
    live(family, by=by, registered_on=on)
    household.refresh_from_db()
    return family


def _data(person: PersonPlan) -> MemberData:
    return MemberData(
        name=person.name,
        relation=person.relation,
        sex=person.sex,
        birth_date=person.birth_date,
        id_number=person.id_number,
        missing_id_reason=person.missing_id_reason,
        facts=person.facts,
        standing=person.standing,
        disability=person.disability,
    )


def _add(
    household: Household, person: PersonPlan, members: list[Member], *, by: Staff, on: date, at: datetime
) -> Member:
    if person.missing_id_reason == "newborn":
        parents = [member for member in members if member.relation in ("head", "spouse")]
        return services.record_birth(household, child=_data(person), parents=parents, by=by, on=on, at=at)
    return services.add_member(household, data=_data(person), by=by, on=on, at=at)


def _alone(person: PersonPlan, household: Household, *, by: Staff, on: date, at: datetime) -> Member:
    """A member who lives next door as a family of their own until the two families merge."""
    own = services.register_household(
        area=household.area,
        head=_data(replace(person, relation="head")),
        facts={"address": f"{household.address}西侧老屋", "residence": household.residence, "hardship_causes": "年老"},
        by=by,
        on=on,
        at=at,
    )
    return own.members.get()


def _enter_means(family: DemoFamily, *, by: Staff, on: date, year: int, at: datetime) -> None:
    services.save_property(family.household, facts=family.plan.property, by=by)
    pairs = list(zip(family.members, family.plan.people, strict=True))
    for household in {member.household_id: member.household for member in family.members}.values():
        own = [(member, person) for member, person in pairs if member.household_id == household.pk]
        services.save_incomes(household, year=year, rows=_incomes(own), by=by, at=at)
        services.save_expenses(household, year=year, rows=_expenses(own), by=by, at=at)
    for member, person in pairs:
        if person.supporters_known:
            rows = [SupporterData(item.name, item.relation, item.birth_date, item.facts) for item in person.supporters]
            services.save_supporters(member, rows=rows, known_all=True, by=by, on=on)


def _incomes(pairs: Iterable[tuple[Member, PersonPlan]]) -> list[IncomeData]:
    return [
        IncomeData(member, row.kind, row.yearly_amount, label=row.label, evidence_note=row.evidence_note)
        for member, person in pairs
        for row in person.incomes
    ]


def _expenses(pairs: Iterable[tuple[Member, PersonPlan]]) -> list[ExpenseData]:
    return [
        ExpenseData(
            member,
            row.kind,
            row.yearly_amount,
            claimed_yearly_amount=row.claimed_yearly_amount,
            label=row.label,
            evidence_note=row.evidence_note,
        )
        for member, person in pairs
        for row in person.expenses
    ]


def _enter_representation(family: DemoFamily, *, by: Staff, on: date) -> None:
    plan, household = family.plan, family.household
    payee = plan.payee
    services.set_bank_account(
        household,
        bank=plan.bank,
        account=plan.account,
        holder=payee.name if payee else plan.people[0].name,
        by=by,
        on=on,
        payee_kind=payee.kind if payee else "own",
        payee_member=None if payee else family.members[0],
        payee_name=payee.name if payee else "",
        payee_relation=payee.relation if payee else "",
    )
    if plan.agent:
        services.set_agent(
            household,
            name=plan.agent.name,
            relation=plan.agent.relation,
            by=by,
            on=on,
            id_number=plan.agent.id_number,
            phone=plan.agent.phone,
        )


def _hand_in(family: DemoFamily, *, by: Staff, at: datetime, number: int) -> None:
    """Papers that every family brings, and the consent that all its members signed."""
    household, day = family.household, at.date()
    services.add_attachment(household, kind="id_card", upload=photo("身份证.jpg", seed=number), by=by, at=at)
    services.add_attachment(household, kind="household_register", upload=scan("户口簿.pdf"), by=by, at=at)
    letter = services.add_attachment(household, kind="authorization_letter", upload=scan("授权书.pdf"), by=by, at=at)
    services.record_consent(
        household,
        signed_on=day,
        signers=_signers(family, on=day),
        by=by,
        on=day,
        valid_to=day + timedelta(days=CONSENT_DAYS),
        scan=letter,
    )


def _signers(family: DemoFamily, *, on: date) -> dict[int, str]:
    """Adults sign for themselves; a grown-up, else the payee, signs for minors."""
    adults = [person.name for person in family.plan.people if age_on(person.birth_date, on=on) >= ADULT]
    guardian = adults[0] if adults else family.plan.payee.name if family.plan.payee else "村委会监护人"
    return {
        member.pk: "" if age_on(person.birth_date, on=on) >= ADULT else guardian
        for member, person in zip(family.members, family.plan.people, strict=True)
    }
