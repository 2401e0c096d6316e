"""Awards (待遇), their checks, monthly rolls (发放册), and recognitions (认定身份)."""

from benefits.models.awards import (
    Award,
    AwardEnd,
    AwardPerson,
    AwardPlace,
    AwardState,
    AwardVersion,
    AwardVersionPerson,
    CareLevel,
    VersionKind,
)
from benefits.models.changes import AwardReckoning, AwardSuspension, PhaseOut
from benefits.models.checks import AwardCheck, CheckCause
from benefits.models.funds import FundPlan, FundSource, RollFunding
from benefits.models.papers import AwardPaper, PaperOccasion
from benefits.models.recognitions import RECOGNISED, Recognition, RecognitionPerson
from benefits.models.recoupments import Recoupment, RecoupmentMonth, RecoupmentReturn, RecoupmentState
from benefits.models.returns import BankReturn, BankReturnRow, BouncedPayment, OmittedPayments, ReturnState
from benefits.models.rolls import (
    ItemKind,
    LineState,
    MonthlyRoll,
    RollEvent,
    RollEventKind,
    RollItem,
    RollKind,
    RollLine,
    RollState,
)

__all__ = [
    "RECOGNISED",
    "Award",
    "AwardCheck",
    "AwardEnd",
    "AwardPaper",
    "AwardPerson",
    "AwardPlace",
    "AwardReckoning",
    "AwardState",
    "AwardSuspension",
    "AwardVersion",
    "AwardVersionPerson",
    "BankReturn",
    "BankReturnRow",
    "BouncedPayment",
    "CareLevel",
    "CheckCause",
    "FundPlan",
    "FundSource",
    "ItemKind",
    "LineState",
    "MonthlyRoll",
    "OmittedPayments",
    "PaperOccasion",
    "PhaseOut",
    "Recognition",
    "RecognitionPerson",
    "Recoupment",
    "RecoupmentMonth",
    "RecoupmentReturn",
    "RecoupmentState",
    "ReturnState",
    "RollEvent",
    "RollEventKind",
    "RollFunding",
    "RollItem",
    "RollKind",
    "RollLine",
    "RollState",
    "VersionKind",
]
