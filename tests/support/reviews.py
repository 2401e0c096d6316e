"""Awards of 低保 that are reviewed, brought on by the people whose acts they are.

S is 755 yuan in the country. Of the family of three the wife's wage of 6,000 yuan a year makes 166.66 yuan a head, the
award is 755 × 3 − 500 = 1,765 with 227 (30 % of S) for the head's disability and 151 (20 %) for the daughter: 2,143.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from applications import services
from applications.models import Case
from applications.queries import suggestion_for
from applications.rules.matters import MATTERS
from applications.rules.reviews import TOLD_FIRST
from applications.services import ProposalData, ProposedPerson
from benefits.models import Award
from benefits.services import CoveredPerson, grant_award
from eligibility.services import store_assessment
from households import services as households
from households.models import Household
from households.services import IncomeData
from organizations.models.delegations import Scheme
from organizations.services import delegate_confirmation
from tests.support.crews import LINXI, START, Crew, county_data, crew, family, instant
from tests.support.factories import answers_of, area
from tests.support.replay import told_once
from tests.support.stories import Story

AMOUNT = Decimal("2143.00")
REVIEWED = date(2026, 11, 9)


@told_once
def awarded(people: Crew, *, household: Household | None = None, on: date = START) -> Award:
    """The award of the family of three, as the rules come to it, from the month after."""
    county_data()
    household = household or family(people, on=on)
    assessment = store_assessment(household, on=on, year=on.year, by=people.officer)
    found = MATTERS["dibao.application"].suggest(assessment.result, assessment.facts)
    assert found.monthly_amount is not None
    members = household.members.select_related("person").in_bulk()
    return grant_award(
        scheme=Scheme.DIBAO,
        household=household,
        area=household.area,
        monthly_amount=found.monthly_amount,
        persons=[
            CoveredPerson(members[row.member_id].person, row.topup_monthly_amount, row.topup_class)
            for row in found.persons
        ],
        category=found.category,
        basis=found.basis,
        reason="低保申请确认",
        decided_by=people.approver,
        decided_on=on,
        assessment=assessment,
    )


def earn(household: Household, people: Crew, yearly: str, *, on: date = REVIEWED) -> None:
    """The wife earns another wage."""
    wife = household.members.get(relation="spouse")
    rows = [IncomeData(member=wife, kind="wage", yearly_amount=Decimal(yearly), label="镇上饭店帮工")]
    households.save_incomes(household, year=on.year, rows=rows, by=people.officer, at=instant(on))


@dataclass
class ReviewStory(Story):
    """A review and the day it has come to."""

    def sign_consent(self) -> "ReviewStory":
        members = self.household.members.filter(left_on=None).select_related("person")
        signers = {m.pk: "胡德旺" if self.today.year - m.person.birth_date.year < 19 else "" for m in members}
        supporters = answers_of(self.household)
        by, on = self.people.officer, self.today
        households.record_consent(self.household, signed_on=on, by=by, on=on, signers=signers, supporters=supporters)
        return self

    def investigate(self) -> "ReviewStory":
        self.sign_consent().start()
        self.ask_check().later(2).answer_check().visit()
        return self

    def suggested(self) -> ProposalData:
        found, members = suggestion_for(self.case, on=self.today), self.household.members.in_bulk()
        return ProposalData(
            is_eligible=True,
            opinion="经核对和入户，情况属实。",
            basis=found.basis,
            category=found.category,
            monthly_amount=found.monthly_amount,
            persons=[
                ProposedPerson(
                    members[row.member_id],
                    row.topup_monthly_amount,
                    row.topup_class,
                    row.monthly_amount,
                    row.care_monthly_amount,
                    row.care_level,
                    row.support_mode,
                )
                for row in found.persons
            ],
            review_result=found.review_result,
            phase_out_months=found.phase_out_months,
        )

    def to_confirming(self, data: ProposalData | None = None) -> "ReviewStory":
        """Proposed and signed, the family told where it is to be, its days over, up for confirmation."""
        self.draft(data).sign()
        proposal = self.case.proposals.get(replaced_on=None)
        if proposal.review_result in TOLD_FIRST and not (self.case.scheme == "tekun" and proposal.basis == ""):
            services.tell_not_eligible(self.refresh(), by=self.people.officer, on=self.today)
            self.later(4)
        services.send_to_confirm(self.refresh(), by=self.people.officer, on=self.today)
        return self


def review_of(award: Award, people: Crew, *, on: date = REVIEWED, **more: Any) -> ReviewStory:
    """The review of an award, just opened."""
    values = {"cause": "reported", "cause_text": "妻子换了工作。", "changed": ["汪秋菊的工资有变化"]}
    case = services.open_review(award, **values | more, by=people.officer, on=on)
    return ReviewStory(people, award.household, case.intake, case, on)


def reviewed(
    yearly: str = "6000.00", *, people: Crew | None = None, delegated: bool = False, **more: Any
) -> ReviewStory:
    """A review of the family of three, looked into, whose wife earns a wage now."""
    people = people or crew()
    award = awarded(people)
    if delegated:
        start = date(2026, 1, 1)
        delegate_confirmation(area(LINXI), scheme=Scheme.DIBAO, starts_on=start, document_number="绩民〔2026〕1号")
    earn(award.household, people, yearly)
    return review_of(award, people, **more).investigate()


def decided(story: ReviewStory, data: ProposalData | None = None) -> Award:
    """The award after its review was confirmed."""
    story.to_confirming(data).approve()
    assert story.case.award is not None
    return Award.objects.get(pk=story.case.award_id)


def cases_of(award: Award) -> list[str]:
    return list(Case.objects.filter(award=award).order_by("pk").values_list("kind", flat=True))
