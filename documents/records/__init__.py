"""Content records (内容记录): exactly what each paper prints, as plain values that can be written down and digested.

A record holds strings, dates, amounts, whole numbers and tuples of rows of the same; :func:`fields_of` turns it into
JSON of one form, so that equal papers have equal digests.
"""

import json
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from documents.models import DocumentKind
from documents.records.care import CareAgreement, CareChangeNotice, CareSum, CareVisitRow, CareVisitSheet
from documents.records.deaths import DeathNotice
from documents.records.forms import (
    AppraisalRecord,
    ApprovalForm,
    SelfCareForm,
    SelfCarePart,
    TekunForm,
    VisitForm,
)
from documents.records.notices import (
    AcceptanceNotice,
    AnnouncementSheet,
    ApprovalNotice,
    PublicitySheet,
    RefusalNotice,
    SupplementNotice,
    TerminationNotice,
)
from documents.records.payments import PaymentRoster, RosterRow
from documents.records.phase_outs import PhaseOutEndNotice, PhaseOutReminder, PhaseOutRevoked
from documents.records.reviews import (
    AdjustmentNotice,
    ChangedRow,
    PaidStep,
    PhaseoutNotice,
    ReviewForm,
    ReviewNotice,
    StopNotice,
)
from documents.records.rows import (
    AccountPart,
    AgentPart,
    AppraisalPart,
    CoveredRow,
    FindingRow,
    MissingRow,
    MoneyRow,
    OutcomePart,
    ParticipantRow,
    PersonRow,
    PropertyPart,
    PublicityPart,
    PublicRow,
    RecognitionPart,
    Record,
    RelativeRow,
    SignerRow,
    SumPart,
    SupporterRow,
    TekunRow,
    VisitPart,
)
from documents.records.signature import (
    AgentLetter,
    ApplicationForm,
    AuthorizationLetter,
    CommitmentLetter,
    RelativeRecord,
)
from documents.records.temporary_aid import (
    AidOpinion,
    AidPublicitySheet,
    AidPublicRow,
    AidRecipient,
    AidStageRow,
    AidSum,
    CollectiveMinutes,
    PettyAdvanceSlip,
    PresentRow,
    ReserveLedger,
    ReserveReconciliation,
    ReserveRow,
    SlipRow,
    SupplementStatement,
    TempAidForm,
    TempAidNotice,
    TempAidRefusal,
)
from documents.records.terminations import (
    SupportEndForm,
    SupportEndNotice,
    SupportEndSheet,
    SupportEndVillage,
    SupportKeptNotice,
)
from documents.records.uplifts import UpliftNotice

__all__ = [
    "RECORD_TYPES",
    "AcceptanceNotice",
    "AccountPart",
    "AdjustmentNotice",
    "AgentLetter",
    "AgentPart",
    "AidOpinion",
    "AidPublicRow",
    "AidPublicitySheet",
    "AidRecipient",
    "AidStageRow",
    "AidSum",
    "AnnouncementSheet",
    "ApplicationForm",
    "AppraisalPart",
    "AppraisalRecord",
    "ApprovalForm",
    "ApprovalNotice",
    "AuthorizationLetter",
    "CareAgreement",
    "CareChangeNotice",
    "CareSum",
    "CareVisitRow",
    "CareVisitSheet",
    "ChangedRow",
    "CollectiveMinutes",
    "CommitmentLetter",
    "CoveredRow",
    "DeathNotice",
    "FindingRow",
    "MissingRow",
    "MoneyRow",
    "OutcomePart",
    "PaidStep",
    "ParticipantRow",
    "PaymentRoster",
    "PersonRow",
    "PettyAdvanceSlip",
    "PhaseOutEndNotice",
    "PhaseOutReminder",
    "PhaseOutRevoked",
    "PhaseoutNotice",
    "PresentRow",
    "PropertyPart",
    "PublicRow",
    "PublicityPart",
    "PublicitySheet",
    "RecognitionPart",
    "Record",
    "RefusalNotice",
    "RelativeRecord",
    "RelativeRow",
    "ReserveLedger",
    "ReserveReconciliation",
    "ReserveRow",
    "ReviewForm",
    "ReviewNotice",
    "RosterRow",
    "SelfCareForm",
    "SelfCarePart",
    "SignerRow",
    "SlipRow",
    "StopNotice",
    "SumPart",
    "SupplementNotice",
    "SupplementStatement",
    "SupportEndForm",
    "SupportEndNotice",
    "SupportEndSheet",
    "SupportEndVillage",
    "SupportKeptNotice",
    "SupporterRow",
    "TekunForm",
    "TekunRow",
    "TempAidForm",
    "TempAidNotice",
    "TempAidRefusal",
    "TerminationNotice",
    "UpliftNotice",
    "VisitForm",
    "VisitPart",
    "canonical_json",
    "fields_of",
    "record_from",
]

RECORD_TYPES: dict[DocumentKind, type[Record]] = {
    record.kind: record
    for record in (
        ApplicationForm,
        AuthorizationLetter,
        CommitmentLetter,
        AgentLetter,
        RelativeRecord,
        CareAgreement,
        CareVisitSheet,
        CareChangeNotice,
        PaymentRoster,
        AcceptanceNotice,
        SupplementNotice,
        VisitForm,
        AppraisalRecord,
        SelfCareForm,
        PublicitySheet,
        ApprovalForm,
        ApprovalNotice,
        RefusalNotice,
        TerminationNotice,
        AnnouncementSheet,
        TekunForm,
        SupportEndSheet,
        SupportEndForm,
        SupportEndNotice,
        SupportKeptNotice,
        SupportEndVillage,
        ReviewForm,
        AdjustmentNotice,
        StopNotice,
        PhaseoutNotice,
        ReviewNotice,
        PhaseOutReminder,
        PhaseOutEndNotice,
        PhaseOutRevoked,
        UpliftNotice,
        DeathNotice,
        TempAidForm,
        PettyAdvanceSlip,
        SupplementStatement,
        CollectiveMinutes,
        TempAidNotice,
        TempAidRefusal,
        AidPublicitySheet,
        ReserveLedger,
        ReserveReconciliation,
    )
}
"""Which record fills which paper."""


def fields_of(record: Record) -> dict[str, Any]:
    """The record as JSON values: dates ``YYYY-MM-DD``, amounts as text, rows as lists of objects."""
    plain: dict[str, Any] = _plain(record)
    return plain


def canonical_json(content: dict[str, Any]) -> str:
    """JSON of one form: sorted keys, no spaces, characters as they are."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if value is None or isinstance(value, (str, int, bool)):
        return value
    raise TypeError(f"内容记录里不能有 {type(value).__name__}")


def record_from(kind: DocumentKind, content: dict[str, Any]) -> Record:
    """The record that :func:`fields_of` wrote down.

    :raises TypeError: the content is not that of the kind's record.
    """
    record: Record = _rebuilt(RECORD_TYPES[kind], content)
    return record


def _rebuilt(wanted: Any, value: Any) -> Any:
    if get_origin(wanted) is UnionType:
        return None if value is None else _rebuilt(get_args(wanted)[0], value)
    if get_origin(wanted) is tuple:
        return tuple(_rebuilt(get_args(wanted)[0], item) for item in value)
    if is_dataclass(wanted):
        hints = get_type_hints(wanted)
        return wanted(**{name: _rebuilt(hints[name], item) for name, item in value.items()})  # type: ignore[operator]
    if wanted is date:
        return date.fromisoformat(value)
    return Decimal(value) if wanted is Decimal else value
