"""Sheets by village (按村公示、公布): one numbered sheet for all cases of a village that go up on the wall together.

A sheet is one paper, so it is posted in one transaction; each case on it goes its own way: one that cannot go is left
off and its refusal returned, and every case keeps a publicity of its own with its days, photos and objections.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db import IntegrityError, transaction

from applications import papers
from applications.models import Announcement, Case, Decision, Proposal, Publicity
from applications.permissions import Permission, check_can_act
from applications.queries import (
    AnnouncementKey,
    PublicityKey,
    announcement_key,
    current_proposal,
    needs_publicity,
    publicity_key,
)
from applications.rules.process import CaseState, EventKind
from applications.services.issuing import issue_for
from applications.services.steps import NotNow, advance, lock_case, require_state, write_event
from documents.models import DocumentKind
from foundation.errors import ServiceError
from households.models import Attachment
from organizations.models import Staff

RowT = TypeVar("RowT")


@dataclass(frozen=True)
class Posting:
    """Where and by whom a sheet is posted.

    :param late_reason: why it is posted late, for those of its cases that are.
    """

    place: str
    telephone: str
    by: Staff
    on: date
    late_reason: str = ""


@transaction.atomic
def publicise(case: Case, *, place: str, telephone: str, by: Staff, on: date, late_reason: str = "") -> Publicity:
    """Post the proposal in the village (张贴公示; F57 §19): proposed → publicised; the sheet is issued.

    :raises NotNow: nothing to publicise, or no place or telephone.
    """
    answers = publicise_together([case], place=place, telephone=telephone, by=by, on=on, late_reason=late_reason)
    return _only(answers[case.pk])


@transaction.atomic
def publicise_together(
    cases: Sequence[Case], *, place: str, telephone: str, by: Staff, on: date, late_reason: str = ""
) -> dict[int, Publicity | ServiceError]:
    """Post the proposals of one village on one sheet (按村公示; F57 §19): proposed → publicised.

    :returns: by case, its publicity or why it was left off.
    """
    posting = Posting(place=place, telephone=telephone, by=by, on=on, late_reason=late_reason)
    answers: dict[int, Publicity | ServiceError] = {}
    posted: list[Proposal] = []
    key: PublicityKey | None = None
    for case in sorted(cases, key=lambda row: row.pk):
        try:
            with transaction.atomic():
                proposal, key = _post(case, posting, beside=key)
        except ServiceError as error:
            answers[case.pk] = error
        else:
            posted.append(proposal)
    if key is not None:
        answers.update(_hang(posted, key, posting))
    return answers


def _post(case: Case, posting: Posting, *, beside: PublicityKey | None) -> tuple[Proposal, PublicityKey]:
    """Take one case to publicity; ``beside`` is the sheet that others go on already."""
    case = lock_case(case)
    check_can_act(posting.by, Permission.PUBLICISE, area=case.area)
    require_state(case, CaseState.PROPOSED)
    proposal = current_proposal(case)
    if proposal is None or not needs_publicity(case, proposal, on=posting.on):
        raise NotNow("这份初审意见不需要公示，请直接报审核确认。")
    for field in ("place", "telephone"):
        if not getattr(posting, field).strip():
            raise NotNow("请填张贴地点和监督电话。", field=field)
    key = publicity_key(case, proposal, posted_on=posting.on)
    if key is None:
        raise NotNow("还没有设置公示天数，请联系县民政局。")
    _check_same_sheet(key, beside)
    # An objected sheet may still hang: the new one stands in its place (F43 §§15, 26).
    anew = "重新公示，" if case.publicities.filter(closed_on=None).update(closed_on=posting.on) else ""
    advance(
        case,
        "publicise",
        event=EventKind.PUBLICISED,
        by=posting.by,
        on=posting.on,
        late_reason=posting.late_reason,
        note=f"{anew}{key.first_day:%-m月%-d日}至{key.last_day:%-m月%-d日}，{posting.place}",
        clock_from=key.last_day,
    )
    return proposal, key


def _check_same_sheet(key: PublicityKey | AnnouncementKey, beside: PublicityKey | AnnouncementKey | None) -> None:
    if beside is not None and key != beside:
        raise NotNow("这个办件不能和同一批的其他办件贴在一张单上，请单独办理。")


def _hang(posted: Sequence[Proposal], key: PublicityKey, posting: Posting) -> dict[int, Publicity | ServiceError]:
    """Issue the sheet of those that go up, and write each one's publicity."""
    sheet = papers.publicity_sheet(
        posted, first_day=key.first_day, last_day=key.last_day, place=posting.place, telephone=posting.telephone
    )
    cases = [proposal.case for proposal in posted]
    document = issue_for(cases, sheet.kind, sheet, by=posting.by, on=posting.on)
    return {
        proposal.case_id: Publicity.objects.create(
            case=proposal.case,
            posted_on=posting.on,
            first_day=key.first_day,
            last_day=key.last_day,
            place=posting.place,
            telephone=posting.telephone,
            proposal=proposal,
            applicant=proposal.case.applicant,
            document=document,
            posted_by=posting.by,
        )
        for proposal in posted
    }


