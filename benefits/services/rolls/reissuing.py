"""Payments that failed, issued anew (失败重发): a roll of their own, signed as any other."""

from datetime import date
from typing import Any

from django.db import connection, transaction

from benefits.models import MonthlyRoll, RollEventKind, RollKind, RollState
from benefits.queries.entitlements import FOR_EVER
from benefits.queries.unpaid_parts import cuts_sql
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

_CUTS = f"""
    CREATE TEMPORARY TABLE reissue_cut ON COMMIT DROP AS
    SELECT c.* FROM ({cuts_sql(_FAILED)}) c WHERE c.cut > 0
"""  # noqa: S608 -- put together from this room's own constants
"""What of the failed payments is not owed any more, by line and month."""

_LINES = f"""
    INSERT INTO benefits_rollline (roll_id, month, award_id, version_id, household_id, area_id, bank_account_id,
           head_name, payee_name, person_count, base_amount, topup_amount, back_payment_amount, recoupment_amount,
           amount, state, failure, reissue_of_id)
    SELECT %(roll)s, f.month, f.award_id, f.version_id, f.household_id, f.area_id,
           CASE WHEN f.amount > x.cut THEN k.id END, f.head_name, COALESCE(k.holder, ''),
           COALESCE(own.person_count, f.person_count), t.due - t.topup, t.topup,
           f.back_payment_amount - (x.cut - COALESCE(own.cut, 0)), f.recoupment_amount, f.amount - x.cut,
           CASE WHEN f.amount > x.cut THEN 'waiting' ELSE 'lapsed' END, '', f.id
      FROM ({_FAILED}) f
      LEFT JOIN households_bankaccount k ON k.household_id = f.household_id AND k.ended_on IS NULL
      JOIN organizations_area v ON v.id = f.area_id
      LEFT JOIN reissue_cut own ON own.line_id = f.id AND own.is_own
     CROSS JOIN LATERAL (SELECT COALESCE(sum(c.cut), 0) AS cut FROM reissue_cut c WHERE c.line_id = f.id) x
     CROSS JOIN LATERAL (
            SELECT f.base_amount + f.topup_amount - COALESCE(own.cut, 0) AS due,
                   GREATEST(LEAST(f.topup_amount, COALESCE(own.owed_topup, f.topup_amount),
                                  f.base_amount + f.topup_amount - COALESCE(own.cut, 0)),
                            f.topup_amount - COALESCE(own.cut, 0)) AS topup
           ) t
     WHERE k.id IS NOT NULL OR f.amount = x.cut
     ORDER BY v.code, f.id
"""  # noqa: S608 -- put together from this room's own constants

_ITEMS = """
    INSERT INTO benefits_rollitem (line_id, award_id, kind, for_month, amount, reason)
    SELECT l.id, c.award_id, 'reduction', c.month, c.cut, '应发已经减少'
      FROM reissue_cut c JOIN benefits_rollline l ON l.reissue_of_id = c.line_id
     WHERE l.roll_id = %(roll)s
"""

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

    Each is paid to the account that the family has now, once, with the sum of the line that failed, less what is not
    owed any more for one of its months (核减). Where nothing is left it is closed (不再发放) with the same signatures.
    Left out, and still failed, is who has no account yet.

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
            cursor.execute("DROP TABLE IF EXISTS pg_temp.reissue_cut")
            cursor.execute(_CUTS, values)
            cursor.execute(_LINES, values)
            cursor.execute(_ITEMS, values)
            cursor.execute(_TOTALS, values)
    roll.refresh_from_db()
    if not roll.line_count:
        raise RollRefused(f"{township.name}{month:%Y年%-m月}没有可以重发的：没有失败的，或账户还没有补登。")
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
