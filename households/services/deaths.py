"""A death registered with another day (更正死亡日期) or by mistake (撤销死亡登记), and what rests on it."""

from __future__ import annotations  # File takes no subscript at run time

from datetime import date, datetime
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from foundation.dates import chinese_date
from households.models import Household, Member, Person
from households.models.attachments import AttachmentKind
from households.models.families import LeftReason
from households.permissions import check_can_change
from households.services.attachments import add_attachment
from households.services.checks import NotAllowedNow, touch
from households.services.families import write_event
from households.signals import Cancelled, Mended, death_cancelled, death_mended
from organizations.models import Staff


@transaction.atomic
def mend_death(member: Member, *, died_on: date, reason: str, by: Staff, at: datetime) -> None:
    """Correct the day on which somebody died (更正死亡日期), in a family that may have ended with them.

    :raises NotPermitted: the person may not change families there.
    :raises NotAllowedNow: they have not died, the day cannot be or is the same, or no reason is given.
    """
    household, member, person, before = _who_died(member, by=by)
    _check_day(died_on, person, before=before, at=at)
    if not reason.strip():
        raise NotAllowedNow("请写明更正的依据。", field="reason")
    person.died_on = died_on
    person.save(update_fields=["died_on"])
    member.left_on = max(died_on, member.joined_on)
    member.save(update_fields=["left_on"])
    today = timezone.localdate(at)
    note = f"死亡日期由{chinese_date(before)}更正为{chinese_date(died_on)}：{reason.strip()}"
    write_event(household, "facts_changed", on=today, at=at, by=by, person=person, note=note)
    touch(household)
    death_mended.send(Household, mended=Mended(household, person, before, died_on, by, today))


@transaction.atomic
def cancel_death(member: Member, *, reason: str, evidence: File[Any], by: Staff, at: datetime) -> Member:
    """Cancel the registration of a death that did not happen (撤销死亡登记): the person stands in the family again.

    A family that ended with them is one again. Who registers families there does it, with a paper that shows that the
    person lives, kept with the family's attachments.

    :raises NotPermitted: the person may not change families there.
    :raises NotAllowedNow: no death is registered, no reason or no readable paper is given, or something above rests
        on the death that is to be undone first.
    """
    household, member, person, died_on = _who_died(member, by=by)
    if not reason.strip():
        raise NotAllowedNow("请写明撤销的原因。", field="reason")
    current = household.members.filter(left_on=None)
    add_attachment(household, kind=AttachmentKind.OTHER, upload=evidence, by=by, at=at)
    person.died_on = None
    person.save(update_fields=["died_on"])
    if household.ended_on is not None and not current.exists():
        household.ended_on, household.ended_reason = None, ""
        household.save(update_fields=["ended_on", "ended_reason"])
    member.left_on, member.left_reason = None, ""
    member.save(update_fields=["left_on", "left_reason"])
    today = timezone.localdate(at)
    note = f"原登记{chinese_date(died_on)}死亡：{reason.strip()}"
    write_event(household, "death_cancelled", on=today, at=at, by=by, person=person, note=note)
    touch(household)
    death_cancelled.send(Household, cancelled=Cancelled(household, person, died_on, by, today, reason=reason.strip()))
    return member


def _who_died(member: Member, *, by: Staff) -> tuple[Household, Member, Person, date]:
    """The rows, locked, and the day on record.

    :raises NotPermitted: the person may not change families there.
    :raises NotAllowedNow: no death is registered, or the family is archived.
    """
    check_can_change(by, member.household)
    household = Household.objects.select_for_update(no_key=True).get(pk=member.household_id)
    check_can_change(by, household)
    member = Member.objects.select_for_update(of=("self",)).get(pk=member.pk, household=household)
    person = Person.objects.select_for_update(of=("self",)).get(pk=member.person_id)
    if person.died_on is None or member.left_reason != LeftReason.DIED:
        raise NotAllowedNow("这名成员没有登记死亡。", field="member")
    if household.archived_on:
        raise NotAllowedNow("这个家庭的档案已经归档。请先在“归档库”中恢复，再办理。")
    return household, member, person, person.died_on


def _check_day(died_on: date, person: Person, *, before: date, at: datetime) -> None:
    if died_on > timezone.localdate(at):
        raise NotAllowedNow("死亡日期不能晚于今天。", field="on")
    if died_on < person.birth_date:
        raise NotAllowedNow("死亡日期不能早于出生日期。", field="on")
    if died_on == before:
        raise NotAllowedNow(f"登记的死亡日期就是{chinese_date(before)}，不用更正。", field="on")
