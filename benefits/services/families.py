"""What happens to a family, told by the room below, and what it means for its awards."""

from datetime import date

from django.db import IntegrityError, transaction

from benefits.models import Award, AwardCheck, AwardPerson, AwardPlace, AwardState, CheckCause
from benefits.queries import current_awards_of, open_coverage
from benefits.rules.months import REVIEW_AFTER_DEATH_MONTHS, first_month, months_after
from benefits.services.papers import void_papers_of_death
from benefits.services.reckoning import reckon_anew
from benefits.services.suspending import resume_award, suspend_award
from foundation.dates import chinese_date
from foundation.errors import ServiceError
from households.models import Household, Person
from households.services import NotAllowedNow
from households.signals import Cancelled, Change, Mended, Move
from organizations.models import Staff
from organizations.permissions import Permission, check_can_act
from organizations.queries import township_of

_PAID = (AwardState.ACTIVE, AwardState.PHASE_OUT)
_ALL_DEAD = "保障对象都已死亡"
_NO_FAMILY = "家庭已经注销，没有可以领取待遇的成员"
_REGISTERED = "家庭变动登记"


def check_mergeable(household: Household) -> None:
    """
    :raises NotAllowedNow: the family that would end has a current award.
    """
    award = current_awards_of(household).first()
    if award is not None:
        raise NotAllowedNow(
            f"这个家庭正在享受{award.get_scheme_display()}（{award.number}），不能并入别的家庭；请先核查并停发。"
        )


def follow_family(move: Move) -> None:
    """Current awards go where their family goes (迁移), from the month of the move, without a gap."""
    for award in Award.objects.select_for_update().filter(household=move.household).exclude(state=AwardState.STOPPED):
        if not award.places.exists():
            AwardPlace.objects.create(
                award=award,
                area=move.from_area,
                from_month=award.starts_month,
                recorded_on=move.on,
                recorded_by=move.by,
            )
        month = max(award.starts_month, move.on.replace(day=1))
        AwardPlace.objects.create(
            award=award, area=move.to_area, from_month=month, recorded_on=move.on, recorded_by=move.by
        )
        award.area = move.to_area
        award.save(update_fields=["area"])


def note_change(change: Change) -> None:
    """Have every current award that a change touches looked into (需核查): it does not simply go on.

    Touched are the awards of the family and those that cover somebody who left, wherever they were granted. With the
    last member the family ends: its award is suspended until it is ended.
    """
    cause = CheckCause.DIED if change.kind == "died" else CheckCause.LEFT
    for member in change.left:
        awards = current_awards_of(change.household) | Award.objects.filter(
            persons__in=open_coverage([member.person_id], on=change.on)
        )
        for award in awards.distinct():
            _note(award, member.person, cause, by=change.by, on=member.person.died_on or change.on)
    for member in change.joined:
        for award in current_awards_of(change.household):
            _note(award, member.person, CheckCause.JOINED, by=change.by, on=change.on)
    if change.household.ended_on is not None:
        _suspend_without_family(change)


def _suspend_without_family(change: Change) -> None:
    """The last member is gone: there is nobody to pay to, and what becomes of the award is still to be decided."""
    for award in current_awards_of(change.household).filter(state__in=_PAID):
        _withhold(award, reason=_NO_FAMILY, by=change.by, on=change.on)


def _withhold(award: Award, *, reason: str, by: Staff, on: date) -> None:
    """Suspend an award from the month after something happened, in place of a suspension that was still to come."""
    planned = award.suspensions.filter(ended_on=None).first()
    if planned is not None:
        if planned.from_month <= first_month(on):
            return
        resume_award(award, from_month=planned.from_month, pays_withheld=False, reason=reason, by=by, on=on)
    suspend_award(award, from_month=first_month(on), reason=reason, source=_REGISTERED, by=by, on=on)


