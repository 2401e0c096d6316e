"""Aid that was granted, with its stages, for tests of what comes after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from foundation.trail import acting
from households.models import Household
from organizations.models import Staff
from temporary_aid.models import AidStage, TemporaryAid
from temporary_aid.queries import aid_terms
from temporary_aid.rules.plans import PlannedStage
from temporary_aid.rules.states import AidRoute, DecidedBy
from temporary_aid.services.granting import Reasons, judge, keep_grant, make_stages
from temporary_aid.services.paying import PaymentData, pay_stage
from temporary_aid.services.stages import VisitData, confirm_stage, record_visit
from tests.support.aid import NIGHT, open_urgent
from tests.support.crews import LINXI, Crew, crew, family

DECIDED = NIGHT + timedelta(hours=2)
"""Sunday 13 September 2026, 01:30."""
PAID = NIGHT + timedelta(hours=10)
"""Sunday 13 September 2026, 09:30: ten hours after the report."""
REASONS = Reasons(below="只缺口粮", difference="按实际损失")


def money(amount: str, **more: Any) -> PlannedStage:
    return PlannedStage(form="money", amount=Decimal(amount), **more)


def granted(
    aid: TemporaryAid,
    *stages: PlannedStage,
    people: Crew,
    at: datetime = DECIDED,
    level: DecidedBy = DecidedBy.TOWNSHIP,
) -> TemporaryAid:
    """Proposed by the clerk and approved by the township's lead, with these stages."""
    with acting(actor="system:test"), transaction.atomic():
        terms = aid_terms(aid.area, on=timezone.localdate(at))
        found = judge(aid, stages, reasons=REASONS, terms=terms, at=at)
        aid.proposed_by, aid.proposed_at = people.officer, at
        route = AidRoute.SIMPLIFIED if aid.kind == "urgent" else AidRoute.ORDINARY
        keep_grant(
            aid,
            stages,
            found=found,
            reasons=REASONS,
            terms=terms,
            route=route,
            level=level,
            by=people.lead,
            at=at,
        )
        aid.propose()
        aid.approve()
        aid.save()
        make_stages(aid, stages)
    return aid


@dataclass
class Helped:
    """A family that was granted urgent aid, and who works on it."""

    people: Crew
    aid: TemporaryAid
    household: Household | None = None

    def stage(self, serial: int = 1) -> AidStage:
        return self.aid.stages.get(serial=serial)

    def fresh(self) -> TemporaryAid:
        return TemporaryAid.objects.get(pk=self.aid.pk)

    def pay(self, serial: int = 1, *, by: Staff | None = None, at: datetime = PAID, **more: Any) -> AidStage:
        """In cash unless told otherwise."""
        terms: dict[str, Any] = {
            "method": "cash",
            "paid_at": at,
            "second_hand": "章建国",
            "received_by": self.aid.recipient_name,
            "voucher": "现付0912",
        }
        day = timezone.localdate(at)
        data = PaymentData(**terms | more)
        return pay_stage(self.stage(serial), data=data, by=by or self.people.officer, at=at, on=day)

    def visit(
        self,
        serial: int | None = None,
        *,
        at: datetime,
        by: Staff | None = None,
        still_in_need: bool = True,
        condition_met: bool = True,
        early_reason: str = "",
        **more: Any,
    ) -> Any:
        """Finds what a stage waits for, unless told otherwise."""
        day = timezone.localdate(at)
        finding = "房屋正在修缮，生活仍靠借贷"
        said = VisitData(day, "汪志强、程晓燕", finding, still_in_need, condition_met, early_reason)
        stage = self.stage(serial) if serial is not None else None
        return record_visit(self.aid, data=said, by=by or self.people.assistant, at=at, on=day, stage=stage, **more)

    def confirm(self, serial: int, *, at: datetime, **more: Any) -> AidStage:
        return confirm_stage(self.stage(serial), by=self.people.officer, at=at, **more)


def helped(
    *stages: PlannedStage, with_family: bool = False, people: Crew | None = None, township: str = LINXI, **more: Any
) -> Helped:
    """Urgent aid of a burnt house, granted with these stages; 1,560 yuan at once where none are told."""
    people = people or crew(township)
    household = family(people, township=township) if with_family else None
    opened = open_urgent(people.officer, household=household, township=township, **more)
    aid = granted(opened, *(stages or (money("1560.00"),)), people=people)
    return Helped(people, aid, household)


def in_stages(*amounts: str) -> Sequence[PlannedStage]:
    """Money in stages, the first at once, the others a month apart on a condition."""
    day = timezone.localdate(DECIDED)
    return [
        money(amount)
        if serial == 0
        else money(amount, planned_on=day + timedelta(days=30 * serial), condition="修房仍有缺口")
        for serial, amount in enumerate(amounts)
    ]
