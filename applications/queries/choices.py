"""保障选择 of minors (F43 §9), and what is suggested with them in view."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from applications.models import Case, ChildSupport, SupportChoice
from applications.rules.suggestion import Suggestion, leaving_out
from foundation.identity import age_on
from households.models import Member

MAJORITY = 18
"""成年: 民法典 §17."""


def is_minor(member: Member, *, on: date) -> bool:
    """Whether the member is under age on a day."""
    return age_on(member.person.birth_date, on=on) < MAJORITY


def choices_in(case: Case) -> list[SupportChoice]:
    """The choice that counts of every minor of whom one is recorded: the latest; one query."""
    rows = SupportChoice.objects.filter(case=case).select_related("member__person", "scan").order_by("pk")
    return list({row.member_id: row for row in rows}.values())


def suggested(case: Case, result: Mapping[str, Any], facts: Mapping[str, Any]) -> Suggestion:
    """What the rules come to, without who chose the support of orphans and de facto orphans (F43 §9)."""
    found = case.matter.suggest(result, facts)
    if not found.persons or case.scheme != "tekun":
        return found
    others = {row.member_id for row in choices_in(case) if row.choice == ChildSupport.CHILD}
    return leaving_out(found, others)
