"""What awards are owed for a month (应发), for many at once by one statement, and for one over months."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Prefetch

from benefits.models import Award, AwardSuspension, AwardVersion, AwardVersionPerson
from benefits.rules.entitlement import Owed, Share, Version, Withheld, owed_for

OWED_SQL = """
    SELECT a.id AS award_id, v.id AS version_id, v.person_count - COALESCE(d.people, 0) AS person_count,
           v.monthly_amount - v.topup_monthly_amount - COALESCE(d.base, 0) AS base,
           v.topup_monthly_amount - COALESCE(d.topup, 0) AS topup
      FROM benefits_award a
      JOIN LATERAL (
            SELECT x.* FROM benefits_awardversion x
             WHERE x.award_id = a.id AND x.from_month <= %(month)s AND x.decided_on <= %(decided_by)s
             ORDER BY x.serial DESC LIMIT 1
           ) v ON TRUE
      LEFT JOIN LATERAL (
            SELECT count(*) AS people, sum(p.base_monthly_amount) AS base, sum(p.topup_monthly_amount) AS topup
              FROM benefits_awardversionperson p
              JOIN households_person h ON h.id = p.person_id
              LEFT JOIN households_person k ON k.id = h.merged_into_id
             WHERE p.version_id = v.id
               AND date_trunc('month', COALESCE(k.died_on, h.died_on)) + INTERVAL '1 month' <= %(month)s
           ) d ON TRUE
     WHERE (a.ends_month IS NULL OR a.ends_month >= %(month)s)
       AND NOT EXISTS (
            SELECT FROM benefits_awardsuspension s
             WHERE s.award_id = a.id AND NOT s.pays_withheld AND s.from_month <= %(month)s
               AND (s.to_month IS NULL OR s.to_month >= %(month)s)
           )
"""
"""What every award is owed for ``month`` by the versions decided up to ``decided_by``: see rules.entitlement."""

FOR_EVER = date(9999, 12, 31)


def owed(award: Award, month: date, *, decided_by: date | None = None) -> Owed:
    """What one award is owed for a month; yuan."""
    return owed_of(award, [month], decided_by=decided_by)[month]


def owed_of(award: Award, months: Sequence[date], *, decided_by: date | None = None) -> dict[date, Owed]:
    """What one award is owed for each of some months; a fixed number of queries."""
    people = AwardVersionPerson.objects.select_related("person__merged_into")
    rows = AwardVersion.objects.filter(award=award).prefetch_related(Prefetch("persons", queryset=people))
    versions = [
        Version(row.serial, row.from_month, row.decided_on, [_share(person) for person in row.persons.all()])
        for row in rows
    ]
    withheld = [
        Withheld(row.from_month, row.to_month, row.decided_on, row.pays_withheld)
        for row in AwardSuspension.objects.filter(award=award)
    ]
    # Read anew: who holds the award may have read it before it was ended.
    last_month = Award.objects.values_list("ends_month", flat=True).get(pk=award.pk)
    terms: dict[str, Any] = {"versions": versions, "withheld": withheld, "last_month": last_month}
    return {month: owed_for(month, decided_by=decided_by, **terms) for month in months}


def _share(row: AwardVersionPerson) -> Share:
    person = row.person.merged_into or row.person
    return Share(row.base_monthly_amount, row.topup_monthly_amount, person.died_on)
