"""文书: papers of an aid are issued in the transaction of the act that they tell of, voided and issued anew with it."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from documents.models import Document, DocumentKind
from documents.records import Record
from documents.services import issue_document, record_of, void_documents
from organizations.models import Area, Staff
from organizations.queries import county, township_of
from temporary_aid import papers
from temporary_aid.models import AidEventKind, AidPaper, TemporaryAid
from temporary_aid.permissions import check_can_act
from temporary_aid.queries.papers import OF_THE_DECISION, WITH_NUMBER_IN_FULL, paper_permission
from temporary_aid.rules.states import DecidedBy
from temporary_aid.services.base import NotAllowed, write_event

_RECORDS: dict[DocumentKind, Callable[[TemporaryAid], Record]] = {
    DocumentKind.TEMP_AID_FORM: papers.temp_aid_form,
    DocumentKind.PETTY_ADVANCE_SLIP: papers.petty_advance_slip,
    DocumentKind.SUPPLEMENT_STATEMENT: papers.supplement_statement,
    DocumentKind.COLLECTIVE_MINUTES: papers.collective_minutes,
    DocumentKind.TEMP_AID_NOTICE: papers.temp_aid_notice,
    DocumentKind.TEMP_AID_REFUSAL: papers.temp_aid_refusal,
}


@transaction.atomic
def issue_paper(aid: TemporaryAid, kind: str, *, by: Staff, on: date) -> AidPaper:
    """Issue a paper of an aid (制发文书) as the act leaves it; whether the person may do the act is the caller's duty.

    The township issues, also what its villages decide; the county what it decides, and minutes of its meeting.

    :param aid: locked by the act and saved.
    :raises KeyError: papers of a reserve are printed to be signed and not issued.
    """
    kind = DocumentKind(kind)
    return _file(aid, kind, _RECORDS[kind](aid), by=by, on=on)


@transaction.atomic
def reissue_paper(paper: AidPaper, *, by: Staff, at: datetime) -> AidPaper:
    """Issue a voided paper anew (重新制发): with the content that it had, under a new number and day.

    Of who is helped it says the ID number as it is now (补登身份、更正身份证号).

    :raises NotPermitted: the person may not issue papers for the body, or does not decide for it.
    :raises NotAllowed: it was not voided, or one of its kind stands.
    """
    if paper.aid is None:
        raise NotAllowed("备用金的台账和对账表不编文号，直接打印。")
    aid = TemporaryAid.objects.select_for_update(of=("self",)).select_related("area__parent").get(pk=paper.aid.pk)
    document = paper.document
    check_can_issue(paper, by=by)
    same = aid.papers.filter(document__kind=document.kind).select_related("document").order_by("-pk")
    last = same.first()
    if last is None or last.pk != paper.pk or document.voided_on is None:
        raise NotAllowed("没有作废后待重新制发的这种文书。")
    on = timezone.localdate(at)
    made = _file_again(aid, document, by=by, on=on)
    write_event(aid, AidEventKind.DOCUMENT_ISSUED, by=by, at=at, note=f"{made.document}（重新制发）")
    return made


def renumber_papers(aid: TemporaryAid, *, reason: str, by: Staff, at: datetime) -> list[AidPaper]:
    """Within the correction of a locked aid's ID number: void what stands with the wrong one, and issue it anew.

    Beside who is helped each paper says what it said: the decision is not told anew.

    :raises NotAllowed: the family is archived.
    """
    on = timezone.localdate(at)
    standing = aid.papers.filter(document__kind__in=WITH_NUMBER_IN_FULL, document__voided_on=None)
    papers_then = list(standing.select_related("document").order_by("pk"))
    if papers_then:
        _check_not_archived(aid)
        void_papers(aid, WITH_NUMBER_IN_FULL, reason=reason, by=by, on=on)
    return [_file_again(aid, paper.document, by=by, on=on) for paper in papers_then]  # three at most


@transaction.atomic
def void_papers(aid: TemporaryAid, kinds: Iterable[str], *, reason: str, by: Staff, on: date) -> int:
    """Void papers with the act that they told of (退回、作废一事一议); whether it may be undone is the caller's duty.

    :returns: how many were voided.
    """
    standing = aid.papers.filter(document__kind__in=list(kinds), document__voided_on=None)
    return void_documents(list(standing.values_list("document", flat=True)), reason=reason, by=by, on=on)


def check_can_issue(paper: AidPaper, *, by: Staff) -> None:
    """Whether the person may void a paper of an aid or issue it anew.

    :raises NotPermitted: they issue no papers for the body; or it is one of the decision, and they decide not.
    """
    level = paper.aid.decided_level if paper.aid is not None else ""
    check_can_act(by, paper_permission(paper.document.kind, level=level), area=paper.document.issuing_area)


def check_may_void(document: Document, *, by: Staff) -> None:
    """What an aid has against voiding its paper (作废).

    :raises NotPermitted: a paper of the decision, and the person does not decide for the body.
    :raises NotAllowed: the family is archived.
    """
    paper = AidPaper.objects.filter(document=document, aid__isnull=False).select_related("aid__household").first()
    if paper is None or paper.aid is None:
        return
    _check_not_archived(paper.aid)
    check_can_issue(paper, by=by)


def _check_not_archived(aid: TemporaryAid) -> None:
    """
    :raises NotAllowed: the family is archived.
    """
    if aid.household is not None and aid.household.archived_on:
        raise NotAllowed("这个家庭的档案已经归档，文书不能作废。确有错误的，请先从归档库恢复。")


def _file(aid: TemporaryAid, kind: DocumentKind, record: Record, *, by: Staff, on: date) -> AidPaper:
    document = issue_document(
        kind=kind, issuing_area=_issuing_area(aid, kind), area=aid.area, record=record, by=by, on=on
    )
    return AidPaper.objects.create(aid=aid, document=document)


def _file_again(aid: TemporaryAid, document: Document, *, by: Staff, on: date) -> AidPaper:
    record = papers.with_identity(record_of(document), aid)
    return _file(aid, DocumentKind(document.kind), record, by=by, on=on)


def _issuing_area(aid: TemporaryAid, kind: DocumentKind) -> Area:
    of_county = kind in OF_THE_DECISION and aid.decided_level == DecidedBy.COUNTY
    return county() if of_county or kind == DocumentKind.COLLECTIVE_MINUTES else township_of(aid.area)
