"""Decides and pays in the simulation, with the product's own assessment, suggestion and services."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from applications.models import Case
from applications.models.cases import CaseKind
from applications.queries.reviewing import award_under_review, review_beside
from applications.rules.matters import MATTERS
from applications.rules.suggestion import Suggestion, suggest
from benefits import services as benefits
from benefits.models import Award, AwardState, MonthlyRoll, PhaseOut, RollLine, VersionKind
from benefits.services import rolls
from benefits.services.recouping import RecoupmentRefused, approve_recoupment, propose_recoupment
from eligibility.services import store_assessment
from households.models import Household
from organizations.models import Area
from organizations.permissions import Role
from tests.simulation.driver import YEAR, Registrar, at
from tests.simulation.world import Family, Happening
from tests.support.factories import area, make_staff


class CountyOffice:
    """The county's people, and what they decide and pay."""

    def __init__(self, registrar: Registrar, townships: Sequence[str], *, on: date) -> None:
        self.registrar = registrar
        self.townships: list[Area] = [area(code) for code in townships]
        self.officer = make_staff(Role.COUNTY_OFFICER, "341824", name="许春生", on=on)
        self.approver = make_staff(Role.COUNTY_APPROVER, "341824", name="方文娟", on=on)
        self.finance = make_staff(Role.FINANCE_OFFICER, "341824", name="石庆丰", on=on)
        self.awards: dict[int, Award] = {}

    def decide(self, family: Family, happening: Happening) -> None:
        """Decide what a happening asks for, if it asks for anything."""
        decide = getattr(self, f"_{happening.kind}", None)
        if decide is not None and (happening.kind == "confirm" or family.number in self.awards):
            decide(family, happening)

    def _confirm(self, family: Family, happening: Happening) -> None:
        file = self.registrar.file(family)
        assessment = store_assessment(file, on=happening.on, year=YEAR, by=self.registrar.clerk_of(family))
        found = suggest(assessment.result)
        if not found.is_eligible or found.basis != "household":
            return
        self.awards[family.number] = benefits.grant_award(
            scheme="dibao",
            household=file,
            area=file.area,
            monthly_amount=found.monthly_amount,
            persons=self._covered(family, found),
            category=found.category,
            basis=found.basis,
            reason="申请确认",
            decided_by=self.approver,
            decided_on=happening.on,
            assessment=assessment,
        )

    def _covered(self, family: Family, found: Suggestion) -> list[benefits.CoveredPerson]:
        topups = {row.member_id: row for row in found.persons}
        return [
            benefits.CoveredPerson(member.person, topups[member.pk].topup_monthly_amount, topups[member.pk].topup_class)
            for _, member in self.registrar.in_order(family)
            if member.pk in topups
        ]

    def _award(self, family: Family) -> Award:
        return Award.objects.get(pk=self.awards[family.number].pk)

    def _suspend(self, family: Family, happening: Happening) -> None:
        award = self._award(family)
        if award.state == AwardState.ACTIVE:
            month = benefits.first_month(happening.on)
            benefits.suspend_award(award, from_month=month, reason="联系不上", by=self.approver, on=happening.on)

    def _resume(self, family: Family, happening: Happening) -> None:
        award = self._award(family)
        if award.state == AwardState.SUSPENDED:
            benefits.resume_award(
                award,
                from_month=benefits.first_month(happening.on),
                pays_withheld=happening.pays_withheld,
                reason="已核实",
                by=self.approver,
                on=happening.on,
            )

    def _review(self, family: Family, happening: Happening) -> None:
        award = self._award(family)
        if award.state not in (AwardState.ACTIVE, AwardState.PHASE_OUT):
            return
        file = Household.objects.get(pk=award.household_id)
        case = Case(kind=CaseKind.REVIEW, scheme="dibao", award=award, household=file)
        assessment = store_assessment(
            file,
            on=happening.on,
            year=YEAR,
            by=self.registrar.clerk_of(family),
            award=award_under_review(case, on=happening.on),
        )
        matter = MATTERS["dibao.review"]
        beside = review_beside(case, on=happening.on)
        result: dict[str, Any] = dict(assessment.result)
        assert matter.further is not None
        result["review"] = matter.further(result, assessment.facts, beside)["review"]
        found = matter.suggest(result, assessment.facts)
        getattr(self, f"_decide_{found.review_result}")(family, award, found, happening, assessment)

    def _decide_continue(
        self, family: Family, award: Award, found: Suggestion, happening: Happening, assessment: Any
    ) -> None:
        self._change(family, award, found, happening, assessment, VersionKind.ADJUST)

    def _decide_raise(
        self, family: Family, award: Award, found: Suggestion, happening: Happening, assessment: Any
    ) -> None:
        self._change(family, award, found, happening, assessment, VersionKind.RAISE)

    def _decide_cut(
        self, family: Family, award: Award, found: Suggestion, happening: Happening, assessment: Any
    ) -> None:
        self._change(family, award, found, happening, assessment, VersionKind.CUT)

    def _change(
        self, family: Family, award: Award, found: Suggestion, happening: Happening, assessment: Any, kind: VersionKind
    ) -> None:
        if award.state == AwardState.PHASE_OUT:
            running = PhaseOut.objects.get(award=award, revoked_on=None)
            if happening.on >= benefits.first_month(running.last_month):
                return
            benefits.revoke_phase_out(running, reason="收入下降", by=self.approver, on=happening.on)
        now = award.versions.latest("serial")
        covered = self._covered(family, found)
        is_same = now.monthly_amount == found.monthly_amount and now.category == found.category
        if is_same and set(now.persons.values_list("person", flat=True)) == {row.person.pk for row in covered}:
            return
        self._write(award, covered, found.monthly_amount, found.category, kind, happening, assessment)

    def _write(
        self,
        award: Award,
        covered: Sequence[benefits.CoveredPerson],
        amount: Decimal | None,
        category: str,
        kind: VersionKind,
        happening: Happening,
        assessment: Any,
    ) -> None:
        assert amount is not None
        change = benefits.AwardChange(kind, amount, covered, category, "household", assessment=assessment)
        benefits.change_award(
            award,
            change=change,
            from_month=benefits.first_month(happening.on),
            reason="复核",
            by=self.approver,
            on=happening.on,
        )

    def _decide_phase_out(
        self, family: Family, award: Award, found: Suggestion, happening: Happening, assessment: Any
    ) -> None:
        if award.state == AwardState.PHASE_OUT:
            return
        now = award.versions.latest("serial")
        rows = list(now.persons.select_related("person").order_by("pk"))
        living = [row for row in rows if row.person.died_on is None]
        if len(living) < len(rows):
            covered = [
                benefits.CoveredPerson(row.person, row.topup_monthly_amount, row.topup_class, row.base_monthly_amount)
                for row in living
            ]
            amount = sum((row.base_monthly_amount + row.topup_monthly_amount for row in living), Decimal(0))
            self._write(award, covered, amount, now.category, VersionKind.PHASE_OUT, happening, now.assessment)
        benefits.start_phase_out(
            award,
            months=happening.months,
            suggested_months=None,
            suggestion="",
            reason="收入上升",
            by=self.approver,
            on=happening.on,
        )

    def _decide_stop(
        self, family: Family, award: Award, found: Suggestion, happening: Happening, assessment: Any
    ) -> None:
        if award.ends_month is not None and happening.on >= benefits.first_month(award.ends_month):
            return
        benefits.end_award(
            award,
            last_month=happening.on.replace(day=1),
            reason="复核停发",
            decided_by=self.approver,
            decided_on=happening.on,
        )

    def pay(self, month: date, *, on: date) -> dict[tuple[int, int], RollLine]:
        """Make, sign and freeze the month's rolls; its lines by family and township."""
        numbers = {key: number for number, key in self.registrar.keys.items()}
        found: dict[tuple[int, int], RollLine] = {}
        for place, township in enumerate(self.townships):
            try:
                roll = rolls.prepare_roll(month, "dibao", township, by=self.officer, on=on)
            except rolls.NothingOwed:
                continue
            self._sign(roll, place, on=on)
            for line in RollLine.objects.filter(roll=roll):
                found[numbers[line.household_id], place] = line
        return found

    def _sign(self, roll: MonthlyRoll, place: int, *, on: date) -> None:
        rolls.check_roll_township(roll, opinion="已核对", by=self.registrar.offices[place].lead, on=on)
        rolls.check_roll_county(roll, opinion="同意", by=self.approver, on=on)
        rolls.freeze_roll(roll, opinion="同意拨付", by=self.finance, at=at(on))

    def order_back(self, family: Family, *, on: date) -> bool:
        """Order back what was overpaid, where that is so and nothing is being taken back yet."""
        try:
            order = propose_recoupment(self._award(family), reason="多发", by=self.officer, on=on)
        except RecoupmentRefused:
            return False
        approve_recoupment(order, by=self.approver, on=on)
        return True
