"""What every act on a roll (发放册) begins with: the roll, locked, and who has had a hand in it."""

from datetime import date

from benefits.models import MonthlyRoll, RollEvent, RollEventKind, RollState
from foundation.errors import NotPermitted, ServiceError
from organizations.models import Staff
from organizations.permissions import Permission, check_can_act
from organizations.queries import deputising
from organizations.rules.separation import standing_as_one

OPEN = (RollState.PREPARED, RollState.TOWNSHIP_CHECKED, RollState.COUNTY_CHECKED)
"""States in which a roll may still be made again, returned or voided."""
_LONGEST = 500


class RollRefused(ServiceError):
    """The roll does not stand where the act takes it up, or something of it is not in order."""


def locked(roll: MonthlyRoll) -> MonthlyRoll:
    """The roll as it stands now, which nobody else acts on until this transaction ends."""
    return MonthlyRoll.objects.select_for_update(of=("self",)).select_related("area").get(pk=roll.pk)


def check_state(roll: MonthlyRoll, *states: RollState) -> None:
    """
    :raises RollRefused: the roll is in none of the states.
    """
    if roll.state not in states:
        raise RollRefused(f"发放册{roll.number}现在是“{roll.get_state_display()}”，不能这样办理；请刷新页面后再看。")


def check_signs(roll: MonthlyRoll, permission: Permission, *, by: Staff, on: date) -> None:
    """Nobody signs what they prepared or signed, nor what somebody did for whom they stand or who stands for them.

    :raises NotPermitted: no such permission in the township, or one person would sign in two roles.
    """
    check_can_act(by, permission, area=roll.area)
    hands = frozenset(
        pk for pk in (roll.prepared_by_id, roll.township_checked_by_id, roll.county_checked_by_id) if pk is not None
    )
    if by.pk in hands:
        raise NotPermitted("生成、乡镇核对、县民政审核、财政复核须由不同的人办理；您已经办过这本发放册的一步。")
    pairs = [
        pair
        for pair in deputising(since=roll.prepared_on, on=on)
        if pair.covers(roll.area.code, since=roll.prepared_on)
    ]
    if by.pk in standing_as_one(hands, pairs):
        raise NotPermitted("您代理已办过这本发放册的人，或由其代理，两人算一个人：请由另一人办理。")


def note(roll: MonthlyRoll, kind: RollEventKind, *, by: Staff, on: date, words: str = "") -> None:
    """Write down what happened to a roll."""
    RollEvent.objects.create(roll=roll, kind=kind, by=by, on=on, note=words.strip()[:_LONGEST])


def check_told(words: str, sentence: str, *, field: str) -> None:
    """
    :raises RollRefused: nothing is written.
    """
    if not words.strip():
        raise RollRefused(sentence, field=field)
