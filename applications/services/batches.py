"""批量办理: the single acts, case by case, each in its own transaction; how each ended is written down.

Every permission and four-eyes check is that of the single service. Who is left out of a sheet by village stops nobody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from applications.models import (
    BATCH_LIMIT,
    Announcement,
    Batch,
    BatchAct,
    BatchRow,
    Case,
    CaseDocument,
    Outcome,
    Publicity,
)
from applications.services.issuing import deliver
from applications.services.sheets import announce_together, publicise_together
from applications.services.steps import NotNow
from documents.models import Document, DocumentKind
from foundation.errors import ServiceError
from organizations.models import Staff


@dataclass(frozen=True)
class SheetOrder:
    """Cases of one village that go on one sheet, and where it is posted."""

    cases: Sequence[Case]
    place: str
    telephone: str = ""


@dataclass(frozen=True)
class DeliveryOrder:
    """A notice and who signed for it."""

    case: Case
    document: Document
    received_by: str


class OpenedBefore(ServiceError):
    """The same form opened a batch before; it is not done again."""

    def __init__(self, batch: Batch) -> None:
        super().__init__("这一批已经办过，没有重复办理。")
        self.batch = batch


@transaction.atomic
def open_batch(act: BatchAct, cases: Sequence[Case], *, token: str, by: Staff, at: datetime) -> Batch:
    """Write down whom a batch is about to touch (批量办理), before it touches anybody.

    :param token: of the form; the database lets it open one batch, also where the cache has forgotten it.
    :raises NotNow: nobody chosen, or more than one batch takes.
    :raises OpenedBefore: the form was sent before.
    """
    if not cases:
        raise NotNow("请先选择办件。")
    if len(cases) > BATCH_LIMIT:
        raise NotNow(f"一次最多办理{BATCH_LIMIT}件，请分批办理。")
    try:
        with transaction.atomic():
            batch = Batch.objects.create(act=act, started_by=by, started_at=at, token=token)
    except IntegrityError as error:
        if "batch_once_a_form" not in str(error):
            raise
        raise OpenedBefore(Batch.objects.get(token=token)) from error
    BatchRow.objects.bulk_create([BatchRow(batch=batch, case=case) for case in cases])
    return batch


def leave_out(batch: Batch, reasons: Mapping[int, str]) -> None:
    """Write down why some of a batch's cases were not touched; ``reasons`` by case."""
    for case_pk, reason in reasons.items():
        _note(batch, case_pk, Outcome.FAILED, reason)


def publicise_batch(batch: Batch, sheets: Sequence[SheetOrder], *, by: Staff, on: date, late_reason: str = "") -> None:
    """Post the sheets of a batch, one transaction a sheet (按村公示)."""
    for sheet in sheets:
        try:
            answers = publicise_together(
                sheet.cases, place=sheet.place, telephone=sheet.telephone, by=by, on=on, late_reason=late_reason
            )
        except ServiceError as error:
            leave_out(batch, {case.pk: error.message for case in sheet.cases})
            continue
        for case_pk, answer in answers.items():
            if isinstance(answer, Publicity):
                days = f"公示{answer.first_day:%-m月%-d日}至{answer.last_day:%-m月%-d日}。"
                _note(batch, case_pk, Outcome.DONE, days, answer.document)
            else:
                _note(batch, case_pk, Outcome.FAILED, answer.message)


def announce_batch(batch: Batch, sheets: Sequence[SheetOrder], *, posted_on: date, by: Staff, on: date) -> None:
    """Announce the approvals of a batch, one transaction a sheet (登记公布)."""
    for sheet in sheets:
        try:
            answers = announce_together(sheet.cases, posted_on=posted_on, place=sheet.place, by=by, on=on)
        except ServiceError as error:
            leave_out(batch, {case.pk: error.message for case in sheet.cases})
            continue
        for case_pk, answer in answers.items():
            if isinstance(answer, Announcement):
                said = f"已登记{answer.posted_on:%-m月%-d日}公布。"
                _note(batch, case_pk, Outcome.DONE, said, _announcement_sheet(answer))
            else:
                _note(batch, case_pk, Outcome.FAILED, answer.message)


def deliver_batch(
    batch: Batch,
    orders: Sequence[DeliveryOrder],
    *,
    delivered_on: date,
    way: str,
    by: Staff,
    on: date,
    late_reason: str = "",
) -> None:
    """Record the delivery of a batch's notices, one transaction a notice (登记送达)."""
    for order in orders:
        try:
            deliver(
                order.case,
                order.document,
                delivered_on=delivered_on,
                way=way,
                received_by=order.received_by,
                note="",
                by=by,
                on=on,
                late_reason=late_reason,
            )
        except ServiceError as error:
            _note(batch, order.case.pk, Outcome.FAILED, error.message)
        else:
            _note(batch, order.case.pk, Outcome.DONE, "已登记送达。", order.document)


def _announcement_sheet(row: Announcement) -> Document:
    """The sheet that was issued with an announcement a moment ago."""
    sheets = CaseDocument.objects.filter(case=row.case_id, document__kind=DocumentKind.ANNOUNCEMENT_SHEET)
    return sheets.select_related("document").latest("pk").document


def _note(batch: Batch, case_pk: int, outcome: Outcome, message: str, document: Document | None = None) -> None:
    rows = BatchRow.objects.filter(batch=batch, case_id=case_pk)
    rows.update(outcome=outcome, message=message[:300], document=document)