def _note(award: Award, person: Person, cause: CheckCause, *, by: Staff, on: date) -> None:
    died = cause == CheckCause.DIED
    AwardCheck.objects.get_or_create(
        award=award,
        person=person,
        cause=cause,
        settled_on=None,
        defaults={
            "happened_on": on,
            "due_on": months_after(on, REVIEW_AFTER_DEATH_MONTHS) if died else None,
            "unpaid_from": first_month(on) if died else None,
            "noted_by": by,
        },
    )
    if not died or award.state not in _PAID or (award.ends_month and award.ends_month < first_month(on)):
        return
    # During phase-out coverage has a last day: who is covered in a later month lives on in the award.
    if not award.persons.filter(person__died_on=None, covered__overlap=(first_month(on), None)).exists():
        _withhold(award, reason=_ALL_DEAD, by=by, on=on)


def mend_deaths(mended: Mended) -> None:
    """Bring what rests on the day of a death to the corrected day: from when nothing is owed, and until when to check.

    What an award is owed follows by itself, since it is reckoned by the day on record; what families were told by the
    wrong day is void. An open suspension that the
    last death brought on begins anew with the month after the last death.
    """
    month = first_month(mended.died_on)
    for check in AwardCheck.objects.select_for_update().filter(person=mended.person, cause=CheckCause.DIED):
        check.happened_on, check.unpaid_from = mended.died_on, month
        check.due_on = months_after(mended.died_on, REVIEW_AFTER_DEATH_MONTHS)
        check.save(update_fields=["happened_on", "unpaid_from", "due_on"])
    void_papers_of_death(
        mended.person,
        since=min(mended.before, mended.died_on),
        reason=f"死亡日期更正为{chinese_date(mended.died_on)}",
        by=mended.by,
        on=mended.on,
    )
    covered = mended.person.awards.filter(covered__overlap=(min(mended.before, mended.died_on), None))
    for award in Award.objects.filter(pk__in=covered.values("award")):
        _reckon_anew(award, mended)
        if award.state == AwardState.SUSPENDED:
            _suspend_anew(award, mended)


def _reckon_anew(award: Award, mended: Mended) -> None:
    """Months between the two days were paid too little or too much; that the award ended meanwhile changes nothing."""
    reckon_anew(
        award,
        from_month=first_month(min(mended.before, mended.died_on)),
        reason=f"死亡日期更正为{chinese_date(mended.died_on)}",
        by=mended.by,
        on=mended.on,
    )


def _suspend_anew(award: Award, mended: Mended) -> None:
    open_one = award.suspensions.filter(ended_on=None, reason=_ALL_DEAD).first()
    deaths = [day for day in award.persons.values_list("person__died_on", flat=True) if day is not None]
    month = first_month(max(deaths))
    if open_one is None or open_one.from_month == month:
        return
    resume_award(
        award,
        from_month=open_one.from_month,
        pays_withheld=False,
        reason=f"死亡日期更正为{chinese_date(mended.died_on)}",
        by=mended.by,
        on=mended.on,
    )
    suspend_award(award, from_month=month, reason=_ALL_DEAD, source=_REGISTERED, by=mended.by, on=mended.on)


def cancel_deaths(cancelled: Cancelled) -> None:
    """Bring back what a death that did not happen took from awards: it is paid on, and what was not paid is.

    Checks of it are settled, and what families were told of it is void. Who stands in a current award no more, by a
    decision that went by the death, is looked into as who joins (成员增加): only a review covers them again.
    """
    void_papers_of_death(
        cancelled.person,
        since=cancelled.died_on,
        reason=f"死亡登记已撤销：{cancelled.reason}",
        by=cancelled.by,
        on=cancelled.on,
    )
    checks = AwardCheck.objects.select_for_update().filter(
        person=cancelled.person, cause=CheckCause.DIED, settled_on=None
    )
    for check in checks:
        check.settled_on, check.settled_by = cancelled.on, cancelled.by
        check.finding = f"死亡登记已撤销：{cancelled.reason}"
        check.save(update_fields=["settled_on", "settled_by", "finding"])
    covered = cancelled.person.awards.filter(covered__overlap=(cancelled.died_on, None))
    for award in Award.objects.filter(pk__in=covered.values("award")):
        withheld = award.suspensions.filter(ended_on=None, reason=_ALL_DEAD).first()
        if withheld is not None:
            resume_award(
                award,
                from_month=withheld.from_month,
                pays_withheld=False,
                reason="死亡登记已撤销",
                by=cancelled.by,
                on=cancelled.on,
            )
            if award.state != AwardState.STOPPED:
                _suspend_as_planned(award, cancelled)
        reckon_anew(
            award,
            from_month=first_month(cancelled.died_on),
            reason="死亡登记已撤销",
            by=cancelled.by,
            on=cancelled.on,
        )
    here = AwardPerson.objects.filter(person=cancelled.person, covered__contains=first_month(cancelled.on))
    for award in current_awards_of(cancelled.household).exclude(pk__in=here.values("award")):
        _note(award, cancelled.person, CheckCause.JOINED, by=cancelled.by, on=cancelled.on)


