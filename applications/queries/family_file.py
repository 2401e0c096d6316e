"""What is on record of a case's family and of its application, each part read once, when it is asked for."""

from datetime import date
from functools import cached_property

from applications.models import Case, Complaint, IntakePaper, RelativeDeclaration, SupplementItem, SupplementNotice
from applications.queries.notices import Namesake, namesakes
from benefits.queries import CoveredElsewhere, covered_elsewhere
from households.models import Consent, Expense, Income, Member, Property, Supporter
from households.queries import current_members, expenses_of, incomes_of, members_on, supporters_of, valid_consent


class FamilyFile:
    """The family of a case and its intake.

    :param on: the day for which terms, lacks and a fresh assessment are worked out.
    """

    def __init__(self, case: Case, *, on: date) -> None:
        self.case = case
        self.on = on

    # --- The family -------------------------------------------------------------------------------------------

    @cached_property
    def members(self) -> list[Member]:
        """Who stands in the family now; of a family that moved away, who stood in it when the case ended."""
        if self.case.family_moved_away:
            return list(members_on(self.case.household, on=self.case.state_since))
        return list(current_members(self.case.household))

    @property
    def head(self) -> Member:
        """The head (户主); where nobody heads the family any more, the applicant."""
        return next((member for member in self.members if member.relation == "head"), self.case.applicant)

    @cached_property
    def family(self) -> str:
        """The family as pages name it: 胡德旺家庭（3人）."""
        return f"{self.head.person.name}家庭（{len(self.members)}人）"

    @cached_property
    def incomes(self) -> list[Income]:
        return list(incomes_of(self.case.household, year=self.case.intake.accounting_year))

    @cached_property
    def expenses(self) -> list[Expense]:
        return list(expenses_of(self.case.household, year=self.case.intake.accounting_year))

    @cached_property
    def owned(self) -> Property | None:
        return Property.objects.filter(household=self.case.household_id).first()

    @cached_property
    def supporters(self) -> list[Supporter]:
        return list(supporters_of(self.case.household))

    # --- Intake -----------------------------------------------------------------------------------------------

    @cached_property
    def papers(self) -> list[IntakePaper]:
        return list(self.case.intake.papers.filter(voided_at=None).select_related("attachment"))

    @cached_property
    def consent(self) -> Consent | None:
        """The consent (核查授权) that every present member has signed; for 特困 the supporters, too (F43 §10)."""
        asked = self.supporters if self.case.scheme == "tekun" else ()
        return valid_consent(self.case.household, on=self.on, members=self.members, supporters=asked)

    @cached_property
    def relatives(self) -> list[RelativeDeclaration]:
        return list(self.case.intake.relatives.select_related("member__person"))

    @cached_property
    def namesakes(self) -> list[Namesake]:
        """Who bears the name or number of somebody who works on cases (近亲属比对), while the case is open."""
        if not self.case.is_open:
            return []
        return namesakes(members=self.members, supporters=self.supporters, registered=self.relatives, on=self.on)

    @cached_property
    def covered_elsewhere(self) -> list[CoveredElsewhere]:
        """Where members are covered by another family's award, while the case is open."""
        return covered_elsewhere(self.case.household, on=self.on) if self.case.is_open else []

    @cached_property
    def complaints(self) -> list[Complaint]:
        return list(self.case.complaints.all())

    @property
    def notice(self) -> SupplementNotice | None:
        """The one list of what was missing (一次性补正告知)."""
        return getattr(self.case, "supplement_notice", None)

    @cached_property
    def supplement_items(self) -> list[SupplementItem]:
        return list(self.notice.items.all()) if self.notice else []
