"""Every change of a family: who calls what is read off the names."""

from households.services.archiving import archive_household, take_back_household
from households.services.attachments import add_attachment, void_attachment
from households.services.checks import NotAllowedNow, check_version
from households.services.deaths import cancel_death, mend_death
from households.services.families import (
    add_member,
    change_facts,
    change_head,
    correct_member,
    record_self_care,
    register_household,
)
from households.services.identifying import IdentityUnclear, identify
from households.services.life import (
    divorce,
    leave,
    marry,
    merge_households,
    record_birth,
    record_death,
    split_household,
)
from households.services.means import (
    ExpenseData,
    IncomeData,
    SupporterData,
    save_expenses,
    save_incomes,
    save_property,
    save_supporters,
)
from households.services.moving import accept_transfer, decline_transfer, move, propose_transfer, take_back_transfer
from households.services.people import AlreadyRegistered, MemberData, TooManyLookups, look_up_person
from households.services.representation import (
    SupporterAnswer,
    end_agent,
    record_consent,
    set_agent,
    set_bank_account,
    withdraw_consent,
)
from households.services.reveal import record_opening, record_reveal, reveal
from households.services.self_care import mark_tekun_since_minor, write_reassessment

__all__ = [
    "AlreadyRegistered",
    "ExpenseData",
    "IdentityUnclear",
    "IncomeData",
    "MemberData",
    "NotAllowedNow",
    "SupporterAnswer",
    "SupporterData",
    "TooManyLookups",
    "accept_transfer",
    "add_attachment",
    "add_member",
    "archive_household",
    "cancel_death",
    "change_facts",
    "change_head",
    "check_version",
    "correct_member",
    "decline_transfer",
    "divorce",
    "end_agent",
    "identify",
    "leave",
    "look_up_person",
    "mark_tekun_since_minor",
    "marry",
    "mend_death",
    "merge_households",
    "move",
    "propose_transfer",
    "record_birth",
    "record_consent",
    "record_death",
    "record_opening",
    "record_reveal",
    "record_self_care",
    "register_household",
    "reveal",
    "save_expenses",
    "save_incomes",
    "save_property",
    "save_supporters",
    "set_agent",
    "set_bank_account",
    "split_household",
    "take_back_household",
    "take_back_transfer",
    "void_attachment",
    "withdraw_consent",
    "write_reassessment",
]
