"""Who is helped (救助对象): the ID number of who had no papers, the family on record, and a number written wrongly.

Once something was granted it stays with the people whom it was granted to.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from foundation.crypto import blind_index
from foundation.errors import NotPermitted
from foundation.identity import InvalidIdNumber, normalize_id_number, parse_id_number
from households.models import Household, Member, Person
from households.permissions import can_see
from households.queries import current_household, current_members, person_with_id_number
from organizations.models import Staff
from temporary_aid.models import AidEventKind, TemporaryAid
from temporary_aid.permissions import Permission, acted_on, can_act, check_can_act
from temporary_aid.queries import aid_terms, frequency_of, granted_before
from temporary_aid.rules.states import BEFORE_DECISION, GRANTED_STATES, OPEN_STATES, DecidedBy
from temporary_aid.services.base import NotAllowed, check_told, lock_aid, require_state, write_event
from temporary_aid.services.issuing import renumber_papers
from temporary_aid.services.means import request_by_itself
from temporary_aid.services.owed import settle_by_itself


@transaction.atomic
def identify_recipient(aid: TemporaryAid, *, id_number: str, by: Staff, at: datetime) -> TemporaryAid:
    """Write the ID number of somebody who had no papers (补登身份), also after the aid was decided.

    :raises NotAllowed: a number is there already, it is no number, or once decided it is somebody's of another name
        or of another family than the linked one.
    """
    aid = lock_aid(aid, by=by, permission=Permission.HANDLE_AID)
    if aid.recipient_id_number.reveal():
        raise NotAllowed("已经登记过身份证号；批准以后发现有错的，由审批人更正。", field="id_number")
    keep_number(aid, id_number, at=at)
    _keep_people(aid, by=by)
    aid.version += 1
    aid.save()
    write_event(aid, AidEventKind.IDENTIFIED, by=by, at=at, note=_helped_before(aid))
    request_by_itself(aid, by=by, at=at)
    settle_by_itself(aid, by=by, at=at)
    return aid


@transaction.atomic
def correct_number(aid: TemporaryAid, *, id_number: str, reason: str, by: Staff, at: datetime) -> TemporaryAid:
    """Correct the ID number of aid that was granted (更正身份证号): by an approver who did not handle it.

    What was counted when it was decided (频次) stays as it was; what the right number brings up is told.
    Papers that print the number are voided and issued anew, in the same act.

    :raises NotPermitted: no approver, of what the county decided none of the county, or the person, or whom they
        stand for (代理), handled the aid.
    :raises NotAllowed: nothing was granted or no number is there, no reason, or the number is the same, none, or
        somebody else's; or papers would have to be voided, and the family is archived.
    """
    aid = lock_aid(aid, by=by, permission=_approving(aid, by=by))
    check_may_correct_number(aid, by=by)
    require_state(aid, *GRANTED_STATES)
    reason, before = check_told(reason, "请写明更正的原因。", field="reason"), aid.recipient_id_number.reveal()
    if not before:
        raise NotAllowed("还没有登记身份证号，请由经办人补登身份。", field="id_number")
    keep_number(aid, id_number, at=at)
    after = str(aid.recipient_id_number.reveal())
    if after == before:
        raise NotAllowed("身份证号与原来登记的相同，不用更正。", field="id_number")
    _keep_people(aid, by=by)
    aid.version += 1
    aid.save()
    anew = renumber_papers(aid, reason=f"更正身份证号：{reason}", by=by, at=at)
    issued = f"重新制发{'、'.join(str(paper.document) for paper in anew)}" if anew else ""
    told = [f"尾号{before[-4:]}更正为{after[-4:]}：{reason}", issued, _helped_before(aid), _beyond(aid)]
    write_event(aid, AidEventKind.NUMBER_CORRECTED, by=by, at=at, note="；".join(filter(None, told)))
    request_by_itself(aid, by=by, at=at)
    settle_by_itself(aid, by=by, at=at)
    return aid


@transaction.atomic
def link_household(
    aid: TemporaryAid, *, household: Household, applicant: Member, by: Staff, at: datetime
) -> TemporaryAid:
    """Link the family's record (关联家庭), which this township has.

    Once something was granted, only who was not linked is, and under the name that was decided on: what is paid to a
    family's account and what counts for it (频次) do not go over to others afterwards.

    :raises NotAllowed: the family is not seen here, the member is not of it or is another, or another family is linked
        to what was granted.
    """
    aid = lock_aid(aid, by=by, permission=Permission.HANDLE_AID)
    _check_linkable(aid, applicant)
    if not can_see(by, household):
        raise NotPermitted("您不能查看这个家庭。")
    if applicant.household_id != household.pk or applicant.left_on is not None:
        raise NotAllowed("申请人须是这个家庭现在的成员。", field="applicant")
    known, given = applicant.person.id_number_index, aid.recipient_id_index
    if known and given and known != given:
        raise NotAllowed("申请人的身份证号与救助对象的不同。", field="applicant")
    aid.household, aid.applicant = household, applicant
    fill_from(aid, applicant.person, household)
    aid.version += 1
    aid.save()
    write_event(aid, AidEventKind.LINKED, by=by, at=at, note=household.number)
    request_by_itself(aid, by=by, at=at)
    settle_by_itself(aid, by=by, at=at)
    return aid


def check_may_correct_number(aid: TemporaryAid, *, by: Staff) -> None:
    """
    :raises NotPermitted: no approver of the aid's area and level, or the person, or whom they stand for (代理), handled
        the aid.
    """
    check_can_act(by, _approving(aid, by=by), area=aid.area)
    if by.pk in acted_on(aid):
        raise NotPermitted(
            "登记或办理过这件临时救助的人（代理的算作本人）不能更正身份证号，请由没有经办过的审批人更正。"
        )


def _approving(aid: TemporaryAid, *, by: Staff) -> Permission:
    """At which level the person approves, if at any; papers of the county only the county issues anew."""
    is_townships = aid.decided_level != DecidedBy.COUNTY and can_act(by, Permission.APPROVE_AID_TOWNSHIP, area=aid.area)
    return Permission.APPROVE_AID_TOWNSHIP if is_townships else Permission.APPROVE_AID_COUNTY


def keep_number(aid: TemporaryAid, text: str, *, at: datetime) -> None:
    """
    :raises NotAllowed: no ID number.
    """
    number = normalize_id_number(text)
    try:
        parsed = parse_id_number(number, on=timezone.localdate(at))
    except InvalidIdNumber as error:
        raise NotAllowed(str(error), field="id_number") from error
    aid.recipient_id_number, aid.missing_id_reason = number, ""
    aid.recipient_birth_date = parsed.birth_date
    aid.recipient_sex = parsed.sex


def link_by_number(aid: TemporaryAid, *, by: Staff) -> None:
    """Link the family of the number, where the person may see it; of others nothing is told."""
    person = person_with_id_number(str(aid.recipient_id_number.reveal()))
    household = current_household(person) if person is not None else None
    if person is None or household is None or not can_see(by, household):
        return
    aid.household = household
    aid.applicant = household.members.filter(person=person, left_on=None).first()
    fill_from(aid, person, household)


def replace_applicant(aid: TemporaryAid, applicant: Member, household: Household) -> None:
    """Another member applies from now on: nothing stays of who applied before, least of all their number."""
    aid.recipient_id_number, aid.recipient_id_index, aid.recipient_phone = "", "", ""
    aid.household, aid.applicant = household, applicant
    fill_from(aid, applicant.person, household)


def fill_from(aid: TemporaryAid, person: Person, household: Household) -> None:
    """What the family's record says of who is helped."""
    aid.recipient_name = person.name
    number = person.id_number.reveal()
    if number:
        aid.recipient_id_number, aid.missing_id_reason = number, ""
    elif not aid.recipient_id_index:
        aid.missing_id_reason = person.missing_id_reason
    aid.recipient_sex, aid.recipient_birth_date = person.sex, person.birth_date
    aid.people_count = max(current_members(household).count(), 1)
    aid.living_place = household.address
    aid.registered_place = household.registered_address or household.address
    phone = household.phone.reveal()
    if phone:
        aid.recipient_phone = phone


