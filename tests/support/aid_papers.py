"""Aids as decisions leave them, for what their papers print; written past the services, checked by the database."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from foundation.trail import acting
from organizations.models import Staff
from temporary_aid.models import (
    AdvanceRequest,
    AidFile,
    AidStage,
    PettyAdvance,
    ReserveEntry,
    ReserveFund,
    Supplement,
    TemporaryAid,
)
from tests.support.aid import LINXI, NIGHT, open_urgent
from tests.support.factories import area

MORNING = NIGHT + timedelta(hours=9)
"""Sunday, 08:30."""
TOLD = {
    "base_amount": "780.00",
    "minimum_amount": "1560.00",
    "maximum_amount": "3120.00",
    "suggested_amount": "2340.00",
    "suggestion": ["基数780.00元（当地城市低保月标准，本地做法）×3倍（火灾、较重，县临时救助金额表）＝2,340.00元。"],
    "counted_before": {
        "same_cause": 0,
        "all": 1,
        "since": "2026-01-01",
        "same_cause_limit": 1,
        "times_limit": 2,
        "numbers": ["LS2026-0009"],
    },
}


def fund(by: Staff, *, amount: str = "20000.00", township: str = LINXI) -> ReserveFund:
    """A township's reserve with an allocation of the first of September."""
    made = ReserveFund.objects.create(area=area(township), opened_on=date(2026, 9, 1), opened_by=by)
    spend(made, by, amount, kind="allocation", on=date(2026, 9, 1))
    return made


def spend(of: ReserveFund, by: Staff, amount: str, *, kind: str, on: date, **more: Any) -> ReserveEntry:
    """The next movement of a reserve."""
    of.refresh_from_db()
    moved = Decimal(amount) if kind in ("allocation", "refund") else -Decimal(amount)
    return ReserveEntry.objects.create(
        fund=of,
        serial=of.last_serial + 1,
        kind=kind,
        amount=Decimal(amount),
        balance_after=of.balance + moved,
        occurred_on=on,
        by=by,
        at=NIGHT,
        **{"note": "县级拨入"} | more,
    )


def granted(by: Staff, lead: Staff, *, plan: list[dict[str, Any]] | None = None, **more: Any) -> TemporaryAid:
    """Approved by ``lead`` on what ``by`` proposed: two stages of 2,340.00 in all."""
    of_aid = {key: more.pop(key) for key in list(more) if not hasattr(TemporaryAid, key)}
    aid = open_urgent(by, **of_aid)
    rows = plan or [
        {"form": "money", "amount": "1560.00", "state": "ready"},
        {
            "form": "in_kind",
            "amount": "780.00",
            "items": [{"item": 1, "name": "棉被", "unit": "床", "count": 4, "unit_value": "195.00"}],
            "planned_on": date(2026, 10, 12),
            "condition": "仍未搬回住房的",
        },
    ]
    facts: dict[str, Any] = TOLD | {"state": "approved", "route": "simplified", "decided_level": "township"}
    facts |= {"amount": sum(Decimal(row["amount"]) for row in rows), "proposed_by": by, "proposed_at": MORNING}
    facts |= {"proposal_opinion": "情况属实，拟分两期救助", "decision_opinion": "按拟定的各期发放"}
    facts |= {"decided_by": lead, "decided_at": MORNING + timedelta(hours=1)} | more
    _write(aid, rows, facts)
    return TemporaryAid.objects.get(pk=aid.pk)


def advanced(by: Staff, lead: Staff, assistant: Staff, of: ReserveFund, *, amount: str = "1560.00") -> TemporaryAid:
    """Paid from the reserve on the village's word, supplemented twelve days later and accepted by ``lead``."""
    aid = open_urgent(by, grade="moderate")
    with acting(actor="system:test"):
        picture = file_of(aid, by)
        AdvanceRequest.objects.create(
            aid=aid,
            asked_amount=Decimal(amount),
            vouched_by="汪德福",
            vouched_position="村党总支书记",
            word="火灾属实，建议先行救助",
            photo=picture,
            asked_by=assistant,
            asked_at=NIGHT + timedelta(minutes=40),
        )
        entry = spend(of, by, amount, kind="advance", on=MORNING.date(), aid=aid, note="先行救助")
        PettyAdvance.objects.create(
            aid=aid,
            number="XX2026-0001",
            amount=Decimal(amount),
            limit_amount=Decimal("3120.00"),
            entry=entry,
            balance_after=entry.balance_after,
            paid_at=MORNING,
            paid_by=by,
            second_hand="周文彬",
            received_by="许金宝",
            relieved_on=date(2026, 9, 15),
            supplement_due_on=date(2026, 9, 30),
        )
        Supplement.objects.create(
            aid=aid,
            facts="入户看过，正房两间烧毁，派出所出具了证明。",
            submitted_by=by,
            submitted_at=MORNING + timedelta(days=12),
            result="accepted",
            checked_by=lead,
            checked_at=MORNING + timedelta(days=13),
            opinion="材料齐全",
        )
    rows = [{"form": "money", "amount": amount, "state": "ready"}]
    facts = TOLD | {"amount": amount, "state": "approved", "route": "petty_advance", "decided_level": "township"}
    facts |= {"proposed_by": by, "proposed_at": MORNING + timedelta(days=12), "first_paid_at": MORNING}
    facts |= {"decided_by": lead, "decided_at": MORNING + timedelta(days=13), "decision_opinion": "材料齐全"}
    facts |= {"proposal_opinion": "入户看过，正房两间烧毁。", "difference_reason": "先解决口粮"}
    _write(aid, rows, facts)
    return TemporaryAid.objects.get(pk=aid.pk)


def file_of(aid: TemporaryAid, by: Staff, kind: str = "scene_photo") -> AidFile:
    return AidFile.objects.create(
        aid=aid,
        kind=kind,
        file="aidfile/00/none",
        original_name="现场.jpg",
        content_type="image/jpeg",
        size=1,
        digest="0" * 64,
        uploaded_by=by,
        uploaded_at=NIGHT,
    )


def _write(aid: TemporaryAid, rows: list[dict[str, Any]], facts: dict[str, Any]) -> None:
    with acting(actor="system:test"), transaction.atomic():
        for serial, row in enumerate(rows, start=1):
            AidStage.objects.create(aid=aid, serial=serial, **row | {"amount": Decimal(row["amount"])})
        TemporaryAid.objects.filter(pk=aid.pk).update(**facts)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
