"""Decides in the simulation what families get, with the product's own assessment, suggestion and services."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any

from applications.models import Case
from applications.models.cases import CaseKind
from applications.queries.reviewing import award_under_review, review_beside, version_in_force
from applications.rules.matters import MATTERS
from applications.rules.reviews import ReviewResult
from applications.rules.suggestion import Suggestion, suggest
from benefits import services as benefits
from benefits.models import Award, AwardState, PhaseOut, VersionKind
from eligibility.models import Assessment
from eligibility.services import store_assessment
from households.models import Member
from organizations.permissions import Role
from tests.simulation.driver import YEAR, Registrar
from tests.simulation.world import Family, Happening
from tests.support.factories import make_staff

_KINDS = {
    ReviewResult.CONTINUE.value: VersionKind.ADJUST,
    ReviewResult.RAISE.value: VersionKind.RAISE,
    ReviewResult.CUT.value: VersionKind.CUT,
}


class CountyOffice:
    """The county's people, and what they decide."""

    def __init__(self, registrar: Registrar, *, on: date) -> None:
        self.registrar = registrar
        self.officer = make_staff(Role.COUNTY_OFFICER, "341824", name="许春生", on=on)
        self.approver = make_staff(Role.COUNTY_APPROVER, "341824", name="方文娟", on=on)
        self.finance = make_staff(Role.FINANCE_OFFICER, "341824", name="石庆丰", on=on)
        self.awards: dict[int, int] = {}

    def decide(self, family: Family, happening: Happening) -> None:
        """Decide what a happening asks for, if it asks for anything."""
        decide = getattr(self, f"_{happening.kind}", None)
        if decide is not None and (happening.kind == "confirm" or family.number in self.awards):
            decide(family, happening)

    def award(self, family: Family) -> Award:
        """The family's award as it stands."""
        return Award.objects.select_related("area__parent", "household__area").get(pk=self.awards[family.number])

    def _confirm(self, family: Family, happening: Happening) -> None:
        file = self.registrar.file(family)
        if file.ended_on is not None:
            return
        assessment = store_assessment(file, on=happening.on, year=YEAR, by=self.registrar.clerk_of(family))
        found = suggest(assessment.result)
        if not found.is_eligible or found.basis != "household":
            return
        assert found.monthly_amount is not None
        with suppress(benefits.AlreadyCovered):
            award = benefits.grant_award(
                scheme="dibao",
                household=file,
                area=file.area,
                monthly_amount=found.monthly_amount,
                persons=_covered(found),
                category=found.category,
                basis=found.basis,
                reason="申请确认",
                decided_by=self.approver,
                decided_on=happening.on,
                assessment=assessment,
            )
            self.awards[family.number] = award.pk

    def _suspend(self, family: Family, happening: Happening) -> None:
        award, on = self.award(family), happening.on
        if award.state == AwardState.ACTIVE:
            benefits.decide_suspension(
                award,
                from_month=benefits.first_month(on),
                reason="联系不上",
                source="核查通知",
                by=self.approver,
                on=on,
            )

    def _resume(self, family: Family, happening: Happening) -> None:
        award, on = self.award(family), happening.on
        if award.state != AwardState.SUSPENDED:
            return
        with suppress(benefits.NotChangeable):  # everybody has died meanwhile
            benefits.decide_resumption(
                award,
                from_month=benefits.first_month(on),
                pays_withheld=happening.pays_withheld,
                reason="已核实",
                by=self.approver,
                on=on,
            )

    def _review(self, family: Family, happening: Happening) -> None:
        award, on = self.award(family), happening.on
        if award.state == AwardState.STOPPED:
            return
        file = award.household
        case = Case(kind=CaseKind.REVIEW, scheme="dibao", award=award, household=file)
        beside = review_beside(case, on=on)
        if beside["is_gone"]:
            self._stop(award, on=on)
            return
        if award.state == AwardState.SUSPENDED:
            return
        assessment = store_assessment(
            file, on=on, year=YEAR, by=self.registrar.clerk_of(family), award=award_under_review(case, on=on)
        )
        matter = MATTERS["dibao.review"]
        result: dict[str, Any] = dict(assessment.result)
        assert matter.further is not None
        result["review"] = matter.further(result, assessment.facts, beside)["review"]
        found = matter.suggest(result, assessment.facts)
        if found.review_result == ReviewResult.STOP:
            self._stop(award, on=on)
        elif found.review_result == ReviewResult.PHASE_OUT:
            self._phase_out(award, found, happening)
        else:
            self._go_on(award, found, assessment, on=on)

    def _stop(self, award: Award, *, on: date) -> None:
        benefits.end_award(
            award, last_month=on.replace(day=1), reason="复核停发", decided_by=self.approver, decided_on=on
        )

    def _go_on(self, award: Award, found: Suggestion, assessment: Assessment, *, on: date) -> None:
        if award.state == AwardState.PHASE_OUT:
            running = PhaseOut.objects.get(award=award, revoked_on=None)
            benefits.revoke_phase_out(running, reason="收入下降", by=self.approver, on=on)
        now, covered = version_in_force(award, on=on), _covered(found)
        before = {(row.person_id, row.topup_monthly_amount, row.topup_class) for row in now.persons.all()}
        after = {(row.person.pk, row.topup_monthly_amount, row.topup_class) for row in covered}
        same = (now.monthly_amount, now.category) == (found.monthly_amount, found.category)
        if same and before == after:
            return
        assert found.monthly_amount is not None
        kind = _KINDS[found.review_result]
        change = benefits.AwardChange(
            kind, found.monthly_amount, covered, found.category, "household", assessment=assessment
        )
        self._write(award, change, on=on)

    def _phase_out(self, award: Award, found: Suggestion, happening: Happening) -> None:
        if award.state == AwardState.PHASE_OUT:
            return
        if found.monthly_amount is None:
            self._leave_out_who_is_gone(award, found, on=happening.on)
        benefits.start_phase_out(
            award,
            months=happening.months,
            suggested_months=found.phase_out_months,
            suggestion="",
            reason="收入上升",
            by=self.approver,
            on=happening.on,
        )

    def _leave_out_who_is_gone(self, award: Award, found: Suggestion, *, on: date) -> None:
        """The sum that staff must find (须由经办人核定): the parts of those who are still there."""
        staying = {row.person.pk for row in _covered(found)}
        now = version_in_force(award, on=on)
        rows = now.persons.filter(person__in=staying).select_related("person").order_by("pk")
        covered = [
            benefits.CoveredPerson(row.person, row.topup_monthly_amount, row.topup_class, row.base_monthly_amount)
            for row in rows
        ]
        amount = sum((row.base_monthly_amount + row.topup_monthly_amount for row in rows), Decimal(0))
        change = benefits.AwardChange(
            VersionKind.PHASE_OUT, amount, covered, now.category, "household", assessment=now.assessment
        )
        self._write(award, change, on=on)

    def _write(self, award: Award, change: benefits.AwardChange, *, on: date) -> None:
        month = benefits.first_month(on)
        benefits.change_award(award, change=change, from_month=month, reason="复核", by=self.approver, on=on)


def _covered(found: Suggestion) -> Sequence[benefits.CoveredPerson]:
    """Whom a suggestion covers, in its order."""
    members = Member.objects.select_related("person").in_bulk([row.member_id for row in found.persons])
    return [
        benefits.CoveredPerson(members[row.member_id].person, row.topup_monthly_amount, row.topup_class)
        for row in found.persons
    ]
