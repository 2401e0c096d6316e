"""迁移: inside a township by its clerk; to another one sent by who has the family, accepted by who gets it."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from foundation.errors import NotPermitted
from households.models import Household, Transfer
from households.models.transfers import TransferState
from households.services.checks import NotAllowedNow, lock, open_for
from households.services.families import check_village, write_event
from households.signals import Move, family_moved, family_moving
from organizations.models import Area, Staff
from organizations.permissions import Permission, check_can_act
from organizations.queries import township_of


@transaction.atomic
def move(household: Household, *, area: Area, address: str, by: Staff, on: date, at: datetime) -> None:
    """The family moves to another village of its township (迁移).

    :raises NotAllowedNow: another township's village, which takes that township's acceptance, or a case is under way.
    """
    household = open_for(household, by=by)
    check_village(area)
    if township_of(area).pk != township_of(household.area).pk:
        raise NotAllowedNow("迁往外乡镇的，请办理转出，由迁入乡镇接收。", field="area")
    check_stays(household)
    address = _checked(address)
    if area.pk == household.area_id:
        raise NotAllowedNow("家庭就在这个村（社区）；只是住址有变的，请用“变更家庭情况”。", field="area")
    way = Move(household, household.area, area, by, on)
    family_moving.send(Household, move=way)
    _settle(way, address=address, at=at)


@transaction.atomic
def propose_transfer(household: Household, *, area: Area, address: str, by: Staff, on: date, at: datetime) -> Transfer:
    """Send a family on its way to another township (转出); it stays here until that township accepts it.

    :param on: the day on which the family moved.
    :raises NotAllowedNow: a village of the own township, the family is on its way already, or a case is under way.
    """
    household = open_for(household, by=by)
    check_village(area)
    if township_of(area).pk == township_of(household.area).pk:
        raise NotAllowedNow("这个村（社区）就在本乡镇，不用转出，请直接办理迁移。", field="area")
    address = _checked(address)
    family_moving.send(Household, move=Move(household, household.area, area, by, on))
    try:
        with transaction.atomic():
            transfer = Transfer.objects.create(
                household=household,
                from_area=household.area,
                to_area=area,
                address=address,
                moved_on=on,
                proposed_by=by,
                proposed_at=at,
            )
    except IntegrityError as error:
        if "transfer_one_open" not in str(error):
            raise
        raise NotAllowedNow(_WAITS) from error
    write_event(household, "transfer_proposed", on=on, at=at, by=by, note=_way(transfer))
    return transfer


@transaction.atomic
def accept_transfer(transfer: Transfer, *, by: Staff, on: date, at: datetime) -> Household:
    """Take in a family that another township sent (接收): from now on it is this township's.

    :param on: the day of the acceptance.
    :raises NotPermitted: no right to register families where it goes, or the same person sent it.
    :raises NotAllowedNow: answered already, the family has ended, or a case was accepted meanwhile.
    """
    check_can_act(by, Permission.REGISTER_HOUSEHOLD, area=transfer.to_area)
    household = lock(transfer.household)
    transfer = _lock_open(transfer)
    if transfer.proposed_by_id == by.pk:
        raise NotPermitted("这个家庭是您转出的，须由迁入乡镇的其他人接收。")
    way = Move(household, transfer.from_area, transfer.to_area, by, on)
    family_moving.send(Household, move=way)
    _answer(transfer, TransferState.ACCEPTED, by=by, at=at)
    _settle(way, address=transfer.address, at=at)
    return household


@transaction.atomic
def decline_transfer(transfer: Transfer, *, reason: str, by: Staff, on: date, at: datetime) -> Transfer:
    """Send a family back to the township that has it (退回), saying why.

    :raises NotPermitted: no right to register families where it was to go.
    :raises NotAllowedNow: no reason, or answered already.
    """
    check_can_act(by, Permission.REGISTER_HOUSEHOLD, area=transfer.to_area)
    transfer = _lock_open(transfer)
    if not reason.strip():
        raise NotAllowedNow("请写明退回的原因。", field="reason")
    transfer.reason = reason.strip()
    _answer(transfer, TransferState.DECLINED, by=by, at=at)
    note = f"{_way(transfer)}；{transfer.reason}"[:200]
    write_event(transfer.household, "transfer_declined", on=on, at=at, by=by, note=note)
    return transfer


@transaction.atomic
def take_back_transfer(transfer: Transfer, *, by: Staff, on: date, at: datetime) -> Transfer:
    """Call a family back before it is accepted (撤回转出).

    :raises NotPermitted: no right to change families where it is.
    :raises NotAllowedNow: answered already.
    """
    check_can_act(by, Permission.REGISTER_HOUSEHOLD, area=transfer.from_area)
    transfer = _lock_open(transfer)
    _answer(transfer, TransferState.TAKEN_BACK, by=by, at=at)
    write_event(transfer.household, "transfer_taken_back", on=on, at=at, by=by, note=_way(transfer))
    return transfer


_WAITS = "这个家庭已经转出，正等待迁入乡镇接收；要改的，请先撤回转出。"


def check_stays(household: Household) -> None:
    """The family is not on its way to another township.

    :raises NotAllowedNow: the family waits to be accepted elsewhere.
    """
    if household.transfers.filter(state=TransferState.PROPOSED).exists():
        raise NotAllowedNow(_WAITS)


def _checked(address: str) -> str:
    if not address.strip():
        raise NotAllowedNow("请填新住址。", field="address")
    return address.strip()


def _lock_open(transfer: Transfer) -> Transfer:
    """
    :raises NotAllowedNow: accepted, declined or taken back already.
    """
    rows = Transfer.objects.select_for_update(of=("self",))
    locked = rows.select_related("household", "from_area__parent", "to_area__parent").get(pk=transfer.pk)
    if locked.state != TransferState.PROPOSED:
        raise NotAllowedNow(f"这次迁移{locked.get_state_display()}，不用再办。")
    return locked


def _answer(transfer: Transfer, state: TransferState, *, by: Staff, at: datetime) -> None:
    transfer.state, transfer.answered_by, transfer.answered_at = state, by, at
    transfer.save()


def _settle(way: Move, *, address: str, at: datetime) -> None:
    household = way.household
    write_event(household, "moved", on=way.on, at=at, by=way.by, note=f"{way.from_area}→{way.to_area}")
    household.area, household.address = way.to_area, address
    household.version += 1
    household.save(update_fields=["area", "address", "version"])
    family_moved.send(Household, move=way)


def _way(transfer: Transfer) -> str:
    return f"{township_of(transfer.from_area)}{transfer.from_area}→{township_of(transfer.to_area)}{transfer.to_area}"
