"""特困 cases, told by the people whose acts they are: of somebody old or young alone, or of a family's old father."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from applications import services
from applications.models import Case, StepPaper
from applications.queries import covered_members
from applications.rules.process import CaseState
from applications.services import SelfCareReport
from eligibility.services import assess_with_facts
from households import services as households
from households.models import Household, Member
from households.services import MemberData, SupporterData
from organizations.models import Staff
from organizations.models.delegations import Scheme
from organizations.services import delegate_confirmation
from tests.support.crews import LINXI, START, VILLAGES, Crew, county_data, crew, family, instant
from tests.support.factories import area, make_id_number
from tests.support.replay import told_once
from tests.support.stories import Story

OLD_MAN = "胡福生"


@dataclass
class TekunStory(Story):
    """A story whose drafted proposal is what the rules suggest for 特困."""

    def head(self) -> Member:
        return self.household.members.select_related("person").get(relation="head", left_on=None)

    def assessors(self) -> list[Staff]:
        return [self.people.officer, self.people.visitor]

    def assess(self, member: Member | None = None, **values: Any) -> "TekunStory":
        """The township and the county assess a member together."""
        report: dict[str, Any] = {
            "assessed_on": self.today,
            "place": "家中",
            "not_managed": ["bathing"],
            "support_mode": "home_based",
            "mode_said_by": "本人",
        }
        services.assess_self_care(
            member or self.head(),
            report=SelfCareReport(**report | values),
            assessors=self.assessors(),
            by=self.people.officer,
            on=self.today,
            case=self.case,
        )
        return self

    def assess_all(self) -> "TekunStory":
        """Township and county assess who is not recognised yet; what was said of them before turns out right."""
        covered = covered_members(self.household, scheme=Scheme.TEKUN)
        for row in [row for row in self.suggested().persons if row.member.pk not in covered]:
            person = row.member.person
            self.assess(row.member, not_managed=person.unable_self_care, support_mode=person.support_mode)
        return self

    def draw_and_check(self) -> "TekunStory":
        """The county draws; alone in its batch the case is drawn, and two of the county visit."""
        services.draw_checks(seed="种子", by=self.people.visitor, on=self.today)
        self.county_visit()
        return self

    def suggested(self) -> services.ProposalData:
        facts, result = assess_with_facts(self.household, on=self.today, year=self.intake.accounting_year)
        return self.proposed(self.case.matter.suggest(result.as_dict(), facts))

    def proposed(self, found: Any, **changes: Any) -> services.ProposalData:
        members = self.household.members.in_bulk()
        persons = [
            services.ProposedPerson(
                members[row.member_id],
                monthly_amount=row.monthly_amount,
                care_monthly_amount=row.care_monthly_amount,
                care_level=row.care_level,
                support_mode=row.support_mode,
            )
            for row in found.persons
        ]
        values = {
            "is_eligible": found.is_eligible,
            "opinion": "经调查核实，三项条件同时具备。",
            "basis": found.basis,
            "monthly_amount": found.monthly_amount,
            "persons": persons,
        }
        return services.ProposalData(**values | changes)

    def resolve(self) -> "TekunStory":
        for row in self.case.publicities.get(closed_on=None).objections.filter(resolved_on=None):
            services.resolve_objection(row, resolution="查无此收入。", by=self.people.officer, on=self.today)
        return self


@told_once
def old_man(people: Crew, *, on: date = START, born: date = date(1950, 3, 12), known: bool = True) -> Household:
    """One man alone without income or anybody who owes him support."""
    head = MemberData(
        name=OLD_MAN,
        relation="head",
        sex="male",
        birth_date=born,
        id_number=make_id_number(birth_date=born),
        facts={"unable_self_care": ["bathing", "dressing"]},
    )
    household = households.register_household(
        area=area(VILLAGES[LINXI]),
        head=head,
        facts={"address": "二组3号", "residence": "rural"},
        by=people.officer,
        on=on,
        at=instant(on),
    )
    if known:
        know_supporters(household.members.get(), people, on=on)
    return household


@told_once
def elder(people: Crew, *, township: str = LINXI, name: str = "程德福", on: date = START) -> Household:
    """A man of 71 who lives alone, without income, means or supporters."""
    return _alone(people, township=township, name=name, born=date(1955, 3, 12), on=on)


@told_once
def child(people: Crew, *, township: str = LINXI, name: str = "汪小龙", on: date = START) -> Household:
    """A boy of ten whose parents are gone."""
    return _alone(people, township=township, name=name, born=date(2016, 4, 2), on=on)


def _alone(people: Crew, *, township: str, name: str, born: date, on: date) -> Household:
    head = MemberData(
        name=name, relation="head", sex="male", birth_date=born, id_number=make_id_number(birth_date=born)
    )
    household = households.register_household(
        area=area(VILLAGES[township]),
        head=head,
        facts={"address": "三组7号", "residence": "rural", "phone": "13905632208"},
        by=people.officer,
        on=on,
        at=instant(on),
    )
    member = household.members.get(relation="head")
    households.save_supporters(member, rows=[], known_all=True, by=people.officer, on=on)
    households.save_property(household, facts={"financial_assets": Decimal("500.00")}, by=people.officer)
    return household


@told_once
def family_with_father(people: Crew, *, on: date = START) -> Household:
    """The family of 低保 (see ``stories.family``) with the head's father of 86, whom nobody is able to support."""
    household = family(people, on=on)
    born = date(1940, 3, 5)
    data = MemberData(
        name=OLD_MAN,
        relation="parent",
        sex="male",
        birth_date=born,
        id_number=make_id_number(birth_date=born),
        facts={},
    )
    know_supporters(
        households.add_member(household, data=data, by=people.officer, on=on, at=instant(on)), people, on=on
    )
    return household