@transaction.atomic
def announce(
    case: Case, *, posted_on: date, place: str, by: Staff, on: date, photo: Attachment | None = None
) -> Announcement:
    """Announce an approval in the village (公布; F57 §24): name, number in family, amount.

    :raises NotNow: not approved, announced before, or a day out of order.
    """
    photos = {case.pk: photo} if photo else {}
    answers = announce_together([case], posted_on=posted_on, place=place, by=by, on=on, photos=photos)
    return _only(answers[case.pk])


@transaction.atomic
def announce_together(
    cases: Sequence[Case],
    *,
    posted_on: date,
    place: str,
    by: Staff,
    on: date,
    photos: Mapping[int, Attachment] | None = None,
) -> dict[int, Announcement | ServiceError]:
    """Announce the approvals of one village on one sheet (按村公布; F57 §24).

    :param photos: of the posting, by case.
    :returns: by case, its announcement or why it was left off.
    """
    answers: dict[int, Announcement | ServiceError] = {}
    announced: list[Decision] = []
    key: AnnouncementKey | None = None
    for case in sorted(cases, key=lambda row: row.pk):
        try:
            with transaction.atomic():
                row, decision = _announce(
                    case, posted_on=posted_on, place=place, by=by, on=on, photo=(photos or {}).get(case.pk)
                )
                own = announcement_key(decision.case, decision)
                _check_same_sheet(own, key)
        except ServiceError as error:
            answers[case.pk] = error
        else:
            key = own
            announced.append(decision)
            answers[case.pk] = row
    if announced:
        sheet = papers.announcement_sheet(announced, place=place)
        on_sheet = [decision.case for decision in announced]
        issue_for(on_sheet, DocumentKind.ANNOUNCEMENT_SHEET, sheet, by=by, on=on)
    return answers


def _announce(
    case: Case, *, posted_on: date, place: str, by: Staff, on: date, photo: Attachment | None
) -> tuple[Announcement, Decision]:
    case = lock_case(case)
    check_can_act(by, Permission.PUBLICISE, area=case.area)
    require_state(case, CaseState.APPROVED)
    if case.matter.ends_award:
        raise NotNow("终止救助供养不在村内公布；终止理由书面告知本人和村（居）民委员会。")
    if not case.matter.is_announced:
        raise NotNow(f"{case.matter.title}不作村内公布。")
    assert case.decided_on is not None  # noqa: S101 -- held by case_decided_has_date
    if not case.decided_on <= posted_on <= on:
        raise NotNow("公布日期须在决定之后、今天之前。", field="posted_on")
    if not place.strip():
        raise NotNow("请填公布地点。", field="place")
    if photo is not None and photo.household_id != case.household_id:
        raise NotNow("这张照片不是这个家庭的附件。", field="photo")
    try:
        with transaction.atomic():
            row = Announcement.objects.create(case=case, posted_on=posted_on, place=place, photo=photo, posted_by=by)
    except IntegrityError as error:
        raise NotNow("这个办件已经公布过。") from error
    write_event(case, EventKind.ANNOUNCED, by=by, on=posted_on, note=place)
    decision = Decision.objects.select_related("assessment").get(case=case)
    decision.case = case
    return row, decision


def _only(answer: RowT | ServiceError) -> RowT:
    if isinstance(answer, ServiceError):
        raise answer
    return answer