def _suspend_as_planned(award: Award, cancelled: Cancelled) -> None:
    """Bring back a suspension that was to come, or to have come by now, and gave way to the death."""
    ours = (_ALL_DEAD, _NO_FAMILY)
    last = award.suspensions.exclude(reason__in=ours).order_by("pk").last()
    gave_way = last is not None and last.to_month is not None and last.to_month < last.from_month
    if last is None or not gave_way or last.end_reason not in ours:
        return
    suspend_award(
        award,
        from_month=last.from_month,
        reason=f"{last.reason[:180]}（死亡登记已撤销，仍按原决定）",
        source=last.source,
        by=cancelled.by,
        on=cancelled.on,
    )


@transaction.atomic
def settle_check(check: AwardCheck, *, finding: str, by: Staff, on: date) -> AwardCheck:
    """Record what looking into an award came to (核查情况).

    :raises NotPermitted: no right to propose in the award's area.
    :raises ServiceError: nothing written, settled already, or the family has ended and its award has not; or somebody
        died, which a review decides within three months (F2022 一(三)), or an end.
    """
    found = AwardCheck.objects.select_for_update(of=("self",)).select_related("award__area", "award__household")
    check = found.get(pk=check.pk)
    check_can_act(by, Permission.PROPOSE, area=check.award.area)
    if check.settled_on is not None:
        raise ServiceError("这条核查已经办结。")
    if not finding.strip():
        raise ServiceError("请写明核查的情况和处理意见。", field="finding")
    if check.award.household.ended_on is not None and check.award.state != AwardState.STOPPED:
        raise ServiceError("这个家庭已经注销，待遇还没有停发；停发以后才能办结核查。")
    if check.cause == CheckCause.DIED and check.award.state != AwardState.STOPPED:
        raise ServiceError("保障对象死亡的，须在三个月内复核或者终止，待遇还没有停发，不能直接办结；请发起复核或终止。")
    check.settled_on, check.settled_by, check.finding = on, by, finding.strip()
    check.save()
    return check


def settle_checks(award: Award, *, finding: str, by: Staff, on: date) -> int:
    """Settle an award's open checks (需核查) with the review that looked into them; in the caller's transaction.

    The caller holds the review's decision.

    :returns: how many there were.
    """
    waiting = AwardCheck.objects.select_for_update(of=("self",)).filter(award=award, settled_on=None)
    for check in waiting:
        check.settled_on, check.settled_by, check.finding = on, by, finding
        check.save()
    return len(waiting)


def take_over(former: Person, *, known: Person) -> None:
    """What covers a record found to be another person's covers that person.

    :raises NotAllowedNow: that person stands in another award over the same time.
    """
    for row in AwardPerson.objects.select_for_update().filter(person=former):
        row.person = known
        try:
            with transaction.atomic():
                row.save(update_fields=["person"])
        except IntegrityError as error:
            if "person_in_one_current_award" not in str(error):
                raise
            raise NotAllowedNow(_twice(row, known), field="id_number") from error
    noted = AwardCheck.objects.filter(person=known, settled_on=None).values("award", "cause")
    for check in AwardCheck.objects.filter(person=former, settled_on=None):
        if {"award": check.award_id, "cause": check.cause} not in noted:
            check.person = known
            check.save(update_fields=["person"])


def _twice(row: AwardPerson, known: Person) -> str:
    other = known.awards.filter(covered__overlap=row.covered).select_related("award__area__parent").first()
    assert other is not None  # noqa: S101 -- the exclusion constraint found it
    place, scheme = township_of(other.award.area), other.award.get_scheme_display()
    return f"两条记录都在享受待遇：这个证号的人正在{place}享受{scheme}。请先核实并停发其中一份，再合并。"
