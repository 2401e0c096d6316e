"""办结: what became of a helped family; 困难已解决, 转申请低保或特困, or 转介其他部门 (handbook task 10)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from applications import services as applications
from applications.models import Case
from applications.models.intakes import Channel
from foundation.money import in_figures
from households.models import Household, Member
from organizations.models import Department, Staff
from organizations.models.delegations import Scheme
from temporary_aid.models import AidEventKind, EndJudgement, TemporaryAid
from temporary_aid.permissions import Permission
from temporary_aid.queries.ends import (
    CONVERTS_TO,
    departments_to_refer_to,
    open_case_of,
    unregistered_intake_of,
    why_not_ended,
)
from temporary_aid.rules.states import AidState
from temporary_aid.services.base import NotAllowed, check_told, lock_aid, require_state, write_event
from temporary_aid.services.owed import settle_at_end

_LONGEST_REASON = 300


@dataclass(frozen=True)
class ConversionData:
    """What the application says that an aid is turned into.

    :param scheme: 低保 or 特困.
    :param reason: 申请理由; the aid's number is put before it where it is not in it.
    :param note: 办结说明.
    """

    scheme: str
    applicant: Member
    accounting_year: int
    reason: str
    note: str
    channel: str = Channel.PROACTIVE.value


def origin_in_words(aid: TemporaryAid) -> str:
    """Where an application comes from, for its reason (申请理由): it is shown on the case's page."""
    given = f"，已救助{in_figures(aid.amount)}元" if aid.amount is not None else ""
    return f"由临时救助{aid.number}（{aid.hardship.label}、{aid.get_cause_display()}{given}）转入。"


@transaction.atomic
def close_solved(
    aid: TemporaryAid, *, note: str, by: Staff, at: datetime, on: date, papers_reason: str = ""
) -> TemporaryAid:
    """End an aid whose hardship is over (困难已解决).

    :param papers_reason: why papers that are owed (后补手续) do not come in.
    :raises NotAllowed: stages are left, staged aid was not visited since, papers are missing without a reason, or no
        note.
    """
    aid = _lock_ending(aid, by=by, papers_reason=papers_reason, at=at)
    return _end(aid, EndJudgement.SOLVED, note=note, by=by, at=at, on=on)


@transaction.atomic
def refer(
    aid: TemporaryAid,
    *,
    department: Department,
    note: str,
    by: Staff,
    at: datetime,
    on: date,
    papers_reason: str = "",
) -> TemporaryAid:
    """End an aid and name the department that goes on helping (转介其他部门).

    :raises NotAllowed: as :func:`close_solved`, or a department that none is referred to.
    """
    aid = _lock_ending(aid, by=by, papers_reason=papers_reason, at=at)
    if not departments_to_refer_to().filter(pk=department.pk).exists():
        raise NotAllowed("请选择接收转介的部门。", field="department")
    aid.referred_to = department
    return _end(aid, EndJudgement.REFERRED, note=note, by=by, at=at, on=on, more=f"转介{department}：")


@transaction.atomic
def convert_to_case(
    aid: TemporaryAid, *, data: ConversionData, by: Staff, at: datetime, on: date, papers_reason: str = ""
) -> Case:
    """End an aid and apply for 低保 or 特困 for its family (转申请), nothing typed twice.

    An application of the scheme that is under way already is taken; a draft of the family gets the scheme added.

    :returns: the draft case, for the window to go on with.
    :raises NotAllowed: as :func:`close_solved`, another scheme, or no family linked.
    :raises NotOpenable: the family cannot apply for the scheme.
    """
    aid = _lock_ending(aid, by=by, papers_reason=papers_reason, at=at)
    if data.scheme not in CONVERTS_TO:
        raise NotAllowed("只能转申请低保或特困。", field="scheme")
    if aid.household is None:
        raise NotAllowed("转申请须先关联家庭：请登记或关联救助对象的家庭，再转申请。", field="scheme")
    check_told(data.note, "请写明办结说明。", field="note")
    case = open_case_of(aid.household, data.scheme) or _apply(aid, aid.household, data, by=by, on=on)
    aid.converted_case = case
    said = f"转申请{Scheme(data.scheme).label}（{case.number}）："
    _end(aid, EndJudgement.CONVERTED, note=data.note, by=by, at=at, on=on, more=said)
    return case


def _apply(aid: TemporaryAid, household: Household, data: ConversionData, *, by: Staff, on: date) -> Case:
    reason = _reason(aid, data.reason)
    draft = unregistered_intake_of(household)
    if draft is None:
        intake = applications.open_intake(
            household,
            applicant=data.applicant,
            channel=data.channel,
            accounting_year=data.accounting_year,
            reason=reason,
            schemes=[data.scheme],
            by=by,
            on=on,
        )
    else:
        intake = applications.change_draft(
            draft,
            applicant=draft.applicant,
            channel=draft.channel,
            accounting_year=draft.accounting_year,
            reason=f"{reason}{draft.reason}"[:_LONGEST_REASON],
            schemes=[*_drafted(draft.cases.all()), data.scheme],
            agent=draft.agent,
            by=by,
            on=on,
        )
    return Case.objects.get(intake=intake, scheme=data.scheme, state="draft")


def _drafted(cases: Iterable[Case]) -> list[str]:
    return [case.scheme for case in cases if case.state == "draft"]


def _reason(aid: TemporaryAid, typed: str) -> str:
    said = typed.strip()
    whole = said if aid.number in said else f"{origin_in_words(aid)}{said}"
    return whole[:_LONGEST_REASON]


def _lock_ending(aid: TemporaryAid, *, papers_reason: str, by: Staff, at: datetime) -> TemporaryAid:
    """
    :raises NotAllowed: not approved, stages are left, staged aid was not visited since it was last paid, or papers are
        missing without a reason.
    """
    aid = lock_aid(aid, by=by, permission=Permission.HANDLE_AID)
    require_state(aid, AidState.APPROVED)
    if left := why_not_ended(aid):
        raise NotAllowed("".join(left))
    settle_at_end(aid, reason=papers_reason, by=by, at=at)
    return aid


def _end(
    aid: TemporaryAid, judgement: EndJudgement, *, note: str, by: Staff, at: datetime, on: date, more: str = ""
) -> TemporaryAid:
    note, before = check_told(note, "请写明办结说明。", field="note"), aid.state
    aid.end_judgement, aid.ended_on, aid.ended_by, aid.end_note = judgement, on, by, note
    aid.close()
    aid.version += 1
    aid.save()
    said = f"{judgement.label}。{more}{note}"
    write_event(aid, AidEventKind.CLOSED, by=by, at=at, note=said, from_state=before)
    return aid
