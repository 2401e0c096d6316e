"""资格规则: every scheme's rules as pure functions over frozen dataclasses; only the standard library is used."""

from eligibility.rules.ages import age_on
from eligibility.rules.assessment import ENGINE_VERSION, Assessment, HouseholdResult, assess
from eligibility.rules.category import REVIEW_MONTHS, Category
from eligibility.rules.choices import (
    AmountRounding,
    AwardBasis,
    DisabilityKind,
    Event,
    ExpenseKind,
    HardshipType,
    Incapacity,
    IncomeKind,
    LabourCapacity,
    NotCounted,
    Relation,
    Residence,
    Schooling,
    SelfCareLevel,
    Sex,
    SupporterStatus,
    SupportMode,
    TopupBase,
)
from eligibility.rules.comparison import Deviation, compare_results
from eligibility.rules.dibao import AmountChange, DibaoOutcome, DibaoResult, NotApplicableReason
from eligibility.rules.expenditure_aid import ExpenditureAid, assess_expenditure_aid
from eligibility.rules.facts import (
    AwardInForce,
    Component,
    Disability,
    Expense,
    Facts,
    Hardship,
    Income,
    Member,
    Property,
    SelfCare,
    Supporter,
)
from eligibility.rules.findings import Finding
from eligibility.rules.further_parameters import (
    FURTHER,
    PhaseOutPayMode,
    RigidTerms,
    read_further,
    read_rigid_terms,
)
from eligibility.rules.marginal import MarginalOutcome
from eligibility.rules.parameters import CareByMode, CareStandards, MultiplierRange, Parameters, TopupRates
from eligibility.rules.people import COUNTED_INCOME, is_severe
from eligibility.rules.reading import InvalidInput, Reading, read_household, read_parameters
from eligibility.rules.rigid_expense import RigidExpense, assess_rigid_expense
from eligibility.rules.schema import input_schema
from eligibility.rules.shapes import Fault
from eligibility.rules.stated_parameters import NOTHING_STATED, IncompleteParameters, StatedParameters
from eligibility.rules.tekun import TekunOutcome, TekunResult, level_of, self_care_level
from eligibility.rules.temporary_aid import TemporaryAidResult, Verdict, temporary_aid_range
from eligibility.rules.writing import facts_document, parameters_document

__all__ = [
    "COUNTED_INCOME",
    "ENGINE_VERSION",
    "FURTHER",
    "NOTHING_STATED",
    "REVIEW_MONTHS",
    "AmountChange",
    "AmountRounding",
    "Assessment",
    "AwardBasis",
    "AwardInForce",
    "CareByMode",
    "CareStandards",
    "Category",
    "Component",
    "Deviation",
    "DibaoOutcome",
    "DibaoResult",
    "Disability",
    "DisabilityKind",
    "Event",
    "ExpenditureAid",
    "Expense",
    "ExpenseKind",
    "Facts",
    "Fault",
    "Finding",
    "Hardship",
    "HardshipType",
    "HouseholdResult",
    "Incapacity",
    "Income",
    "IncomeKind",
    "IncompleteParameters",
    "InvalidInput",
    "LabourCapacity",
    "MarginalOutcome",
    "Member",
    "MultiplierRange",
    "NotApplicableReason",
    "NotCounted",
    "Parameters",
    "PhaseOutPayMode",
    "Property",
    "Reading",
    "Relation",
    "Residence",
    "RigidExpense",
    "RigidTerms",
    "Schooling",
    "SelfCare",
    "SelfCareLevel",
    "Sex",
    "StatedParameters",
    "SupportMode",
    "Supporter",
    "SupporterStatus",
    "TekunOutcome",
    "TekunResult",
    "TemporaryAidResult",
    "TopupBase",
    "TopupRates",
    "Verdict",
    "age_on",
    "assess",
    "assess_expenditure_aid",
    "assess_rigid_expense",
    "compare_results",
    "facts_document",
    "input_schema",
    "is_severe",
    "level_of",
    "parameters_document",
    "read_further",
    "read_household",
    "read_parameters",
    "read_rigid_terms",
    "self_care_level",
    "temporary_aid_range",
]
