"""委托照料服务协议: write, sign, end; handbook task 2.6."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from benefits.models import Award, AwardState
from care.models import CareAgreement, CareContent, CarerKind
from care.permissions import Permission, check_can_act
from care.queries import open_admission, person_of
from care.services.checks import NotAllowed, check_mode, check_told, lock
from households.models import Person
from households.models.attachments import AttachmentKind
from households.models.people import SupportMode
from households.services import add_attachment
from organizations.models import Staff

_TAKEN = {
    "care_agreement_one_in_force": "这个人在这段时间已有一份生效的协议。请先终止原协议，或改签新的起止日期。",
    "care_agreement_one_unsigned": "这个人已有一份待签的协议。请先登记签订，或作废那一份。",
}


@dataclass(frozen=True)
class AgreementData:
    """Who cares, what for, how often, from when until when."""

    carer_kind: str
    carer_name: str
    carer_id_number: str
    carer_phone: str
    relation: str
    contents: Sequence[str]
    other_contents: str
    frequency: str
    starts_on: date
    ends_on: date


@transaction.atomic
def draft_agreement(award: Award, *, data: AgreementData, by: Staff, on: date) -> CareAgreement:
    """Write an agreement to be printed and signed by township, carer and person (拟订协议).

    :raises NotAllowed: the person lives in an institution, another agreement waits for signature, or the carer is
        not named whole.
    """
    award = lock(award, by=by, permission=Permission.MANAGE_CARE)
    check_mode(
        award, SupportMode.HOME_BASED, otherwise="集中供养的人由供养服务机构照料，不签委托照料协议；请登记入住。"
    )
    person = person_of(award)
    _check(data, person=person)
    agreement = CareAgreement(
        award=award, person=person, drafted_by=by, drafted_on=on, **asdict(data) | {"contents": list(data.contents)}
    )
    _save(agreement)
    return agreement


@transaction.atomic
def sign_agreement(agreement: CareAgreement, *, signed_on: date, scan: Any, by: Staff, at: datetime, on: date) -> None:
    """Record that all three signed, with the scan (登记签订); from its first day it is in force.

    :raises NotAllowed: not waiting for signature, the person lives in an institution by now, a day to come, or another
        agreement in force over the same time.
    """
    agreement = _lock(agreement, by=by)
    if not agreement.is_draft:
        raise NotAllowed("这份协议已经签订或作废。")
    if agreement.award.state == AwardState.STOPPED:
        raise NotAllowed(f"待遇{agreement.award.number}已经停发，协议不再签订；请终止协议。")
    check_mode(
        agreement.award, SupportMode.HOME_BASED, otherwise="这个人已改为集中供养，协议不再签订；请终止协议，登记入住。"
    )
    if (admission := open_admission(agreement.award)) is not None:
        raise NotAllowed(f"这个人还登记住在{admission.home}，请先登记离院，再签订协议。")
    if not agreement.drafted_on <= signed_on <= on:
        raise NotAllowed("签订日期须在拟订之后，并且不晚于今天。", field="signed_on")
    agreement.scan = add_attachment(
        agreement.award.household, kind=AttachmentKind.CARE_AGREEMENT, upload=scan, by=by, at=at
    )
    agreement.signed_on = signed_on
    _save(agreement)


@transaction.atomic
def end_agreement(agreement: CareAgreement, *, ended_on: date, reason: str, by: Staff, on: date) -> None:
    """End an agreement with its last day (终止协议); one never signed, or signed and not begun, is given up.

    :param ended_on: the last day in force; before the first day, the day on which it was given up.
    :raises NotAllowed: ended before, no reason, or a day before it was signed and began, after its last, or to come.
    """
    agreement = _lock(agreement, by=by)
    if agreement.ended_on is not None:
        raise NotAllowed("这份协议已经终止。")
    reason = check_told(reason, "请写明终止的原因。", field="reason")
    if ended_on > on:
        raise NotAllowed("终止日期不能晚于今天。", field="ended_on")
    if agreement.signed_on is not None:
        earliest = min(agreement.starts_on, agreement.signed_on)
        if not earliest <= ended_on <= agreement.ends_on:
            raise NotAllowed("终止日期须在协议的起止日期之内；还没开始的，不早于签订日期。", field="ended_on")
    agreement.ended_on, agreement.end_reason = ended_on, reason
    agreement.save(update_fields=["ended_on", "end_reason"])


def _lock(agreement: CareAgreement, *, by: Staff) -> CareAgreement:
    # An agreement of an award that was stopped is still ended: only the right is asked.
    rows = CareAgreement.objects.select_for_update(of=("self",)).select_related("award__area", "award__household__area")
    found = rows.get(pk=agreement.pk)
    check_can_act(by, Permission.MANAGE_CARE, area=found.award.area)
    return found


def _save(agreement: CareAgreement) -> None:
    try:
        with transaction.atomic():
            agreement.save()
    except IntegrityError as error:
        sentence = next((text for name, text in _TAKEN.items() if name in str(error)), "")
        if not sentence:
            raise
        raise NotAllowed(sentence, field="starts_on") from error


def _check(data: AgreementData, *, person: Person) -> None:
    """
    :raises NotAllowed: what is written does not make an agreement.
    """
    check_told(data.carer_name, "请填照料人。", field="carer_name")
    if data.carer_kind != CarerKind.INSTITUTION and not data.carer_id_number:
        raise NotAllowed("请填照料人的身份证号；由机构照料的不填。", field="carer_id_number")
    if data.carer_kind == CarerKind.RELATIVE and not data.relation.strip():
        raise NotAllowed("由亲属照料的，请填与特困人员的关系。", field="relation")
    if data.carer_id_number and data.carer_id_number == person.id_number.reveal():
        raise NotAllowed("照料人不能是特困人员本人。", field="carer_id_number")
    if set(data.contents) - set(CareContent.values) or not (data.contents or data.other_contents.strip()):
        raise NotAllowed("请选择照料内容，或写明其他照料内容。", field="contents")
    if data.ends_on < data.starts_on:
        raise NotAllowed("截止日期不能早于起始日期。", field="ends_on")
