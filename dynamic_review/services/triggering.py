"""触发复核: what happened to a family since its last review and calls for the next one before its day.

By the night's statements each is told once, whenever the night comes; by hand where a family or a neighbour tells it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zlib import crc32

from django.db import connection, transaction

from applications.rules.process import OPEN_STATES
from applications.rules.reviews import ReviewCause
from benefits.models import Award, AwardState
from dynamic_review.models import Answer, JobOffer, ReviewTrigger
from dynamic_review.permissions import Permission, check_can_act
from dynamic_review.queries.needed import job_refusals, notice_days
from dynamic_review.rules.days import school_year_end
from foundation.errors import ServiceError
from households.models import Person
from organizations.models import Staff
from organizations.queries import county, township_of

_TELL = """
    INSERT INTO dynamic_review_reviewtrigger
        (award_id, cause, person_id, happened_on, due_on, note, source, noted_on, settlement)
    SELECT found.award_id, found.cause, found.person_id, found.happened_on,
        GREATEST(found.happened_on, COALESCE(found.due_on, found.happened_on + %(days)s)), found.note, found.source,
        %(on)s, ''
    FROM (%(found)s) found
    WHERE NOT EXISTS (
        SELECT 1 FROM dynamic_review_reviewtrigger told
        WHERE told.award_id = found.award_id AND told.cause = found.cause AND told.source = found.source
    )
    ON CONFLICT (award_id, cause, source) DO NOTHING
"""
_COVERED = """
    benefits_awardperson covered
    JOIN dynamic_review_reviewdue due ON due.award_id = covered.award_id AND due.closed_on IS NULL
    JOIN households_person person ON person.id = covered.person_id AND person.died_on IS NULL
"""
"""Who stands in an award that is to be reviewed; what its last review knew already does not call for another."""
_CHECKS = """
    SELECT noted.award_id, CASE noted.cause WHEN 'died' THEN 'death' ELSE noted.cause END AS cause, noted.person_id,
        noted.happened_on, noted.due_on, '' AS note, 'check:' || noted.id AS source
    FROM benefits_awardcheck noted
    JOIN benefits_award award ON award.id = noted.award_id AND award.state <> 'stopped'
    WHERE noted.settled_on IS NULL
"""
_AGES = f"""
    SELECT covered.award_id, 'age' AS cause, person.id AS person_id, birthday.reached AS happened_on,
        NULL::date AS due_on, '年满' || birthday.years || '周岁' AS note,
        'age:' || person.id || ':' || birthday.years AS source
    FROM {_COVERED}
    CROSS JOIN LATERAL (
        SELECT years, (person.birth_date + make_interval(years => years))::date
            + (to_char(person.birth_date, 'MMDD') = '0229'
                AND to_char(person.birth_date + make_interval(years => years), 'MMDD') = '0228')::int AS reached
        FROM unnest(%(ages)s) AS years
    ) birthday
    WHERE covered.covered @> %(on)s AND birthday.reached > due.reviewed_on AND birthday.reached <= %(on)s
"""  # noqa: S608 -- no value is written into the text
_CERTIFICATES = f"""
    SELECT covered.award_id, 'certificate' AS cause, person.id AS person_id, disability.valid_to AS happened_on,
        disability.valid_to AS due_on, '' AS note,
        'certificate:' || disability.id || ':' || disability.valid_to AS source
    FROM {_COVERED}
    JOIN households_disability disability ON disability.person_id = person.id AND disability.ended_on IS NULL
    WHERE covered.covered @> %(on)s AND disability.valid_to > due.reviewed_on
        AND disability.valid_to <= %(on)s + %(days)s
"""  # noqa: S608 -- as above
_SCHOOLING = f"""
    SELECT covered.award_id, 'schooling' AS cause, person.id AS person_id, %(school_year_end)s AS happened_on,
        NULL::date AS due_on, '' AS note,
        'schooling:' || person.id || ':' || to_char(%(school_year_end)s, 'YYYY') AS source
    FROM {_COVERED}
    JOIN (VALUES ('compulsory', 15), ('senior_high', 18), ('vocational', 18), ('undergraduate', 22),
        ('postgraduate', 25)) AS stage (schooling, last_age) ON stage.schooling = person.schooling
    WHERE covered.covered @> %(on)s AND %(school_year_end)s > due.reviewed_on
        AND person.birth_date + make_interval(years => stage.last_age) <= %(school_year_end)s
