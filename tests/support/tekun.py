"""特困 cases, told by the people whose acts they are: an old man alone, or a family of 低保 with its old father."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from applications import services
from applications.models import Case
from applications.queries import covered_members
from eligibility.services import assess_with_facts
from households import services as households
from households.models import Household, Member
from households.services import MemberData, SupporterData
from organizations.models.delegations import Scheme
from tests.support.factories import area, make_id_number
from tests.support.self_care import TekunStory as Assessing
from tests.support.stories import LINXI, START, VILLAGES, Crew, Story, county_data, crew, family, instant

OLD_MAN = "胡福生"


@dataclass
class TekunStory(Assessing):
    """A story whose drafted proposal is what the rules suggest for 特困."""

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


def tekun_story(
    household: Household | None = None,
    *,
    people: Crew | None = None,
    schemes: Sequence[Scheme] = (Scheme.TEKUN,),
    on: date = START,
) -> TekunStory:
    """A drafted application for 特困."""
    county_data()
    people = people or crew()
    household = household or old_man(people)
    intake = services.open_intake(
        household,
        applicant=household.members.filter(person__name=OLD_MAN).first(),
        channel="window",
        accounting_year=on.year,
        reason="年老，无依无靠",
        schemes=list(schemes),
        by=people.officer,
        on=on,
    )
    return TekunStory(people, household, intake, intake.cases.get(scheme=Scheme.TEKUN), on)


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
