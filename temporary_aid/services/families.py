"""What happens to a family, told by the room below, and what it means for its aid; as its cases follow it."""

from datetime import datetime

from applications.rules.process import BEFORE_ACCEPTANCE
from households.models import Household, HouseholdEvent, Member, Person
from households.services import NotAllowedNow
from households.signals import Change, Move
from organizations.models import Staff
from temporary_aid.models import AidEventKind, TemporaryAid
from temporary_aid.rules.states import BEFORE_DECISION, AidState
from temporary_aid.services.base import write_event
from temporary_aid.services.identifying import replace_applicant

_UNDECIDED = BEFORE_DECISION | {AidState.IN_CASE}
_IN_HAND = (AidState.ADVANCE_ASKED, AidState.PROPOSED)
"""The township has begun: it pays or decides first, or gives the aid up."""


def check_movable(move: Move) -> None:
    """To another township only what nobody asked or proposed anything for yet goes along; a case asks for itself.

    :raises NotAllowedNow: the township is about to pay or to decide.
    """
    if move.from_area.township_code == move.to_area.township_code:
        return
    begun = [aid for aid in _undecided(move.household) if aid.state in _IN_HAND and _is_of(aid, move)]
    _refuse(begun, family="该家庭", before="迁移")


def follow_family(move: Move, *, at: datetime) -> None:
    """Undecided aid goes along with the family; what was granted stays its township's, which paid it."""
    for aid in _undecided(move.household):
        if not _is_of(aid, move) or _stays_with_case(aid):
            continue
        aid.area = move.to_area
        _keep(aid, by=move.by, at=at, note=f"迁移：{move.from_area}→{move.to_area}")


def check_may_end(household: Household, *, before: str) -> None:
    """
    :raises NotAllowedNow: the family that would end has aid under way.
    """
    _refuse(_undecided(household), family="要并入的家庭" if before == "并户" else "该家庭", before=before)


def note_change(change: Change, *, at: datetime) -> None:
    """Write on undecided aid that who it is for left the family; in a case its head applies on, as the case says.

    Of other aid the clerk names who it is for (更正登记): nobody is put in another's place by himself.
    """
    left = {member.pk for member in change.left}
    for aid in _undecided(change.household):
        if aid.applicant_id not in left:
            continue
        note = f"{HouseholdEvent(kind=change.kind).get_kind_display()}：申请人{aid.recipient_name}"
        if aid.case is not None and aid.case.applicant_id not in left:
            replace_applicant(aid, aid.case.applicant, change.household)
            note += f"，随办件由{aid.recipient_name}继续申请"
        else:
            note += "，请更正登记，重新选择申请人，或者不再办理"
        _keep(aid, by=change.by, at=at, note=note)


def take_over(member: Member, *, standing: Member, known: Person, by: Staff, at: datetime) -> None:
    """Where a member's record was found to be another one's, aid names the one that stays, also what was granted.

    Whoever had no papers is known by the number from now on, so that what they were granted counts (频次).
    """
    rows = TemporaryAid.objects.select_for_update(of=("self",)).filter(applicant=member).order_by("pk")
    for aid in rows:  # one or two
        aid.applicant = standing
        number = known.id_number.reveal()
        if number and not aid.recipient_id_index:
            aid.recipient_id_number, aid.missing_id_reason = number, ""
        _keep(aid, by=by, at=at, note=f"{aid.recipient_name}的档案并入已有的档案")


def _undecided(household: Household) -> list[TemporaryAid]:
    """The family's aid that waits to be decided, locked in one order."""
    states = [state.value for state in _UNDECIDED]
    rows = TemporaryAid.objects.select_for_update(of=("self",)).filter(household=household, state__in=states)
    return list(rows.select_related("area__parent", "case__applicant__person").order_by("pk"))


def _is_of(aid: TemporaryAid, move: Move) -> bool:
    """Whether it is handled where the family lived; what befell it elsewhere (急难发生地) is helped there."""
    return aid.area_id == move.from_area.pk


def _stays_with_case(aid: TemporaryAid) -> bool:
    return aid.case is not None and aid.case.case_state not in BEFORE_ACCEPTANCE


def _refuse(aids: list[TemporaryAid], *, family: str, before: str) -> None:
    """
    :raises NotAllowedNow: there is one.
    """
    for aid in aids:
        raise NotAllowedNow(
            f"{family}有正在办理的临时救助（{aid.number}，{aid.aid_state.label}），请先办结或者不再办理，再办{before}。"
        )


def _keep(aid: TemporaryAid, *, by: Staff, at: datetime, note: str) -> None:
    aid.version += 1
    aid.save()
    write_event(aid, AidEventKind.FAMILY_CHANGED, by=by, at=at, note=note)
