"""Every change of care after approval (照料服务)."""

from care.services.agreements import AgreementData, draft_agreement, end_agreement, sign_agreement
from care.services.checks import NotAllowed
from care.services.homes import admit, discharge, save_home
from care.services.people import check_stands, check_unused, take_over
from care.services.reassessments import (
    AssessmentData,
    CareChange,
    assess_self_care,
    care_change,
    decide_care,
    recompute_provisional,
    report_change,
    send_back,
    settle_without_decision,
)
from care.services.visits import VisitData, record_visit, settle_point, void_visit

__all__ = [
    "AgreementData",
    "AssessmentData",
    "CareChange",
    "NotAllowed",
    "VisitData",
    "admit",
    "assess_self_care",
    "care_change",
    "check_stands",
    "check_unused",
    "decide_care",
    "discharge",
    "draft_agreement",
    "end_agreement",
    "recompute_provisional",
    "record_visit",
    "report_change",
    "save_home",
    "send_back",
    "settle_point",
    "settle_without_decision",
    "sign_agreement",
    "take_over",
    "void_visit",
]