"""  # noqa: S608 -- as above
_MEANS_CHECKS = """
    SELECT due.award_id, 'means_check' AS cause, NULL::bigint AS person_id, answer.answered_on AS happened_on,
        NULL::date AS due_on, answer.batch_number AS note, 'means_check:' || answer.id AS source
    FROM dynamic_review_reviewdue due
    JOIN benefits_award award ON award.id = due.award_id
    JOIN verification_meanscheck answer ON answer.household_id = award.household_id
    LEFT JOIN LATERAL (
        SELECT before.result FROM verification_meanscheck before
        WHERE before.household_id = answer.household_id AND before.id < answer.id AND before.answered_on IS NOT NULL
        ORDER BY before.id DESC LIMIT 1
    ) earlier ON TRUE
    WHERE due.closed_on IS NULL AND answer.answered_on > due.reviewed_on
        AND (answer.result IN ('alert', 'failed') OR answer.result = 'clean' AND earlier.result = 'alert')
        AND NOT EXISTS (
            SELECT 1 FROM applications_case matter
            WHERE matter.household_id = award.household_id AND matter.state = ANY(%(open)s)
        )
"""
"""A check that found something, could not be made, or no longer finds what the one before it did."""
_REFUSALS = f"""
    SELECT covered.award_id, 'job_refusals' AS cause, person.id AS person_id, offer.offered_on AS happened_on,
        NULL::date AS due_on, '连续' || %(refusals)s || '次无正当理由拒绝就业介绍' AS note,
        'refusals:' || person.id || ':' || offer.run || ':' || offer.place / %(refusals)s AS source
    FROM {_COVERED}
    JOIN (
        SELECT person_id, offered_on, run,
            row_number() OVER (PARTITION BY person_id, run ORDER BY offered_on, id) AS place
        FROM (
            SELECT id, person_id, offered_on, answer, count(*) FILTER (WHERE answer = 'accepted')
                OVER (PARTITION BY person_id ORDER BY offered_on, id) AS run
            FROM dynamic_review_joboffer
        ) counted
        WHERE answer = 'refused'
    ) offer ON offer.person_id = person.id AND offer.place %% %(refusals)s = 0
    WHERE covered.covered @> %(on)s AND offer.offered_on > due.reviewed_on AND offer.offered_on <= %(on)s
"""  # noqa: S608 -- as above
_SETTLE_CHECKED = """
    UPDATE dynamic_review_reviewtrigger told
    SET settled_on = noted.settled_on, settled_by_id = noted.settled_by_id, settlement = noted.finding
    FROM benefits_awardcheck noted
    WHERE told.source = 'check:' || noted.id AND told.settled_on IS NULL AND noted.settled_on IS NOT NULL
"""
_SETTLE_STOPPED = """
    UPDATE dynamic_review_reviewtrigger told SET settled_on = %(on)s, settlement = '待遇已停发'
    FROM benefits_award award
    WHERE award.id = told.award_id AND award.state = 'stopped' AND told.settled_on IS NULL
