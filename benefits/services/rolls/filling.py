"""Writing the lines of a roll: a fixed number of statements, however many awards it has.

What is worked out on the way stands in tables of the transaction: ``roll_kept`` has the awards, ``roll_owed`` what
they are owed, ``roll_due`` what of it is still to be given, ``roll_back`` what earlier months still owe (补发),
``roll_taken`` what comes back (追回), ``roll_made`` the lines written. The database looks through them before it uses
them: it knows nothing yet of rows that are this young.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from psycopg2.extras import execute_values

from benefits.models import MonthlyRoll
from benefits.queries.entitlements import FOR_EVER, allotted_sql, owed_sql
from benefits.queries.overpayments import come_back_sql
from benefits.rules.recoupments import OfMonth, instalment
from organizations.models import Area

_DROP = "DROP TABLE IF EXISTS " + ", ".join(
    f"pg_temp.roll_{name}" for name in ("kept", "owed", "due", "back", "taken", "made")
)

_KEPT = """
    CREATE TEMPORARY TABLE roll_kept ON COMMIT DROP AS
    SELECT a.id AS award_id, a.household_id, a.number, a.starts_month, a.ends_month, p.area_id, %(month)s::date AS month
      FROM benefits_award a
      JOIN (SELECT id FROM benefits_award WHERE area_id = ANY(%(areas)s) AND scheme = %(scheme)s
            UNION
            SELECT award_id FROM benefits_awardplace WHERE area_id = ANY(%(areas)s)) near ON near.id = a.id
     CROSS JOIN LATERAL (
            SELECT COALESCE((SELECT x.area_id FROM benefits_awardplace x
                              WHERE x.award_id = a.id AND x.from_month <= %(month)s
                              ORDER BY x.from_month DESC, x.id DESC LIMIT 1), a.area_id) AS area_id
            OFFSET 0 -- looked up once, not wherever it is used
           ) p
     WHERE a.scheme = %(scheme)s AND a.starts_month <= %(month)s AND p.area_id = ANY(%(areas)s)
       AND (SELECT l.id FROM benefits_rollline l
             WHERE l.award_id = a.id AND l.month = %(month)s AND l.reissue_of_id IS NULL) IS NULL
"""
"""Awards that the township keeps in the month (管理地) and that have no line of it in another roll.

Here and below a line is asked for award by award, by index, and not joined: a county's first rolls are written faster
than the database counts them, and a join planned for a table that was empty a minute ago compares every award with
every line.
"""

_OWED = f"CREATE TEMPORARY TABLE roll_owed ON COMMIT DROP AS {owed_sql('roll_kept')}"

_DUE = """
    CREATE TEMPORARY TABLE roll_due ON COMMIT DROP AS
    SELECT k.*, o.version_id, COALESCE(o.person_count, 0) AS person_count,
           GREATEST(COALESCE(o.base, 0) - given.amount, 0) AS base,
           GREATEST(COALESCE(o.topup, 0) - GREATEST(given.amount - COALESCE(o.base, 0), 0), 0) AS topup,
           CASE
             WHEN last.id IS NULL THEN k.starts_month
             WHEN news.from_month IS NOT NULL THEN news.from_month
             WHEN last.base_amount + last.topup_amount <> COALESCE(o.base + o.topup, 0) AND last.month >= k.prior
               THEN k.starts_month
           END AS back_from
      FROM (SELECT *, (%(month)s::date - INTERVAL '1 month')::date AS prior FROM roll_kept) k
      LEFT JOIN roll_owed o ON o.award_id = k.award_id
     CROSS JOIN LATERAL (
            SELECT COALESCE(sum(CASE i.kind WHEN 'back_payment' THEN i.amount ELSE -i.amount END), 0) AS amount
              FROM benefits_rollitem i WHERE i.award_id = k.award_id AND i.for_month = %(month)s
           ) given
      LEFT JOIN LATERAL (
            SELECT l.id, l.month, l.base_amount, l.topup_amount FROM benefits_rollline l
             WHERE l.award_id = k.award_id AND l.reissue_of_id IS NULL
               AND l.month = LEAST(k.prior, COALESCE(k.ends_month, k.prior)) LIMIT 1
           ) last ON TRUE
      LEFT JOIN LATERAL (
            SELECT min(d.from_month) AS from_month
              FROM (
                    SELECT v.from_month FROM benefits_awardversion v
                     WHERE v.award_id = k.award_id AND v.decided_on >= %(since)s
                    UNION ALL
                    SELECT s.from_month FROM benefits_awardsuspension s
                     WHERE s.award_id = k.award_id AND GREATEST(s.decided_on, s.ended_on) >= %(since)s
                    UNION ALL
                    SELECT f.first_month FROM benefits_phaseout f
                     WHERE f.award_id = k.award_id AND GREATEST(f.decided_on, f.revoked_on) >= %(since)s
                    UNION ALL
                    SELECT x.from_month FROM benefits_awardreckoning x
                     WHERE x.award_id = k.award_id AND x.recorded_on >= %(since)s
                   ) d
           ) news ON TRUE
