"""What the monthly payment asks of whom: signatures, sending, returns, accounts, reissues; each a queryset."""

from datetime import timedelta
from typing import Any

from django.db.models import Case, DateField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Value, When

from benefits.models import MonthlyRoll, RollKind, RollLine, RollState
from benefits.queries.missing_rolls import PAID_BY_DAY
from benefits.queries.rolls import failed_lines
from benefits.queries.unpaid_parts import lapsed_lines
from organizations.models import Staff
from organizations.permissions import Permission

_SIGNED_BY = {
    RollState.PREPARED: Permission.CHECK_ROLL_TOWNSHIP,
    RollState.TOWNSHIP_CHECKED: Permission.CHECK_ROLL_COUNTY,
    RollState.COUNTY_CHECKED: Permission.CHECK_ROLL_FINANCE,
}


def rolls_to_sign(staff: Staff) -> QuerySet[MonthlyRoll]:
    """Rolls that wait for a signature of the person's who had no hand in them yet, with the day of pay (``due_on``)."""
    waiting = Q(pk=None)
    for state, permission in _SIGNED_BY.items():
        waiting |= Q(state=state, area_id__in=staff.area_ids(permission))
    had_a_hand = Q(prepared_by=staff) | Q(township_checked_by=staff) | Q(county_checked_by=staff)
    return with_pay_day(MonthlyRoll.objects.filter(waiting).exclude(had_a_hand))


def rolls_of_bank(staff: Staff, *, state: str) -> QuerySet[MonthlyRoll]:
    """Rolls to send to the bank (``frozen``), or whose answer is to be recorded (``sent``)."""
    areas = staff.area_ids(Permission.RECORD_PAYMENT)
    return with_pay_day(MonthlyRoll.objects.filter(state=state, area_id__in=areas))


def with_pay_day(rolls: QuerySet[MonthlyRoll]) -> QuerySet[MonthlyRoll]:
    """Add ``due_on``, the day until which a month is paid; a reissue has none."""
    day = ExpressionWrapper(F("month") + timedelta(days=PAID_BY_DAY - 1), output_field=DateField())
    regular = When(kind=RollKind.REGULAR, then=day)
    return rolls.annotate(due_on=Case(regular, default=Value(None), output_field=DateField()))


def accounts_to_mend(staff: Staff) -> QuerySet[RollLine]:
    """Payments that did not arrive and are still owed, of families that the person registers, without another account.

    Not those that nothing is owed of any more: they need none.
    """
    rows: Any = failed_lines(staff)
    areas = staff.area_ids(Permission.REGISTER_HOUSEHOLD)
    found: QuerySet[RollLine] = rows.filter(is_mended=False, household__area_id__in=areas).exclude(
        pk__in=lapsed_lines()
    )
    return found


def rolls_to_reissue(staff: Staff) -> QuerySet[MonthlyRoll]:
    """Rolls with payments that may be issued anew or closed, where the person makes rolls."""
    rows: Any = failed_lines(staff)
    ready = Q(is_mended=True) | Q(pk__in=lapsed_lines())
    lines = rows.filter(ready, roll=OuterRef("pk"), amount__gt=0).order_by()
    areas = staff.area_ids(Permission.PREPARE_ROLL)
    return MonthlyRoll.objects.filter(Exists(lines), frozen_at__isnull=False, area_id__in=areas)