def _keep_people(aid: TemporaryAid, *, by: Staff) -> None:
    """Link the family of a number just kept; once decided, only where none is linked and to nobody else.

    :raises NotAllowed: decided, and the number is somebody's of another name or of another family.
    """
    if aid.state in BEFORE_DECISION:
        link_by_number(aid, by=by)
        return
    known = person_with_id_number(str(aid.recipient_id_number.reveal()))
    if known is not None and known.name != aid.recipient_name:
        raise NotAllowed(
            f"这个身份证号登记的姓名不是{aid.recipient_name}，已经批准的不能改成别人；请核对身份证号。",
            field="id_number",
        )
    if aid.household is None:
        link_by_number(aid, by=by)
        return
    _check_of_family(aid, known)


def _check_of_family(aid: TemporaryAid, known: Person | None) -> None:
    """
    :raises NotAllowed: the number is of nobody of the linked family, or not the one that its record has.
    """
    assert aid.household is not None  # noqa: S101 -- asked by the caller
    if known is not None and not aid.household.members.filter(person=known).exists():
        raise NotAllowed(
            "这个身份证号登记的人不是关联家庭的成员，已经批准的不能改成别人；请核对身份证号。", field="id_number"
        )
    on_record = aid.applicant.person.id_number_index if aid.applicant is not None else ""
    if on_record and on_record != blind_index(str(aid.recipient_id_number.reveal()), purpose="id_number"):
        raise NotAllowed(
            "家庭档案中申请人的身份证号与这个不同，请核对；档案登记有误的，先更正家庭档案。", field="id_number"
        )


def _helped_before(aid: TemporaryAid) -> str:
    others = "、".join(row.number for row in granted_before(aid))
    return f"同一身份此前已获救助：{others}" if others else ""


def _beyond(aid: TemporaryAid) -> str:
    """Whether aid of the same people was too often (超过频次) on the day on which this one was granted."""
    granted_at = aid.first_paid_at or aid.decided_at
    assert granted_at is not None  # noqa: S101 -- held by aid_granted_whole
    on = timezone.localdate(granted_at)
    found = frequency_of(aid, terms=aid_terms(aid.area, on=on), on=on)
    return f"按更正后的身份，救助时已超过频次：{found.in_words}" if found.is_beyond else ""


def _check_linkable(aid: TemporaryAid, applicant: Member) -> None:
    """
    :raises NotAllowed: the aid has ended, or what was granted is another family's or another person's.
    """
    require_state(aid, *OPEN_STATES)
    if aid.state in BEFORE_DECISION:
        return
    if aid.household_id is not None:
        raise NotAllowed("已经批准或转入办件，不能改关联的家庭。", field="applicant")
    if applicant.person.name != aid.recipient_name:
        raise NotAllowed(
            f"已经按{aid.recipient_name}批准，只能关联到本人所在的家庭；姓名登记有误的，先更正家庭档案。",
            field="applicant",
        )