"""
"""What the month owes each of them, less what a later roll has given for it already, and from which earlier month on
back payment is looked for: only where there is no line of the month before, where something was decided or reckoned
anew (重新核算) since that roll's cut-off day, or where the sum is another one than then."""

_EARLIER = """(
    SELECT d.award_id, m.month::date AS month
      FROM roll_due d
     CROSS JOIN LATERAL generate_series(
            GREATEST(d.back_from, d.starts_month), LEAST(d.prior, COALESCE(d.ends_month, d.prior)),
            INTERVAL '1 month') AS m (month)
     WHERE d.back_from IS NOT NULL
)"""

_BACK = f"""
    CREATE TEMPORARY TABLE roll_back ON COMMIT DROP AS
    SELECT o.award_id, o.month, o.base + o.topup - {allotted_sql("o.award_id", "o.month")} AS amount,
           CASE
             WHEN EXISTS (SELECT FROM benefits_awardsuspension s
                           WHERE s.award_id = o.award_id AND s.pays_withheld
                             AND s.from_month <= o.month AND s.to_month >= o.month) THEN '补发暂缓的月份'
             WHEN anew.reason IS NOT NULL THEN anew.reason
             WHEN v.kind = 'grant' THEN '截止日以后确认'
             ELSE v.reason
           END AS reason
      FROM ({owed_sql(_EARLIER)}) o
      JOIN benefits_awardversion v ON v.id = o.version_id
      LEFT JOIN LATERAL (
            SELECT x.reason FROM benefits_awardreckoning x
             WHERE x.award_id = o.award_id AND x.from_month <= o.month AND x.recorded_on >= %(since)s
             ORDER BY x.id DESC LIMIT 1
           ) anew ON TRUE
     WHERE o.base + o.topup > {allotted_sql("o.award_id", "o.month")}
"""  # noqa: S608 -- put together from this room's own constants

_TAKEN = """
    CREATE TEMPORARY TABLE roll_taken (award_id bigint, recoupment_id bigint, month date, amount numeric(12, 2))
    ON COMMIT DROP
"""

_TAKING = """(
    SELECT c.id, c.award_id, d.base + d.topup AS month_sum
      FROM benefits_recoupment c
      JOIN roll_due d ON d.award_id = c.award_id
     WHERE c.state = 'approved' AND d.base + d.topup > 0
)"""

_OWED_BACK = f"""
    SELECT b.award_id, b.id, b.for_month, b.month_sum, b.rest FROM ({come_back_sql(_TAKING)}) b
"""  # noqa: S608 -- put together from this room's own constants

_MADE = "CREATE TEMPORARY TABLE roll_made (line_id bigint, award_id bigint) ON COMMIT DROP"

_LINES = """
    WITH made AS (
    INSERT INTO benefits_rollline (roll_id, month, award_id, version_id, household_id, area_id, bank_account_id,
           head_name, payee_name, person_count, base_amount, topup_amount, back_payment_amount, recoupment_amount,
           amount, state, failure)
    SELECT %(roll)s, %(month)s, d.award_id, d.version_id, d.household_id, d.area_id, k.id,
           COALESCE(h.name, ''), COALESCE(k.holder, ''), d.person_count, d.base, d.topup, COALESCE(b.amount, 0),
           COALESCE(t.amount, 0), d.base + d.topup + COALESCE(b.amount, 0) - COALESCE(t.amount, 0),
           CASE WHEN k.id IS NULL THEN 'held' ELSE 'waiting' END, ''
      FROM roll_due d
      JOIN organizations_area v ON v.id = d.area_id
      LEFT JOIN (SELECT award_id, sum(amount) AS amount FROM roll_back GROUP BY award_id) b ON b.award_id = d.award_id
      LEFT JOIN (SELECT award_id, sum(amount) AS amount FROM roll_taken GROUP BY award_id) t ON t.award_id = d.award_id
      LEFT JOIN households_bankaccount k ON k.household_id = d.household_id AND k.ended_on IS NULL
      LEFT JOIN LATERAL (
            SELECT p.name FROM households_member m JOIN households_person p ON p.id = m.person_id
             WHERE m.household_id = d.household_id AND m.relation = 'head'
             ORDER BY m.left_on DESC NULLS FIRST, m.id DESC LIMIT 1
           ) h ON TRUE
     WHERE d.base + d.topup + COALESCE(b.amount, 0) > 0
     ORDER BY v.code, d.number
    RETURNING id, award_id
    )
    INSERT INTO roll_made SELECT id, award_id FROM made
"""