"""
AGES = (16, 18, 60, 70)
"""Ages from which the rules differ (特困, labour capacity, top-ups); who was born on 29 February is so on 1 March."""
_FOUND = (_CHECKS, _AGES, _CERTIFICATES, _SCHOOLING, _MEANS_CHECKS, _REFUSALS)
BY_HAND = (ReviewCause.REPORTED, ReviewCause.COMPLAINT)
"""What a clerk notes: the family or somebody else told of it."""


class NotAllowed(ServiceError):
    """The act does not fit: the award is stopped, a day is wrong, or something is not said."""


@dataclass(frozen=True)
class OfferData:
    """An offer of work (就业介绍), and what came of it: a value of :class:`Answer`."""

    person: Person
    offered_on: date
    job: str
    answer: str
    reason: str = ""


@transaction.atomic
def note_triggers(*, on: date) -> int:
    """Note what has happened to every family in an award since its last review, each thing once (每晚查找触发复核).

    :returns: how many were noted.
    """
    area = county()
    told: dict[str, Any] = {
        "on": on,
        "days": notice_days(area, on=on),
        "ages": list(AGES),
        "refusals": job_refusals(area, on=on),
        "school_year_end": school_year_end(on),
        "open": [state.value for state in OPEN_STATES],
    }
    noted = 0
    with connection.cursor() as cursor:
        for found in _FOUND:  # a statement a kind, each for the whole county
            cursor.execute(_TELL.replace("%(found)s", found), told)
            noted += cursor.rowcount
    return noted


@transaction.atomic
def settle_triggers(*, on: date) -> None:
    """Settle what was looked into as a check of the award (待遇核查), and what an award leaves that was stopped."""
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE_CHECKED)
        cursor.execute(_SETTLE_STOPPED, {"on": on})


@transaction.atomic
def note_by_hand(award: Award, *, cause: str, happened_on: date, note: str, by: Staff, on: date) -> ReviewTrigger:
    """Note what a family reports (登记家庭变化) or somebody complains of (收到投诉举报); the award is reviewed anew.

    :raises NotPermitted: the person does not plan reviews in the award's area.
    :raises NotAllowed: the award is stopped, the day is to come, nothing is said, or it was noted before.
    """
    award = Award.objects.select_for_update(of=("self",)).select_related("area").get(pk=award.pk)
    check_can_act(by, Permission.MANAGE_REVIEWS, area=award.area)
    if cause not in BY_HAND:
        raise ValueError(f"{cause} is not noted by hand")
    if award.state == AwardState.STOPPED:
        raise NotAllowed(f"待遇{award.number}已经停发，不再复核。")
    if happened_on > on:
        raise NotAllowed("发生日期不能晚于今天。", field="happened_on")
    note = note.strip()
    if not note:
        raise NotAllowed("请写明情况。", field="note")
    trigger, is_new = ReviewTrigger.objects.get_or_create(
        award=award,
        cause=cause,
        source=f"{happened_on}:{crc32(note.encode()):08x}",
        defaults={
            "happened_on": happened_on,
            "due_on": max(happened_on, on) + timedelta(days=notice_days(township_of(award.area), on=on)),
            "note": note,
            "noted_by": by,
            "noted_on": on,
        },
    )
    if not is_new:
        raise NotAllowed("同一天的同一情况已经登记过。", field="note")
    return trigger


@transaction.atomic
def settle_trigger(trigger: ReviewTrigger, *, settlement: str, by: Staff, on: date) -> ReviewTrigger:
    """Settle what calls for no review after all (不需复核), with the reason.

    :raises NotPermitted: the person does not plan reviews in the award's area.
    :raises NotAllowed: settled before, nothing said, a review is under way, or somebody died.
    """
    rows = ReviewTrigger.objects.select_for_update(of=("self",)).select_related("award__area", "case")
    trigger = rows.get(pk=trigger.pk)
    check_can_act(by, Permission.MANAGE_REVIEWS, area=trigger.award.area)
    if trigger.settled_on is not None:
        raise NotAllowed("这一条已经办结。")
    if trigger.cause == ReviewCause.DEATH:
        raise NotAllowed("成员死亡的，须在三个月内复核办结，不能直接销号。")
    if trigger.case is not None and trigger.case.state in set(OPEN_STATES):
        raise NotAllowed(f"复核办件{trigger.case.number}正在办理，请在办件里办结。")
    if not settlement.strip():
        raise NotAllowed("请写明不需要复核的理由。", field="settlement")
    trigger.settled_on, trigger.settled_by, trigger.settlement = on, by, settlement.strip()
    trigger.save(update_fields=["settled_on", "settled_by", "settlement"])
    return trigger


@transaction.atomic
def record_offer(award: Award, *, data: OfferData, by: Staff, on: date) -> JobOffer:
    """Record an offer of work and its answer (登记就业介绍); the one that makes too many in a row calls for a review.

    :raises NotPermitted: the person does not plan reviews in the award's area.
    :raises NotAllowed: nobody of the award, a day to come, no job named, an excuse without words, or recorded before.
    """
    award = Award.objects.select_related("area").get(pk=award.pk)
    check_can_act(by, Permission.MANAGE_REVIEWS, area=award.area)
    if not award.persons.filter(person=data.person, covered__contains=on).exists():
        raise NotAllowed("这个人不在这份待遇的保障对象里。", field="person")
    if data.offered_on > on:
        raise NotAllowed("介绍日期不能晚于今天。", field="offered_on")
    if not data.job.strip():
        raise NotAllowed("请写明介绍的岗位。", field="job")
    if data.answer == Answer.EXCUSED and not data.reason.strip():
        raise NotAllowed("有正当理由的，请写明理由。", field="reason")
    said = {"answer": data.answer, "reason": data.reason.strip(), "recorded_by": by, "recorded_on": on}
    offer, is_new = JobOffer.objects.get_or_create(
        person=data.person, offered_on=data.offered_on, job=data.job.strip(), defaults=said
    )
    if not is_new:
        raise NotAllowed("这一天的这个岗位已经登记过。", field="job")
    note_triggers(on=on)
    return offer


def take_over(former: Person, *, known: Person) -> None:
    """What stands under a record found to be another person's stands under that person's."""
    ReviewTrigger.objects.filter(person=former).update(person=known)
    told = JobOffer.objects.filter(person=known).values("offered_on", "job")
    for offer in JobOffer.objects.filter(person=former):
        if {"offered_on": offer.offered_on, "job": offer.job} not in told:
            offer.person = known
            offer.save(update_fields=["person"])
