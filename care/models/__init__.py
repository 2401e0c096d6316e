from care.models.agreements import CareAgreement, CareContent, CareFrequency, CarerKind
from care.models.homes import Admission, WelfareHome
from care.models.reassessments import CareDecision, SelfCareReassessment, SelfCareReport
from care.models.visits import CarePoint, CareVisit, Condition

__all__ = [
    "Admission",
    "CareAgreement",
    "CareContent",
    "CareDecision",
    "CareFrequency",
    "CarePoint",
    "CareVisit",
    "CarerKind",
    "Condition",
    "SelfCareReassessment",
    "SelfCareReport",
    "WelfareHome",
]
