"""保障选择 of minors (F43 §9)."""

from datetime import date

from applications.models import Case, SupportChoice
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
