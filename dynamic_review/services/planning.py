"""复核期限: nightly, every award's due date as it should be, its visit planned in time; set by set, never row by row.

Asked twice it writes nothing the second time, and after days of downtime it writes what those days would have.
"""

from datetime import date, timedelta

from django.db import connection, transaction
from django.db.models import Q

from applications.rules.process import OPEN_STATES
from benefits.models import Award, AwardState
from dynamic_review.queries import needed as lacking
from dynamic_review.queries.needed import Need
from dynamic_review.rules.levelling import Visit, level, months_from
from dynamic_review.services.triggering import note_triggers, settle_triggers
from foundation.arrays import array_text
from organizations.models import Area
from organizations.queries import townships, working_calendar

_LOCK = "SELECT pg_advisory_xact_lock(hashtext('dynamic_review.plan'), %s)"
_CLOSE = """
    UPDATE dynamic_review_reviewdue due
    SET closed_on = %(on)s, outcome = CASE award.state WHEN 'stopped' THEN 'ended' ELSE 'phase_out' END
    FROM benefits_award award
    WHERE award.id = due.award_id AND due.closed_on IS NULL AND (
        award.state = 'stopped' OR award.state = 'phase_out' AND NOT EXISTS (
            SELECT FROM dynamic_review_reviewtrigger called
            WHERE called.award_id = award.id AND called.settled_on IS NULL
        )
    )
"""
_CLOSE_ENDED = f"""{_CLOSE}
    AND award.id = %(award)s AND NOT EXISTS (
        SELECT 1 FROM applications_case review WHERE review.id = due.case_id AND review.state = ANY(%(open)s)
    )
"""  # noqa: S608 -- no value is written into the text
_COLUMNS = "scheme, category, cycle_months, reviewed_on, extension_id, legal_due_on, planned_on, kept"
_SENT = """
    unnest(%(key)s::bigint[], %(scheme)s::text[], %(category)s::text[], %(cycle_months)s::int[],
        %(reviewed_on)s::date[], %(extension_id)s::bigint[], %(legal_due_on)s::date[], %(planned_on)s::date[],
        %(kept)s::bool[])
"""
_INSERT = f"""
    INSERT INTO dynamic_review_reviewdue (award_id, {_COLUMNS}, outcome)
    SELECT sent.*, '' FROM {_SENT} AS sent (award_id, {_COLUMNS})
"""  # noqa: S608 -- no value is written into the text
_UPDATE = f"""
    UPDATE dynamic_review_reviewdue due
    SET ({_COLUMNS}) = (sent.scheme, sent.category, sent.cycle_months, sent.reviewed_on, sent.extension_id,
        sent.legal_due_on, sent.planned_on, sent.kept)
    FROM {_SENT} AS sent (id, {_COLUMNS})
    WHERE due.id = sent.id
"""  # noqa: S608 -- as above


def plan_reviews(*, on: date) -> int:
    """Bring due dates, plans and what triggers reviews up to a day, township by township (每晚更新复核期限).

    :returns: how many due dates and triggers were written, changed or closed.
    """
    changed = close_dues(on=on)
    settle_triggers(on=on)
    running = Award.objects.exclude(state=AwardState.STOPPED).order_by().values("area")
    places = list(townships().filter(Q(pk__in=running) | Q(children__in=running)).distinct())
    if not places:
        return changed
    changed += sum(plan_township(township, on=on) for township in places)
    told = note_triggers(on=on)
    if told:  # a review that something calls for may be due before its plan
        changed += sum(plan_township(township, on=on) for township in places)
    return changed + told


@transaction.atomic
def close_dues(*, on: date) -> int:
    """Close the due dates of awards that were stopped or run out (渐退), so that nobody is sent to them."""
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE, {"on": on})
        return int(cursor.rowcount)


@transaction.atomic
def close_ended(award: Award, *, on: date) -> None:
    """Close the due date of an award that was stopped just now; that of a review being decided is closed by it."""
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE_ENDED, {"on": on, "award": award.pk, "open": [state.value for state in OPEN_STATES]})


@transaction.atomic
def plan_township(township: Area, *, on: date, anew: bool = False) -> int:
    """Write and plan what a township's due dates lack.

    :param anew: plan every visit anew that the clerk has not accepted and no case is open for (重新排期).
    :returns: rows written or changed.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [township.pk])
    rows = lacking.needed(township, on=on, anew=anew)
    if not rows:
        return 0
    planned = _plan(rows, township, on=on)
    new = [(row.award_id, row) for row in planned if row.due_id is None]
    changed = [
        (row.due_id, row)
        for row, before in zip(planned, rows, strict=True)
        if row.due_id is not None and (row.differs or row != before)
    ]
    _send(_INSERT, new)
    _send(_UPDATE, changed)
    return len(new) + len(changed)


def _plan(rows: list[Need], township: Area, *, on: date) -> list[Need]:
    """The same due dates with a day for every visit: what is overdue stands on its legal day, what is kept stays."""
    moving = [row for row in rows if row.legal_due_on >= on and not row.stays(on=on)]
    days, overdue = lacking.taken(township, moving=[row.award_id for row in moving], on=on)
    calendar = working_calendar()
    visits = [Visit(row.award_id, row.village, row.not_before, max(on, row.last_day)) for row in moving]
    until = max((visit.limit for visit in visits), default=on) + timedelta(days=31)
    plan = level(
        visits,
        months=months_from(on, until, is_working=calendar.is_working),
        a_day=lacking.visits_a_day(township, on=on),
        taken=days,
        overdue=overdue,
    )
    return [_planned(row, plan.days.get(row.award_id), on=on) for row in rows]


def _planned(row: Need, day: date | None, *, on: date) -> Need:
    if day is not None:
        return row._replace(planned_on=day, kept=False)
    if row.legal_due_on < on and not row.under_way:
        return row._replace(planned_on=row.legal_due_on, kept=False)
    return row._replace(planned_on=min(row.planned_on or row.legal_due_on, row.legal_due_on))


def _send(sql: str, rows: list[tuple[int, Need]]) -> None:
    if not rows:
        return
    names = ("scheme", "category", "cycle_months", "reviewed_on", "extension_id", "legal_due_on", "planned_on", "kept")
    columns = {name: array_text([getattr(row, name) for _, row in rows]) for name in names}
    with connection.cursor() as cursor:
        cursor.execute(sql, {"key": array_text([key for key, _ in rows])} | columns)
