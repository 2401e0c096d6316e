"""What a payment that did not arrive was made of, month by month, over the chain of what it was issued anew from."""

from django.db.models.expressions import RawSQL

from benefits.queries.entitlements import allotted_sql, claimed_sql, owed_beside


def parts_sql(lines: str) -> str:
    """A SELECT of ``line_id, award_id, month, amount``: the months that lines pay; only what is more than nothing.

    The line's own month, and the months whose back payment (补发) the first line of its chain held, less what was
    struck off (核减) since. Recoupment is of another payment's month, and no part.

    :param lines: a SELECT of whole rows of ``benefits_rollline``.
    """
    return f"""
    WITH RECURSIVE asked AS ({lines}), chain AS (
        SELECT l.id AS line_id, l.award_id, l.month AS own_month, l.id, l.reissue_of_id FROM asked l
        UNION ALL
        SELECT c.line_id, c.award_id, c.own_month, r.id, r.reissue_of_id
          FROM chain c JOIN benefits_rollline r ON r.id = c.reissue_of_id
    )
    SELECT l.id AS line_id, l.award_id, l.month, l.base_amount + l.topup_amount AS amount
      FROM asked l WHERE l.base_amount + l.topup_amount > 0
    UNION ALL
    SELECT c.line_id, c.award_id, i.for_month, sum(CASE i.kind WHEN 'back_payment' THEN i.amount ELSE -i.amount END)
      FROM chain c
      JOIN benefits_rollitem i ON i.line_id = c.id AND i.kind IN ('back_payment', 'reduction')
     WHERE i.for_month <> c.own_month
     GROUP BY c.line_id, c.award_id, i.for_month
    HAVING sum(CASE i.kind WHEN 'back_payment' THEN i.amount ELSE -i.amount END) > 0
    """  # noqa: S608 -- put together from this room's own constants


def cuts_sql(lines: str) -> str:
    """A SELECT of the same with ``cut``, what of each month is not owed any more, and what the month owes now.

    Together the cuts of a line are no more than its sum: what a line took back (追回) was credited to the family, and
    where that was too much a recoupment settles it. What a recoupment is taking back already is not cut as well.
    Takes the parameter ``decided_by``.
    """
    return f"""
    SELECT p.line_id, p.award_id, p.month, p.amount,
           GREATEST(LEAST(p.above, l.amount - COALESCE(sum(p.above) OVER earlier, 0)), 0) AS cut,
           p.month = l.month AS is_own, p.owed_topup, p.person_count
      FROM (SELECT q.*, LEAST(q.amount, GREATEST(
                        {allotted_sql("q.award_id", "q.month")} - {claimed_sql("q.award_id", "q.month")}
                        - COALESCE(o.base + o.topup, 0), 0)) AS above,
                   COALESCE(o.topup, 0) AS owed_topup, COALESCE(o.person_count, 0) AS person_count
              FROM ({parts_sql(lines)}) q
              LEFT JOIN LATERAL {owed_beside("q.award_id", "q.month")} o ON TRUE) p
      JOIN benefits_rollline l ON l.id = p.line_id
    WINDOW earlier AS (PARTITION BY p.line_id ORDER BY p.month ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    """  # noqa: S608 -- put together from this room's own constants


_FAILED = """
    SELECT l.* FROM benefits_rollline l JOIN benefits_monthlyroll r ON r.id = l.roll_id
     WHERE l.state IN ('failed', 'held') AND l.amount > 0 AND r.frozen_at IS NOT NULL
       AND NOT EXISTS (SELECT FROM benefits_rollline x WHERE x.reissue_of_id = l.id)
"""
_LAPSED = f"""
    SELECT c.line_id FROM ({cuts_sql(_FAILED)}) c
      JOIN benefits_rollline l ON l.id = c.line_id
     GROUP BY c.line_id, l.amount HAVING sum(c.cut) = l.amount
""".replace("%(decided_by)s", "DATE '9999-12-31'")  # noqa: S608 -- put together from this room's own constants


def lapsed_lines() -> RawSQL:
    """Payments that did not arrive of which nothing is owed any more, by key: closed with a reissue, account or not."""
    return RawSQL(_LAPSED, [])  # noqa: S611 -- no value is written into the text
