"""Papers of an aid as its page lists them, and the reserves whose papers somebody may print."""

from dataclasses import dataclass

from django.db.models import QuerySet

from documents.models import HANDED_OVER, DocumentKind
from organizations.models import Staff
from temporary_aid.models import AidPaper, TemporaryAid
from temporary_aid.permissions import Permission, can_act
from temporary_aid.queries.aids import visible_to
from temporary_aid.rules.states import DecidedBy

OF_THE_DECISION = frozenset({DocumentKind.TEMP_AID_FORM, DocumentKind.TEMP_AID_NOTICE, DocumentKind.TEMP_AID_REFUSAL})
"""Papers that only who decides for the body may void and issue anew."""

WITH_NUMBER_IN_FULL = frozenset(
    {DocumentKind.TEMP_AID_FORM, DocumentKind.PETTY_ADVANCE_SLIP, DocumentKind.SUPPLEMENT_STATEMENT}
)
"""Papers that print the recipient's ID number whole, as the forms of the province ask."""


def paper_permission(kind: str, *, level: str) -> Permission:
    """What it takes to void a paper of an aid or to issue it anew.

    :param level: at which the aid was decided (:class:`temporary_aid.rules.states.DecidedBy`).
    """
    if kind not in OF_THE_DECISION:
        return Permission.ISSUE_DOCUMENT
    return Permission.APPROVE_AID_COUNTY if level == DecidedBy.COUNTY else Permission.APPROVE_AID_TOWNSHIP


@dataclass(frozen=True)
class PaperRow:
    """文书: whether it waits to be handed over (送达), and what the person may do with it.

    :param may_open: go to the document's own page, where its delivery is recorded.
    :param may_reissue: issue it anew (重新制发), the last of its kind that was voided.
    :param may_read: not a paper with an ID number in full for who may not see such (查看完整证号).
    """

    paper: AidPaper
    is_owed: bool
    may_open: bool
    may_reissue: bool
    may_read: bool = True


def papers_visible_to(staff: Staff) -> QuerySet[AidPaper]:
    """Papers of the aids that the person sees."""
    return AidPaper.objects.filter(aid__in=visible_to(staff)).select_related(
        "document__issuing_area", "document__delivery", "aid__area__parent"
    )


def papers_of(aid: TemporaryAid, *, staff: Staff) -> list[PaperRow]:
    """The aid's papers in their order; one query, and those of the rights where some paper was voided."""
    found = aid.papers.select_related("document__issuing_area", "document__delivery").order_by("pk")
    last = {paper.document.kind: paper.pk for paper in found}
    may_open = can_act(staff, Permission.VIEW_CASE, area=aid.area)
    may_reveal = can_act(staff, Permission.REVEAL_IDENTITY, area=aid.area)
    return [
        PaperRow(
            paper=paper,
            is_owed=_is_owed(paper),
            may_open=may_open,
            may_read=may_reveal or paper.document.kind not in WITH_NUMBER_IN_FULL,
            may_reissue=last[paper.document.kind] == paper.pk and _may_reissue(aid, paper, staff=staff),
        )
        for paper in found
    ]


def _is_owed(paper: AidPaper) -> bool:
    document = paper.document
    return document.kind in HANDED_OVER and document.voided_on is None and not hasattr(document, "delivery")


def _may_reissue(aid: TemporaryAid, paper: AidPaper, *, staff: Staff) -> bool:
    if paper.document.voided_on is None:
        return False
    needed = paper_permission(paper.document.kind, level=aid.decided_level)
    return can_act(staff, needed, area=paper.document.issuing_area)
