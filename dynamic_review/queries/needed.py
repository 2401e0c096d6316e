"""What the dates of a township lack: due dates to be written, changed or planned anew, and what its days hold."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from applications.rules.process import OPEN_STATES
from eligibility.queries import MissingParameters, further_value
from eligibility.rules.further_parameters import (
    EMERGENCY_EXTENSION_MONTHS,
    JOB_REFUSALS,
    REVIEW_CYCLE_MONTHS,
    REVIEW_NOTICE_DAYS,
    REVIEW_VISITS_A_DAY,
)
from foundation.arrays import array_text
from organizations.models import Area

_USUAL_NOTICE_DAYS = 30
_SHOULD = """
    SELECT award.id AS award_id, award.scheme, version.category, area.code AS village, cycle.months,
        known.reviewed_on, extension.id AS extension_id,
        (known.reviewed_on
            + make_interval(months => cycle.months + COALESCE(extension.months, 0)))::date AS legal_due_on,
        (known.reviewed_on + make_interval(months => cycle.months / 2))::date AS not_before
    FROM benefits_award award
    JOIN organizations_area area ON area.id = award.area_id
        AND (area.id = %(township)s OR area.parent_id = %(township)s)
    JOIN LATERAL (
        SELECT category FROM benefits_awardversion WHERE award_id = award.id ORDER BY serial DESC LIMIT 1
    ) version ON TRUE
    JOIN LATERAL (
        SELECT GREATEST(
            (SELECT decided_on FROM benefits_awardversion WHERE award_id = award.id ORDER BY serial LIMIT 1),
            (SELECT max(closed_on) FROM dynamic_review_reviewdue WHERE award_id = award.id AND outcome = 'reviewed')
        ) AS reviewed_on
        OFFSET 0 -- looked up once an award, not wherever the day is used
    ) known ON TRUE
    JOIN LATERAL (
        SELECT CASE
            WHEN award.scheme = 'tekun' THEN %(tekun)s WHEN version.category = 'A' THEN %(a)s
            WHEN version.category = 'B' THEN %(b)s ELSE %(c)s
        END AS months
    ) cycle ON TRUE
    LEFT JOIN LATERAL (
        SELECT found.id, found.months
        FROM dynamic_review_reviewextension found
        JOIN dynamic_review_reviewextension_areas place ON place.reviewextension_id = found.id
        WHERE place.area_id = %(township)s AND found.revoked_on IS NULL AND award.scheme = ANY(found.schemes)
            AND (known.reviewed_on + make_interval(months => cycle.months))::date
                BETWEEN found.from_day AND found.to_day
        ORDER BY found.months DESC, found.id LIMIT 1
    ) extension ON TRUE
    WHERE award.state IN ('active', 'suspended') OR award.state = 'phase_out' AND EXISTS (
        SELECT FROM dynamic_review_reviewtrigger called WHERE called.award_id = award.id AND called.settled_on IS NULL
    )
"""
"""Reviews that should stand open: in phase-out, which ends by itself, only what something calls for."""
_NEEDED = f"""
    WITH should AS MATERIALIZED ({_SHOULD}), dated AS MATERIALIZED (
        SELECT should.*, due.id AS due_id, due.planned_on, COALESCE(due.kept, FALSE) AS kept,
            (due.id IS NULL
                OR (due.scheme, due.category, due.cycle_months, due.reviewed_on, due.legal_due_on) IS DISTINCT FROM
                    (should.scheme, should.category, should.months, should.reviewed_on, should.legal_due_on)
                OR due.extension_id IS DISTINCT FROM should.extension_id) AS differs,
            COALESCE(review.state = ANY(%(open)s), FALSE) AS under_way,
            LEAST(should.legal_due_on, (
                SELECT min(trigger.due_on) FROM dynamic_review_reviewtrigger trigger
                WHERE trigger.award_id = should.award_id AND trigger.settled_on IS NULL
            )) AS last_day
        FROM should
        LEFT JOIN dynamic_review_reviewdue due ON due.award_id = should.award_id AND due.closed_on IS NULL
        LEFT JOIN applications_case review ON review.id = due.case_id
    )
    SELECT due_id, award_id, scheme, category, months, reviewed_on, extension_id, legal_due_on, village, not_before,
        last_day, planned_on, kept, differs, under_way
    FROM dated
    WHERE differs OR NOT under_way AND (
        planned_on > GREATEST(last_day, %(on)s)
        OR NOT kept AND last_day >= %(on)s AND (planned_on < %(on)s OR %(anew)s)
    )
    ORDER BY award_id
