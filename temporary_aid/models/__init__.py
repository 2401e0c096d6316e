"""Tables of temporary aid (临时救助)."""

from temporary_aid.models.advances import (
    AdvanceRequest,
    AidRecoupment,
    AidRecoupmentState,
    AidRepayment,
    PettyAdvance,
    Supplement,
    SupplementPaper,
    SupplementResult,
)
from temporary_aid.models.aids import EndJudgement, Ground, TemporaryAid
from temporary_aid.models.bank_files import AidBankFile
from temporary_aid.models.decisions import CollectiveDecision, CollectiveRequest, VillageEntrustment
from temporary_aid.models.events import AidCounter, AidEvent, AidEventKind
from temporary_aid.models.files import AidFile, AidFileKind
from temporary_aid.models.owed import OwedPapers
from temporary_aid.models.papers import AidPaper
from temporary_aid.models.reports import HardshipReport, ReportSource, ReportState
from temporary_aid.models.reserve import (
    COMES_IN,
    EntryKind,
    Reconciliation,
    Replenishment,
    ReplenishmentState,
    ReserveEntry,
    ReserveFund,
)
from temporary_aid.models.stages import (
    AidStage,
    AidVisit,
    PayMethod,
    PaySource,
    ServiceKind,
    ServiceOutcome,
    StageForm,
    StageState,
)
from temporary_aid.models.stock import STOCK_COMES_IN, ItemKind, Stock, StockEntry, StockEntryKind, StockItem

__all__ = [
    "COMES_IN",
    "STOCK_COMES_IN",
    "AdvanceRequest",
    "AidBankFile",
    "AidCounter",
    "AidEvent",
    "AidEventKind",
    "AidFile",
    "AidFileKind",
    "AidPaper",
    "AidRecoupment",
    "AidRecoupmentState",
    "AidRepayment",
    "AidStage",
    "AidVisit",
    "CollectiveDecision",
    "CollectiveRequest",
    "EndJudgement",
    "EntryKind",
    "Ground",
    "HardshipReport",
    "ItemKind",
    "OwedPapers",
    "PayMethod",
    "PaySource",
    "PettyAdvance",
    "Reconciliation",
    "Replenishment",
    "ReplenishmentState",
    "ReportSource",
    "ReportState",
    "ReserveEntry",
    "ReserveFund",
    "ServiceKind",
    "ServiceOutcome",
    "StageForm",
    "StageState",
    "Stock",
    "StockEntry",
    "StockEntryKind",
    "StockItem",
    "Supplement",
    "SupplementPaper",
    "SupplementResult",
    "TemporaryAid",
    "VillageEntrustment",
]