def know_supporters(member: Member, people: Crew, *, on: date, rows: Sequence[SupporterData] = ()) -> None:
    """Nobody outside the family owes the member support, but for these."""
    households.save_supporters(member, rows=rows, known_all=True, by=people.officer, on=on)


def not_asked(item: str, *, on: date = START) -> None:
    """The county does not ask for an item of 特困 any more."""
    for row in StepPaper.objects.filter(scheme="tekun", item=item):
        row.valid = DateRange(row.valid.lower, on)
        row.save()


@told_once
def tekun_story(
    household: Household | None = None,
    *,
    people: Crew | None = None,
    township: str = LINXI,
    delegated: bool = False,
    schemes: Sequence[Scheme] = (Scheme.TEKUN,),
    on: date = START,
) -> TekunStory:
    """A drafted application for 特困: of the family's old man, else of its head."""
    county_data()
    people = people or crew(township)
    if delegated:
        delegate_confirmation(
            area(township), scheme=Scheme.TEKUN, starts_on=date(2026, 1, 1), document_number="绩民〔2026〕2号"
        )
    household = household or old_man(people, on=on)
    members = household.members.filter(left_on=None)
    intake = services.open_intake(
        household,
        applicant=members.filter(person__name=OLD_MAN).first() or members.get(relation="head"),
        channel="window",
        accounting_year=on.year,
        reason="年老，无依无靠",
        schemes=list(schemes),
        by=people.officer,
        on=on,
    )
    return TekunStory(people, household, intake, intake.cases.get(scheme=Scheme.TEKUN), on)


@told_once
def tekun_case_in(state: CaseState, **options: Any) -> TekunStory:
    """A story brought to a state of the way to a decision, assessed once it is proposed."""
    if options.get("household") is None:
        township = options.get("township", LINXI)
        options["people"] = options.get("people") or crew(township)
        options["household"] = elder(options["people"], township=township)
    story = tekun_story(**options)
    story.sign_papers().submit().accept().later().start().ask_check().later(2).answer_check().visit()
    if state == CaseState.INVESTIGATING:
        return story
    story.assess().later().draft().sign()
    if state == CaseState.PROPOSED:
        return story
    story.later().publicise().photograph().wait_publicity().close()
    assert story.refresh().state == CaseState.CONFIRMING
    return story


def beside(story: Story, scheme: Scheme) -> Story:
    """The case of another scheme of the same intake, told by the same people."""
    case: Case = story.intake.cases.get(scheme=scheme)
    return Story(story.people, story.household, story.intake, case, story.today)


def to_investigating(story: TekunStory) -> TekunStory:
    story.sign_papers().submit().accept().later().start()
    story.ask_check().later(2).answer_check().visit()
    return story.assess_all()


def to_confirming(story: TekunStory) -> TekunStory:
    to_investigating(story).later().draft().sign().later().publicise().photograph().wait_publicity().close()
    return story.draw_and_check()