"""  # noqa: S608 -- no value is written into the text
_TAKEN = """
    SELECT due.planned_on, count(*), due.legal_due_on < %(on)s
    FROM dynamic_review_reviewdue due
    JOIN benefits_award award ON award.id = due.award_id
    JOIN organizations_area area ON area.id = award.area_id
    WHERE (area.id = %(township)s OR area.parent_id = %(township)s) AND due.closed_on IS NULL
        AND due.award_id <> ALL(%(moving)s::bigint[]) AND (due.planned_on >= %(on)s OR due.legal_due_on < %(on)s)
    GROUP BY 1, 3
"""


class Need(NamedTuple):
    """A due date as it should be; ``last_day`` is the legal day, or the day of what called for a review before it."""

    due_id: int | None
    award_id: int
    scheme: str
    category: str
    cycle_months: int
    reviewed_on: date
    extension_id: int | None
    legal_due_on: date
    village: str
    not_before: date
    last_day: date
    planned_on: date | None
    kept: bool
    differs: bool
    under_way: bool

    def stays(self, *, on: date) -> bool:
        """A plan that the clerk accepted, or whose review is under way, stays where it is in time."""
        if self.planned_on is None:
            return False
        return self.under_way or (self.kept and self.planned_on <= max(on, self.last_day))


def cycles_of(township: Area, *, on: date) -> Mapping[str, int]:
    """核查周期: months by category and for 特困."""
    cycles: Mapping[str, int] = further_value(REVIEW_CYCLE_MONTHS, area=township, on=on)
    return cycles


def visits_a_day(township: Area, *, on: date) -> int:
    """Visits that a township makes on a working day."""
    return int(further_value(REVIEW_VISITS_A_DAY, area=township, on=on))


def notice_days(area: Area, *, on: date) -> int:
    """So many days before its plan a review stands on the clerk's list (提前30天).

    Every clerk's home page asks for it: without a value in force it goes by the handbook's days and shows its tasks.
    """
    try:
        return int(further_value(REVIEW_NOTICE_DAYS, area=area, on=on))
    except MissingParameters:
        return _USUAL_NOTICE_DAYS


def job_refusals(area: Area, *, on: date) -> int:
    """Refused offers of work in a row that call for a review (F57 §34)."""
    return int(further_value(JOB_REFUSALS, area=area, on=on))


def most_extension_months(area: Area, *, on: date) -> int:
    """By how many months reviews may be later in a public emergency (F57 §31)."""
    return int(further_value(EMERGENCY_EXTENSION_MONTHS, area=area, on=on))


def needed(township: Area, *, on: date, anew: bool = False) -> list[Need]:
    """Every award of a township whose due date is missing, no longer right, or planned for a day that has passed.

    :param anew: beside them every one whose plan the clerk has not accepted.
    """
    told = {"township": township.pk, "on": on, "anew": anew, "open": [state.value for state in OPEN_STATES]}
    return [Need._make(row) for row in _rows(_NEEDED, told | dict(cycles_of(township, on=on)))]


def taken(township: Area, *, moving: list[int], on: date) -> tuple[dict[date, int], int]:
    """Visits by day that stay where they are, and how many are overdue.

    :param moving: awards whose visits are planned anew.
    """
    days: dict[date, int] = {}
    overdue = 0
    for day, number, is_late in _rows(_TAKEN, {"township": township.pk, "on": on, "moving": array_text(moving)}):
        if is_late:
            overdue += number
        else:
            days[day] = number
    return days, overdue


def _rows(sql: str, told: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, told)
        return list(cursor.fetchall())
