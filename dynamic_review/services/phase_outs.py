"""渐退 runs by itself: nightly it ends what is over, and tells families a month before and at the end."""

import logging
from datetime import date

from django.db import transaction

from applications.models import Case
from applications.rules.process import Authority
from benefits.models import PaperOccasion, PhaseOut
from benefits.queries import papers_due
from benefits.services import begin_suspensions, file_paper, finish_phase_outs
from documents.models import Document, DocumentKind
from documents.records import Record
from documents.services import issue_document
from dynamic_review.papers import phase_outs as papers
from foundation.errors import ServiceError
from organizations.queries import county, township_of

logger = logging.getLogger(__name__)


class NotAllIssued(ServiceError):
    """Some papers of phase-outs could not be issued; the others were."""


def follow_phase_outs(*, on: date) -> int:
    """End phase-outs whose last month is over, begin suspensions, and issue papers that are due; after any downtime.

    Each paper is issued in a transaction of its own, so that one family's does not hold up the others'.

    :returns: how many papers were issued.
    :raises NotAllIssued: some were not, and why; the next night tries again.
    """
    finish_phase_outs(on=on)
    begin_suspensions(on=on)
    issued, refused = 0, []
    for key, occasion in papers_due(on=on):
        try:
            issued += issue_paper(key, occasion=occasion, on=on) is not None
        except ServiceError as error:
            logger.error("paper %s of phase-out %s is not issued: %s", occasion, key, error.message)
            refused.append(error.message)
    if refused:
        raise NotAllIssued(f"有{len(refused)}份渐退文书没有制发：{refused[0]}")
    return issued


@transaction.atomic
def issue_paper(key: int, *, occasion: str, on: date) -> Document | None:
    """Issue a paper of a phase-out and file it with its award; None where it was issued meanwhile.

    :param key: of the phase-out.
    :param occasion: a :class:`benefits.models.PaperOccasion`.
    """
    found = PhaseOut.objects.select_for_update(of=("self",)).select_related("award__area__parent", "award__household")
    row = found.get(pk=key)
    if row.papers.filter(occasion=occasion).exists():
        return None
    case = Case.objects.filter(number=row.source).select_related("decision__assessment").first()
    by_township = case is not None and case.authority == Authority.TOWNSHIP
    record: Record
    if occasion == PaperOccasion.REMINDER:
        kind, record, is_townships = DocumentKind.PHASE_OUT_REMINDER, papers.reminder(row), True
    else:
        kind, record, is_townships = DocumentKind.PHASE_OUT_END_NOTICE, papers.end_notice(row, case=case), by_township
    document = issue_document(
        kind=kind,
        issuing_area=township_of(row.award.area) if is_townships else county(),
        area=row.award.area,
        record=record,
        by=None,
        on=on,
    )
    file_paper(row, occasion=occasion, document=document)
    return document


@transaction.atomic
def tell_of_revocation(row: PhaseOut) -> Document:
    """Issue the notice that a phase-out was revoked (撤销渐退通知书), by whoever did it, and file it with the award."""
    row = PhaseOut.objects.select_related("award__area__parent", "award__household", "revoked_by").get(pk=row.pk)
    assert row.revoked_on is not None  # noqa: S101 -- told of after it was revoked
    document = issue_document(
        kind=DocumentKind.PHASE_OUT_REVOKED,
        issuing_area=county(),
        area=row.award.area,
        record=papers.revoked_notice(row),
        by=row.revoked_by,
        on=row.revoked_on,
    )
    file_paper(row, occasion=PaperOccasion.REVOKED, document=document)
    return document
