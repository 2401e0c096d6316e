"""补登证号: a person registered without ID number is given theirs, or found to be somebody known already."""

from datetime import date, datetime

from django.db import transaction

from foundation.dates import chinese_date
from foundation.errors import ServiceError
from foundation.identity import IdNumber, InvalidIdNumber, parse_id_number
from households.models import ConsentSigner, Kinship, Member, Person
from households.queries import person_with_id_number, was_at_home
from households.services.checks import NotAllowedNow, current_member, open_for, touch
from households.services.families import write_event
from households.services.life import copy_membership, end_membership
from households.services.people import (
    PERSON_FACTS,
    check_free,
    is_same_name,
    records_strangers,
    save_person,
    telling,
)
from households.signals import person_merged
from organizations.models import Staff


class IdentityUnclear(ServiceError):
    """The number says something else than what is recorded: somebody must confirm that both are one person."""


@records_strangers
@transaction.atomic
def identify(
    member: Member, *, id_number: str, by: Staff, on: date, at: datetime, is_confirmed: bool = False
) -> Member:
    """Give a person registered without ID number theirs (补登证号); a person known already is merged.

    What is recorded of the known person stays; where nothing is, what was recorded here fills it.

    :param is_confirmed: somebody compared the papers and says that both are one person although something differs.
    :raises NotAllowedNow: the number is wrong, the person has one, or it is clearly another one's.
    :raises IdentityUnclear: name, sex or birth date differ and nobody has confirmed.
    :raises AlreadyRegistered: the number belongs to somebody who stands in another current family.
    """
    household = open_for(member.household, by=by)
    member = current_member(member, of=household)
    if member.person.id_number:
        raise NotAllowedNow(f"{member.person}已有身份证号，如有错误请用“更正”。", field="id_number")
    try:
        number = parse_id_number(id_number, on=on)
    except InvalidIdNumber as error:
        raise NotAllowedNow(str(error), field="id_number") from error
    former, known = _locked(member.person, person_with_id_number(number.number))
    twin = _check_mergeable(member, known, by=by) if known else None
    _check_same(former, number, known, by=by, is_confirmed=is_confirmed)
    if known is None:
        former.id_number, former.missing_id_reason = number.number, ""
        former.birth_date, former.sex = number.birth_date, number.sex
        save_person(former, by=by)
    else:
        member = _merge(member, former, known, twin, by=by, on=on)
    write_event(household, "identified", on=on, at=at, by=by, person=member.person)
    touch(household)
    return member


def _locked(former: Person, known: Person | None) -> tuple[Person, Person | None]:
    keys = [former.pk, *([known.pk] if known else [])]
    # In key order, so that two merges never wait for each other.
    rows = Person.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=keys).order_by("pk")
    people = {person.pk: person for person in rows}
    return people[former.pk], people[known.pk] if known else None


def _check_mergeable(member: Member, known: Person, *, by: Staff) -> Member | None:
    """The known person's own membership of the family, where they stand in it twice.

    :raises AlreadyRegistered: they stand in another current family.
    :raises NotAllowedNow: the record that would go is the head's, or the known person is dead.
    """
    twin = member.household.members.filter(person=known, left_on=None).select_related("person").first()
    if twin is None:
        check_free(known, by=by)
    elif member.relation == "head":
        raise NotAllowedNow(f"{known}在这个家庭里已另有一条记录，请先变更户主再合并。", field="id_number")
    return twin


def _check_same(former: Person, number: IdNumber, known: Person | None, *, by: Staff, is_confirmed: bool) -> None:
    """
    :raises NotAllowedNow: the known person is clearly somebody else.
    :raises IdentityUnclear: something differs and nobody has confirmed.
    """
    differs = []
    if number.birth_date != former.birth_date:
        differs.append(
            f"证号上的出生日期是{chinese_date(number.birth_date)}，登记的是{chinese_date(former.birth_date)}"
        )
    if number.sex != former.sex:
        differs.append("证号上的性别与登记的不同")
    if known is not None and not is_same_name(known.name, former.name):
        if differs:
            raise NotAllowedNow(
                "这个证号登记的是另一个人（姓名和出生日期或性别都不同），请核对证件。", field="id_number"
            )
        if not was_at_home(known, by=by):
            raise NotAllowedNow(
                "这个证号以前登记的姓名与这里的不同，请核对证件；确实改过名的，请先把姓名更正为原来的，再补登证号。",
                field="id_number",
            )
        differs.append(f"这个证号以前登记的姓名是“{known.name}”，这里是“{former.name}”")
    if differs and not is_confirmed:
        raise IdentityUnclear(
            f"{'；'.join(differs)}。请核对证件，确是同一个人的，勾选“已核对证件，是同一个人”后再办。", field="confirmed"
        )


def _merge(member: Member, former: Person, known: Person, twin: Member | None, *, by: Staff, on: date) -> Member:
    """Make a person without ID number one with a known person who stands in no family, or twice in this one."""
    end_membership(member, reason="mistake", on=on)
    former.merged_into = known
    former.save(update_fields=["merged_into"])
    recorded = telling({name: getattr(known, name) for name in PERSON_FACTS})
    for name, value in telling({name: getattr(former, name) for name in PERSON_FACTS - recorded.keys()}).items():
        setattr(known, name, value)
    known.save()
    _hand_over(former, to=known)
    standing = twin or copy_membership(
        member, household=member.household, person=known, relation=member.relation, by=by, on=on
    )
    _put_in_place_of(member, standing)
    person_merged.send(Person, former=former, known=known, member=member, standing=standing, by=by, on=on)
    return standing


def _hand_over(former: Person, *, to: Person) -> None:
    """Kinship and disability of a person found to be another one."""
    for record in former.kinships.filter(ended_on=None):
        if not to.kinships.filter(relative=record.relative, kind=record.kind, ended_on=None).exists():
            record.person = to
            record.save(update_fields=["person"])
    for record in Kinship.objects.filter(relative=former, ended_on=None).exclude(person=to):
        if not Kinship.objects.filter(person=record.person, relative=to, kind=record.kind, ended_on=None).exists():
            record.relative = to
            record.save(update_fields=["relative"])
    if not to.disabilities.filter(ended_on=None).exists():
        for disability in former.disabilities.filter(ended_on=None):
            disability.person = to
            disability.save(update_fields=["person"])


def _put_in_place_of(member: Member, standing: Member) -> None:
    """What the person signed and receives under the former record holds for them under the one that stays."""
    signed = ConsentSigner.objects.filter(member=member, consent__withdrawn_on=None)
    for signature in signed.exclude(consent__signers__member=standing):
        ConsentSigner.objects.create(
            consent_id=signature.consent_id, member=standing, guardian_name=signature.guardian_name
        )
    member.household.bank_accounts.filter(payee_member=member, ended_on=None).update(payee_member=standing)