_ITEMS = """
    INSERT INTO benefits_rollitem (line_id, award_id, kind, for_month, amount, reason, recoupment_id)
    SELECT l.line_id, x.award_id, x.kind, x.month, x.amount, x.reason, x.recoupment_id
      FROM (
            SELECT award_id, 'back_payment' AS kind, month, amount, reason, NULL::bigint AS recoupment_id FROM roll_back
            UNION ALL
            SELECT t.award_id, 'recoupment', t.month, t.amount, c.reason, c.id
              FROM roll_taken t JOIN benefits_recoupment c ON c.id = t.recoupment_id
           ) x
      JOIN roll_made l ON l.award_id = x.award_id
     ORDER BY l.line_id, x.month
"""

_TOTALS = """
    UPDATE benefits_monthlyroll r
       SET line_count = s.lines, person_count = s.persons, total_amount = s.amount
      FROM (SELECT count(*) AS lines, COALESCE(sum(person_count), 0) AS persons, COALESCE(sum(amount), 0) AS amount
              FROM benefits_rollline WHERE roll_id = %(roll)s) s
     WHERE r.id = %(roll)s
"""

_CLEAR = (
    "DELETE FROM benefits_rollitem i USING benefits_rollline l WHERE l.id = i.line_id AND l.roll_id = %(roll)s",
    "DELETE FROM benefits_rollline WHERE roll_id = %(roll)s",
)


def clear(roll: MonthlyRoll) -> None:
    """Take the lines out of a roll that is not frozen; the database refuses it of one that is."""
    with connection.cursor() as cursor:
        for statement in _CLEAR:
            cursor.execute(statement, {"roll": roll.pk})


def fill(roll: MonthlyRoll, *, since: date, share: Decimal) -> None:
    """Write the lines of an empty roll from what is decided, with their items, and add it up.

    :param since: the cut-off day of the rolls before, the earliest of them: what was decided from it on may have left
        an earlier month paid too little.
    :param share: the most of a month's own sum that is taken back (追回).
    """
    values: dict[str, Any] = {
        "roll": roll.pk,
        "month": roll.month,
        "scheme": roll.scheme,
        "areas": areas_of(roll.area),
        "decided_by": roll.cut_off_on,
        "since": since,
    }
    with connection.cursor() as cursor:
        cursor.execute(_DROP)
        cursor.execute(_KEPT, values)
        cursor.execute("ANALYZE roll_kept")
        cursor.execute(_OWED, values)
        cursor.execute("ANALYZE roll_owed")
        cursor.execute(_DUE, values)
        cursor.execute("ANALYZE roll_due")
        cursor.execute(_BACK, values)
        cursor.execute(_TAKEN)
        _take_back(cursor, share)
        cursor.execute(_MADE)
        cursor.execute(_LINES, values)
        cursor.execute("ANALYZE roll_back, roll_taken, roll_made")
        cursor.execute(_ITEMS, values)
        cursor.execute(_TOTALS, values)
    roll.refresh_from_db()


def _take_back(cursor: Any, share: Decimal) -> None:
    # By everything decided, not up to the cut-off: what is owed again since then is not taken on the way.
    cursor.execute(_OWED_BACK, {"decided_by": FOR_EVER})
    by_order: dict[tuple[int, int, Decimal], list[OfMonth]] = {}
    for award, order, month, month_sum, amount in cursor.fetchall():
        by_order.setdefault((award, order, month_sum), []).append(OfMonth(month, amount))
    rows = [
        (award, order, taken.for_month, taken.amount)
        for (award, order, month_sum), owed_back in by_order.items()
        for taken in instalment(owed_back, month_sum=month_sum, share=share)
    ]
    if rows:
        execute_values(cursor, "INSERT INTO roll_taken VALUES %s", rows)


def areas_of(township: Area) -> list[int]:
    """The township and its villages, by key."""
    return [township.pk, *township.children.order_by().values_list("pk", flat=True)]
