"""Payments that failed, issued anew (失败重发): a roll of their own, signed as any other."""

from datetime import date
from typing import Any

from django.db import connection, transaction

from benefits.models import MonthlyRoll, RollEventKind, RollKind, RollState
from benefits.queries.entitlements import FOR_EVER, allotted_sql, owed_beside
from benefits.services.rolls.filling import clear
from benefits.services.rolls.preparing import next_number, take_back_signatures
from benefits.services.rolls.standing import OPEN, RollRefused, note
from foundation.trail import because
from organizations.models import Area, Staff
from organizations.permissions import Permission, check_can_act

_FAILED = """
    SELECT l.* FROM benefits_rollline l JOIN benefits_monthlyroll r ON r.id = l.roll_id
     WHERE r.month = %(month)s AND r.scheme = %(scheme)s AND r.area_id = %(area)s AND l.amount > 0
       AND (l.state = 'failed' AND r.state IN ('sent', 'settled')
            OR l.state = 'held' AND r.state IN ('frozen', 'sent', 'settled'))
       AND NOT EXISTS (SELECT FROM benefits_rollline x WHERE x.reissue_of_id = l.id)
"""

_OF_MONTHS = f"""(
    SELECT f.award_id, f.month FROM ({_FAILED}) f
    UNION
    SELECT f.award_id, i.for_month FROM ({_FAILED}) f
      JOIN benefits_rollitem i ON i.line_id = f.id AND i.kind = 'back_payment'
)"""  # noqa: S608 -- put together from this room's own constants

_LINES = f"""
    INSERT INTO benefits_rollline (roll_id, month, award_id, version_id, household_id, area_id, bank_account_id,
           head_name, payee_name, person_count, base_amount, topup_amount, back_payment_amount, recoupment_amount,
           amount, state, failure, reissue_of_id)
    SELECT %(roll)s, f.month, f.award_id, f.version_id, f.household_id, f.area_id, k.id, f.head_name, k.holder,
           f.person_count, f.base_amount, f.topup_amount, f.back_payment_amount, f.recoupment_amount, f.amount,
           'waiting', '', f.id
      FROM ({_FAILED}) f
      JOIN households_bankaccount k ON k.household_id = f.household_id AND k.ended_on IS NULL
      JOIN organizations_area v ON v.id = f.area_id
     WHERE f.award_id NOT IN (
            SELECT q.award_id FROM {_OF_MONTHS} q
              LEFT JOIN LATERAL {owed_beside("q.award_id", "q.month")} o ON TRUE
             WHERE {allotted_sql("q.award_id", "q.month")} > COALESCE(o.base + o.topup, 0)
           )
     ORDER BY v.code, f.id
"""  # noqa: S608 -- put together from this room's own constants

_TOTALS = """
    UPDATE benefits_monthlyroll r
       SET line_count = s.lines, person_count = s.persons, total_amount = s.amount
      FROM (SELECT count(*) AS lines, COALESCE(sum(person_count), 0) AS persons, COALESCE(sum(amount), 0) AS amount
              FROM benefits_rollline WHERE roll_id = %(roll)s) s
     WHERE r.id = %(roll)s
"""


@transaction.atomic
def reissue_roll(month: date, scheme: str, township: Area, *, by: Staff, on: date) -> MonthlyRoll:
    """Make a roll of a month's payments that failed or were held for want of an account (重发), or make it again.

    Each is paid to the account that the family has now, once, with the sum of the line that failed. Left out, and still
    failed, is who has no account yet, and who has been given more for one of the months than is owed by now: that is
    settled by a recoupment (追回) first.

    :raises NotPermitted: no right to make rolls in the township.
    :raises RollRefused: there is nothing that can be issued anew.
    """
    check_can_act(by, Permission.PREPARE_ROLL, area=township)
    with because("生成重发发放册"):
        roll = _begin(month, scheme, township, by=by, on=on)
        values: dict[str, Any] = {
            "roll": roll.pk,
            "month": month,
            "scheme": scheme,
            "area": township.pk,
            "decided_by": FOR_EVER,
        }
        with connection.cursor() as cursor:
            cursor.execute(_LINES, values)
            cursor.execute(_TOTALS, values)
    roll.refresh_from_db()
    if not roll.line_count:
        raise RollRefused(
            f"{township.name}{month:%Y年%-m月}没有可以重发的：没有失败的，或账户还没有补登，或应发已经减少、须先办理追回。"
        )
    return roll


def _begin(month: date, scheme: str, township: Area, *, by: Staff, on: date) -> MonthlyRoll:
    rolls = MonthlyRoll.objects.select_for_update(of=("self",)).filter(
        month=month, scheme=scheme, area=township, kind=RollKind.REISSUE, state__in=OPEN
    )
    roll = rolls.first()
    if roll is None:
        roll = MonthlyRoll.objects.create(
            number=next_number(month, scheme, township),
            month=month,
            scheme=scheme,
            area=township,
            kind=RollKind.REISSUE,
            state=RollState.PREPARED,
            cut_off_on=on,
            prepared_by=by,
            prepared_on=on,
        )
        note(roll, RollEventKind.PREPARED, by=by, on=on)
        return roll
    clear(roll)
    take_back_signatures(roll)
    roll.prepared_by, roll.prepared_on, roll.cut_off_on = by, on, on
    roll.save()
    note(roll, RollEventKind.PREPARED_AGAIN, by=by, on=on)
    return roll
