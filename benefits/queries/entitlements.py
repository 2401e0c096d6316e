"""What awards are owed for a month (应发) and what rolls gave to it, for many at once by SQL, and for one over months.

The SQL and :mod:`benefits.rules.entitlement` say the same; a test holds them together.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Prefetch

from benefits.models import Award, AwardVersion, AwardVersionPerson
from benefits.rules.entitlement import Owed, PhasedOut, Share, Version, Withheld, owed_for

FOR_EVER = date(9999, 12, 31)


def owed_sql(asked: str) -> str:
    """A SELECT of what awards are owed for months, only where that is more than nothing.

    Gives ``award_id, version_id, person_count, base, topup, month`` and takes the parameter ``decided_by``, a roll's
    cut-off day: the lower of what was decided up to it and of what is decided at all, so that a rise waits and a cut
    or a stop does not. ``FOR_EVER`` for what is owed by everything decided.

    :param asked: a table or sub-select with ``award_id`` and ``month``.
    """
    return f"""
    SELECT q.award_id, o.version_id, o.person_count, o.base, o.topup, q.month
      FROM {asked} q
      JOIN benefits_award a ON a.id = q.award_id
     CROSS JOIN LATERAL (
            SELECT v.id AS version_id, v.person_count - COALESCE(d.people, 0) AS person_count,
                   v.monthly_amount - v.topup_monthly_amount - COALESCE(d.base, 0) AS base,
                   v.topup_monthly_amount - COALESCE(d.topup, 0) AS topup
              FROM (
                    (SELECT x.* FROM benefits_awardversion x
                      WHERE x.award_id = q.award_id AND x.from_month <= q.month ORDER BY x.serial DESC LIMIT 1)
                    UNION ALL
                    (SELECT x.* FROM benefits_awardversion x
                      WHERE x.award_id = q.award_id AND x.from_month <= q.month AND x.decided_on <= %(decided_by)s
                        AND EXISTS (SELECT FROM benefits_awardversion late
                                     WHERE late.award_id = q.award_id AND late.decided_on > %(decided_by)s)
                      ORDER BY x.serial DESC LIMIT 1)
                   ) v
              LEFT JOIN LATERAL (
                    SELECT count(*) AS people, sum(p.base_monthly_amount) AS base, sum(p.topup_monthly_amount) AS topup
                      FROM benefits_awardversionperson p
                      JOIN households_person h ON h.id = p.person_id
                      LEFT JOIN households_person k ON k.id = h.merged_into_id
                     WHERE p.version_id = v.id AND COALESCE(k.died_on, h.died_on) < q.month
                   ) d ON TRUE
             ORDER BY v.monthly_amount - COALESCE(d.base, 0) - COALESCE(d.topup, 0), v.serial DESC
             LIMIT 1
           ) o
     WHERE o.base + o.topup > 0
       AND q.month <= COALESCE(a.ends_month, q.month)
       AND EXISTS (SELECT FROM benefits_awardversion x WHERE x.award_id = q.award_id AND x.from_month <= q.month
                      AND x.decided_on <= %(decided_by)s)
       AND NOT EXISTS (
            SELECT FROM benefits_phaseout f
             WHERE f.award_id = q.award_id AND f.last_month < q.month
               AND (f.revoked_on IS NULL OR f.decided_on <= %(decided_by)s AND f.revoked_on > %(decided_by)s)
           )
       AND NOT EXISTS (
            SELECT FROM benefits_awardsuspension s
             WHERE s.award_id = q.award_id AND s.from_month <= q.month
               AND (s.decided_on <= %(decided_by)s AND s.ended_on > %(decided_by)s
                    OR NOT s.pays_withheld AND (s.to_month IS NULL OR s.to_month >= q.month))
           )
    """  # noqa: S608 -- put together from this room's own constants


def owed_beside(award: str, month: str) -> str:
    """The same for one row of a statement, to stand behind ``LEFT JOIN LATERAL``: asked by index, row by row.

    :param award: a column of that row.
    :param month: another.
    """
    return f"({owed_sql(f'(SELECT {award} AS award_id, {month} AS month)')})"


OWED_SQL = owed_sql("(SELECT id AS award_id, %(month)s::date AS month FROM benefits_award)")
"""What every award is owed for ``month`` by what was decided up to ``decided_by``: see rules.entitlement."""


def allotted_sql(award: str, month: str) -> str:
    """A scalar: what rolls that are not void have given an award for a month; yuan, base and top-up together.

    The month's own line, back payment for it in later rolls, less recoupment and returns for it. A line that the bank
    sent back counts: it is issued anew (重发), and a reissue itself adds nothing.
    """
    return f"""(
        COALESCE((SELECT l.base_amount + l.topup_amount FROM benefits_rollline l
                   WHERE l.award_id = {award} AND l.month = {month} AND l.reissue_of_id IS NULL), 0)
        + COALESCE((SELECT sum(CASE i.kind WHEN 'back_payment' THEN i.amount ELSE -i.amount END)
                      FROM benefits_rollitem i WHERE i.award_id = {award} AND i.for_month = {month}), 0)
        - COALESCE((SELECT sum(b.amount) FROM benefits_recoupmentreturn b
                      JOIN benefits_recoupment c ON c.id = b.recoupment_id
                     WHERE c.award_id = {award} AND b.for_month = {month}), 0)
    )"""  # noqa: S608 -- put together from this room's own constants


def claimed_sql(award: str, month: str) -> str:
    """A scalar: what approved recoupments (追回) still take back of an award's month, from rolls to come; yuan."""
    return f"""(
        SELECT COALESCE(sum(m.amount
                   - COALESCE((SELECT sum(i.amount) FROM benefits_rollitem i
                                WHERE i.recoupment_id = c.id AND i.for_month = m.for_month), 0)
                   - COALESCE((SELECT sum(b.amount) FROM benefits_recoupmentreturn b
                                WHERE b.recoupment_id = c.id AND b.for_month = m.for_month), 0)), 0)
          FROM benefits_recoupment c JOIN benefits_recoupmentmonth m ON m.recoupment_id = c.id
         WHERE c.award_id = {award} AND m.for_month = {month} AND c.state = 'approved'
    )"""  # noqa: S608 -- put together from this room's own constants


def owed(award: Award, month: date, *, decided_by: date | None = None) -> Owed:
    """What one award is owed for a month; yuan."""
    return owed_of(award, [month], decided_by=decided_by)[month]


def owed_of(award: Award, months: Sequence[date], *, decided_by: date | None = None) -> dict[date, Owed]:
    """What one award is owed for each of some months; a fixed number of queries."""
    people = AwardVersionPerson.objects.select_related("person__merged_into")
    rows = AwardVersion.objects.filter(award=award).prefetch_related(Prefetch("persons", queryset=people))
    terms: dict[str, Any] = {
        "versions": [
            Version(row.serial, row.from_month, row.decided_on, [_share(person) for person in row.persons.all()])
            for row in rows
        ],
        "withheld": [
            Withheld(row.from_month, row.to_month, row.decided_on, row.pays_withheld, row.ended_on)
            for row in award.suspensions.all()
        ],
        "phase_outs": [PhasedOut(row.last_month, row.decided_on, row.revoked_on) for row in award.phase_outs.all()],
        "last_month": award.ends_month,
    }
    return {month: owed_for(month, decided_by=decided_by, **terms) for month in months}


def _share(row: AwardVersionPerson) -> Share:
    person = row.person.merged_into or row.person
    return Share(row.base_monthly_amount, row.topup_monthly_amount, person.died_on)
