"""Names and words in place of what assessments are written with: member references (m12) and codes."""

import re
from collections.abc import Iterable

from applications.models.decisions import Basis
from applications.rules.reviews import ReviewResult
from applications.rules.suggestion import Difference
from benefits.models import CareLevel
from households.models import Household, Member
from households.models.families import NotCounted, Relation, Residence
from households.models.means import ExpenseKind, Incapacity, IncomeKind, SupporterStatus
from households.models.people import DisabilityKind, LabourCapacity, Schooling, Sex, SupportMode

_CODE = re.compile(r"\b[a-z][a-z_0-9]*\b")
_CHOICES = (
    IncomeKind,
    ExpenseKind,
    SupporterStatus,
    Incapacity,
    DisabilityKind,
    LabourCapacity,
    Relation,
    NotCounted,
    Residence,
    Basis,
    Sex,
    Schooling,
    SupportMode,
    CareLevel,
)
_WORDS: dict[str, str] = {
    "eligible": "符合",
    "not_eligible": "不符合",
    "unknown": "待查明",
    "not_applicable": "不适用",
    "within": "在标准以内",
    "below_guideline": "低于标准",
    "needs_collective_decision": "超过标准，须一事一议",
    **{row.value: row.label for row in ReviewResult},
    **{value: str(label) for choices in _CHOICES for value, label in choices.choices if value not in ("none", "other")},
    "other": "其他",
    "none": "无",
}


def names_of(household: Household) -> dict[str, str]:
    """Names of everybody who stands or stood in a family by their reference in assessments (m12)."""
    members = Member.objects.filter(household=household).select_related("person")
    return {member.reference: member.person.name for member in members}


def named_differences(found: Iterable[Difference], household: Household) -> list[Difference]:
    """Differences between two assessments in words: names for member references, labels for codes."""
    words = {**_WORDS, **names_of(household)}

    def put(text: str) -> str:
        return _CODE.sub(lambda match: words.get(match[0], match[0]), text)

    return [Difference(words.get(row.subject, ""), row.label, put(row.before), put(row.after)) for row in found]
