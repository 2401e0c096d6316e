"""特困 cases: an elder who lives alone and nobody supports, and minors of whom the same is true."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from applications import services
from applications.models import StepPaper, StepTerm
from applications.rules.process import CaseState
from applications.services import SelfCareReport
from eligibility.services import assess_with_facts
from households import services as households
from households.models import Household, Member
from households.services import MemberData
from organizations.models import Staff
from organizations.models.delegations import Scheme
from organizations.services import delegate_confirmation
from tests.support.factories import area, make_id_number
from tests.support.stories import LINXI, START, VILLAGES, Crew, Story, county_data, crew, instant

_KEY = ("kind", "authority")


def tekun_data() -> None:
    """Terms and papers of 特困 where the county has none yet: those of 低保 stand in for them."""
    county_data()
    for term in StepTerm.objects.filter(scheme="dibao"):
        key = {name: getattr(term, name) for name in (*_KEY, "step")}
        if not StepTerm.objects.filter(scheme="tekun", valid__overlap=term.valid, **key).exists():
            term.pk, term.scheme = None, "tekun"
            term.save()
    for paper in StepPaper.objects.filter(scheme="dibao"):
        key = {name: getattr(paper, name) for name in (*_KEY, "state", "item")}
        if not StepPaper.objects.filter(scheme="tekun", valid__overlap=paper.valid, **key).exists():
            paper.pk, paper.scheme = None, "tekun"
            paper.save()


def not_asked(item: str, *, on: date = START) -> None:
    """The county does not ask for an item any more."""
    for row in StepPaper.objects.filter(scheme="tekun", item=item):
        row.valid = DateRange(row.valid.lower, on)
        row.save()


@dataclass
class TekunStory(Story):
    """A 特困 application; each method is one act of the person whose act it is."""

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

    def assessors(self) -> list[Staff]:
        return [self.people.officer, self.people.visitor]

    def head(self) -> Member:
        return self.household.members.select_related("person").get(relation="head", left_on=None)

    def suggested(self) -> services.ProposalData:
        facts, found = assess_with_facts(self.household, on=self.today, year=self.intake.accounting_year)
        suggestion = self.case.matter.suggest(found.as_dict(), facts)
        members = self.household.members.select_related("person").in_bulk()
        return services.ProposalData(
            is_eligible=suggestion.is_eligible,
            opinion="经核对、入户调查和评估，符合特困人员认定条件。",
            basis=suggestion.basis,
            category="",
            monthly_amount=suggestion.monthly_amount,
            persons=[
                services.ProposedPerson(
                    members[row.member_id],
                    monthly_amount=row.monthly_amount,
                    care_monthly_amount=row.care_monthly_amount,
                    care_level=row.care_level,
                    support_mode=row.support_mode,
                )
                for row in suggestion.persons
            ],
        )


def elder(people: Crew, *, township: str = LINXI, name: str = "程德福", on: date = START) -> Household:
    """A man of 71 who lives alone, without income, means or supporters."""
    return _alone(people, township=township, name=name, born=date(1955, 3, 12), on=on)


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


def tekun_story(
    *,
    township: str = LINXI,
    people: Crew | None = None,
    household: Household | None = None,
    delegated: bool = False,
    on: date = START,
) -> TekunStory:
    """A drafted 特困 application of an elder, or of another family."""
    tekun_data()
    people = people or crew(township)
    if delegated:
        delegate_confirmation(
            area(township), scheme=Scheme.TEKUN, starts_on=date(2026, 1, 1), document_number="绩民〔2026〕2号"
        )
    household = household or elder(people, township=township, on=on)
    intake = services.open_intake(
        household,
        applicant=household.members.get(relation="head"),
        channel="window",
        accounting_year=on.year,
        reason="年老，无人赡养",
        schemes=[Scheme.TEKUN],
        by=people.officer,
        on=on,
    )
    return TekunStory(people, household, intake, intake.cases.get(), on)


def tekun_case_in(state: CaseState, **options: Any) -> TekunStory:
    """A story brought to a state of the way to a decision."""
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
