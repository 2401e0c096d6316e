"""Monthly rolls (发放册): made, signed by three, frozen, voided, issued anew where the bank could not pay."""

from benefits.services.rolls.job import PREPARE_ROLLS, prepare_rolls_of_month
from benefits.services.rolls.preparing import PAID_SCHEMES, NothingOwed, cut_off_day, prepare_roll
from benefits.services.rolls.reissuing import reissue_roll
from benefits.services.rolls.signing import (
    NEXT_SIGNATURE,
    RollOutdated,
    can_sign,
    check_roll_county,
    check_roll_township,
    freeze_roll,
    hold_freezing,
    return_roll,
    void_roll,
)
from benefits.services.rolls.standing import OPEN, RollRefused

__all__ = [
    "NEXT_SIGNATURE",
    "OPEN",
    "PAID_SCHEMES",
    "PREPARE_ROLLS",
    "NothingOwed",
    "RollOutdated",
    "RollRefused",
    "can_sign",
    "check_roll_county",
    "check_roll_township",
    "cut_off_day",
    "freeze_roll",
    "hold_freezing",
    "prepare_roll",
    "prepare_rolls_of_month",
    "reissue_roll",
    "return_roll",
    "void_roll",
]
