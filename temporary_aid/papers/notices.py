"""Notices of an aid: granted (告知书), or not (不予救助), each with its remedies."""

from decimal import Decimal

from django.utils import timezone

from applications.papers.bodies import county_government
from documents import records
from temporary_aid.models import AidEventKind, TemporaryAid
from temporary_aid.papers import parts
from temporary_aid.rules.states import DecidedBy


def temp_aid_notice(aid: TemporaryAid) -> records.TempAidNotice:
    """临时救助告知书 of an aid that was granted."""
    assert aid.amount is not None and aid.decided_at is not None  # noqa: S101 -- held by aid_granted_whole
    contact, telephone = parts.contact_of(aid)
    slip = parts.slip_of(aid)
    return records.TempAidNotice(
        body=parts.body_of(aid),
        applicant=aid.recipient_name,
        aid_number=aid.number,
        aid_kind=aid.get_kind_display(),
        cause=aid.get_cause_display(),
        decided_on=timezone.localdate(aid.decided_at),
        entrusted=aid.decided_level == DecidedBy.VILLAGE,
        amount=aid.amount,
        people_count=aid.people_count,
        stages=parts.stages_of(aid),
        advanced=slip.amount if slip is not None else Decimal("0.00"),
        resolution=f"{aid.collective_decision.minutes_number}一事一议决议" if aid.collective_decision else "",
        contact=contact,
        telephone=telephone,
        reconsideration_body=county_government(),
    )


def temp_aid_refusal(aid: TemporaryAid) -> records.TempAidRefusal:
    """不予临时救助告知书 of an aid that was refused."""
    contact, telephone = parts.contact_of(aid)
    refused = aid.events.filter(kind=AidEventKind.REFUSED).first()
    decided_at = aid.decided_at or (refused.at if refused else aid.opened_at)
    told = aid.decision_opinion or (refused.note if refused else "")
    against = aid.collective_decisions.filter(voided_at=None, is_agreed=False).first()
    return records.TempAidRefusal(
        body=parts.body_of(aid),
        applicant=aid.recipient_name,
        aid_number=aid.number,
        aid_kind=aid.get_kind_display(),
        cause=aid.get_cause_display(),
        opened_on=timezone.localdate(aid.opened_at),
        decided_on=timezone.localdate(decided_at),
        reasons=tuple(line.strip() for line in told.splitlines() if line.strip()),
        resolution=f"经一事一议（{against.minutes_number}），没有同意救助" if against is not None else "",
        contact=contact,
        telephone=telephone,
        reconsideration_body=county_government(),
    )
