"""更正死亡日期: a death was registered with another day; what rests on it comes right by itself."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from foundation.dates import chinese_date
from households.models import Household, Member, Person
from households.models.families import LeftReason
from households.permissions import check_can_change
from households.services.checks import NotAllowedNow, touch
from households.services.families import write_event
from households.signals import Mended, death_mended
from organizations.models import Staff


@transaction.atomic
def mend_death(member: Member, *, died_on: date, reason: str, by: Staff, at: datetime) -> None:
    """Correct the day on which somebody died (更正死亡日期), in a family that may have ended with them.

    :raises NotPermitted: the person may not change families there.
    :raises NotAllowedNow: they have not died, the day cannot be or is the same, or no reason is given.
    """
    check_can_change(by, member.household)
    household = Household.objects.select_for_update(no_key=True).get(pk=member.household_id)
    check_can_change(by, household)
    member = Member.objects.select_for_update(of=("self",)).get(pk=member.pk, household=household)
    person = Person.objects.select_for_update(of=("self",)).get(pk=member.person_id)
    before = person.died_on
    if before is None or member.left_reason != LeftReason.DIED:
        raise NotAllowedNow("这名成员没有登记死亡。", field="member")
    if household.archived_on:
        raise NotAllowedNow("这个家庭的档案已经归档。请先在“归档库”中恢复，再办理。")
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


def _check_day(died_on: date, person: Person, *, before: date, at: datetime) -> None:
    if died_on > timezone.localdate(at):
        raise NotAllowedNow("死亡日期不能晚于今天。", field="on")
    if died_on < person.birth_date:
        raise NotAllowedNow("死亡日期不能早于出生日期。", field="on")
    if died_on == before:
        raise NotAllowedNow(f"登记的死亡日期就是{chinese_date(before)}，不用更正。", field="on")
