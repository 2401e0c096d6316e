"""Reads of families and people, cut to what the person may see."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Reverse
from django.utils.timezone import localdate

from foundation.crypto import blind_index, normal_form
from foundation.identity import normalize_id_number
from households.models import (
    Attachment,
    Consent,
    Disability,
    Expense,
    Household,
    Income,
    Member,
    Person,
    Property,
    Supporter,
    Transfer,
)
from households.permissions import households_visible_to, is_in_own_archive
from organizations.models import AccessRecord, Area, Staff
from organizations.permissions import Permission
from organizations.queries import township_of


def visible_to(staff: Staff) -> QuerySet[Household]:
    """Families that the person may see; the start of every read of families."""
    return households_visible_to(staff)


def annotate_head(households: QuerySet[Household]) -> QuerySet[Household]:
    """Add the head's name and the number of current members."""
    head = Member.objects.filter(household=OuterRef("pk"), relation="head", left_on=None)
    members = Member.objects.filter(household=OuterRef("pk"), left_on=None).order_by().values("household")
    count = members.annotate(total=Count("pk")).values("total")
    return households.annotate(
        head_name=Subquery(head.values("person__name")[:1]),
        head_pinyin=Subquery(head.values("person__pinyin")[:1]),
        member_count=Coalesce(Subquery(count), 0),
    )


def current_members(household: Household) -> QuerySet[Member]:
    """Members who stand in the family now, with their people, disabilities and kin, head first."""
    return (
        household.members.filter(left_on=None)
        .select_related("person")
        .prefetch_related(
            Prefetch("person__disabilities", queryset=Disability.objects.filter(ended_on=None), to_attr="current"),
        )
        .order_by("order", "pk")
    )


def members_on(household: Household, *, on: date) -> QuerySet[Member]:
    """Members who stood in the family at the end of a day, with their people, in their present order."""
    there = Q(left_on=None) | Q(left_on__gt=on)
    return household.members.filter(there, joined_on__lte=on).select_related("person").order_by("order", "pk")


def head_of(household: Household) -> Member:
    """The head (户主) of a family."""
    return household.members.select_related("person").get(relation="head", left_on=None)


def people_heading(households: QuerySet[Any]) -> list[int]:
    """Keys of the persons who head families now, for the record of whom a list names.

    :param households: keys of the families.
    """
    heads = Member.objects.filter(household__in=households, relation="head", left_on=None)
    return list(heads.order_by("person").values_list("person", flat=True))


def incomes_of(household: Household, *, year: int) -> QuerySet[Income]:
    """Incomes of a year that are in force."""
    return Income.objects.filter(
        member__household=household, member__left_on=None, year=year, voided_at=None
    ).select_related("member__person")


def expenses_of(household: Household, *, year: int) -> QuerySet[Expense]:
    """Approved spending of a year that is in force; what a member spent goes with them when they leave."""
    return household.expenses.filter(member__left_on=None, year=year, voided_at=None).select_related("member__person")


def attachments_of(household: Household) -> QuerySet[Attachment]:
    """Attachments that are in force."""
    return household.attachments.filter(voided_at=None).select_related("uploaded_by")


def attachments_visible_to(staff: Staff) -> QuerySet[Attachment]:
    """Attachments of families that the person may see, and what a township had of a family before it moved away."""
    areas = staff.area_ids(Permission.VIEW_HOUSEHOLD)
    had = Transfer.objects.filter(
        household=OuterRef("household"),
        from_area_id__in=areas,
        state="accepted",
        answered_at__gte=OuterRef("uploaded_at"),
    )
    return Attachment.objects.filter(Q(household__in=visible_to(staff)) | Exists(had))


def valid_consent(
    household: Household,
    *,
    on: date,
    members: Iterable[Member] | None = None,
    supporters: Iterable[Supporter] = (),
) -> Consent | None:
    """A consent in force that every current member has signed or a guardian for them (handbook task 21).

    :param members: the current members, where they are read already.
    :param supporters: legal supporters who must have signed, too, or of whom it must be on record why not (F43 §10).
    """
    current = {member.pk for member in (household.members.filter(left_on=None) if members is None else members)}
    consents = household.consents.filter(
        Q(valid_to=None) | Q(valid_to__gte=on), signed_on__lte=on, withdrawn_on=None
    ).annotate(signed_by=ArrayAgg("signers__member"), answered_by=ArrayAgg("signers__supporter"))
    wanted = {supporter.pk for supporter in supporters}
    return next(
        (row for row in consents if current <= set(row.signed_by) and wanted <= set(row.answered_by)),
        None,
    )


def silent_supporters(supporters: Iterable[Supporter], consent: Consent | None) -> list[Supporter]:
    """Of whom the consent says nothing: they have neither signed nor is it on record why not."""
    answered: set[int | None] = set(consent.signers.values_list("supporter", flat=True)) if consent else set()
    return [supporter for supporter in supporters if supporter.pk not in answered]


@dataclass(frozen=True)
class KnownPerson:
    """What a look-up by ID number may say: the family inside the own area, elsewhere only the township's name.

    Somebody who stands in no family now is named only where the family that they left lies inside the own area.
    """

    person: Person | None
    household: Household | None
    elsewhere: str = ""
    archived: Household | None = None
    """The family, where it lies in the archive and in the own area."""


def person_with_id_number(text: str) -> Person | None:
    """The person with an ID number, wherever; for services and :func:`look_up` only."""
    index = blind_index(normalize_id_number(text), purpose="id_number")
    return Person.objects.filter(id_number_index=index, merged_into=None).first() if index else None


def current_household(person: Person) -> Household | None:
    """The family in which a person stands now."""
    membership = person.memberships.filter(left_on=None).select_related("household__area__parent").first()
    return membership.household if membership else None


def look_up(text: str, *, by: Staff) -> KnownPerson | None:
    """A known ID number with its family, only inside the person's own area (interface.md, Forms)."""
    person = person_with_id_number(text)
    if person is None:
        return None
    household = current_household(person)
    if household is None:
        return KnownPerson(person=person, household=None) if was_at_home(person, by=by) else None
    if visible_to(by).filter(pk=household.pk).exists():
        return KnownPerson(person=person, household=household)
    return KnownPerson(
        person=None,
        household=None,
        elsewhere=township_of(household.area).name,
        archived=household if is_in_own_archive(by, household) else None,
    )


def was_at_home(person: Person, *, by: Staff) -> bool:
    """Whether the family that a person stood in last lies where the other may look."""
    last = person.memberships.order_by(F("left_on").desc(nulls_first=True), "-pk").first()
    return last is not None and visible_to(by).filter(pk=last.household_id).exists()


def search(staff: Staff, text: str, *, among: QuerySet[Household] | None = None) -> QuerySet[Household]:
    """Families by member name, pinyin initials, ID number, last four of it, phone or family number.

    :param among: other families than those at hand that the person may see.
    """
    text = text.strip()
    people = Person.objects.annotate(name_backwards=Reverse("name")).filter(_person_matches(text))
    found = Member.objects.filter(left_on=None, person__in=people).order_by().values("household")
    # Each part by its own index; joined by OR they would read every family of the county.
    found = found.union(Household.objects.filter(number=text.upper()).values("pk"), all=True)
    digits = normal_form(text)
    if digits.isdigit():
        by_phone = Household.objects.filter(phone_index=blind_index(digits, purpose="phone"))
        found = found.union(by_phone.values("pk"), all=True)
    families = visible_to(staff) if among is None else among
    return annotate_head(families.filter(pk__in=found)).select_related("area__parent")


def _person_matches(text: str) -> Q:
    number = normalize_id_number(text)
    if len(number) == 18 and number[:17].isdigit():
        return Q(id_number_index=blind_index(number, purpose="id_number"), merged_into=None)
    if len(number) == 4 and number[:3].isdigit():
        return Q(id_tail_index=blind_index(number, purpose="id_number:tail"))
    if text.isascii() and text.isalpha():
        # A name that can be read in two ways has the letters of both, parted by a blank.
        return Q(pinyin_initials__startswith=text.lower()) | Q(pinyin_initials__contains=f" {text.lower()}")
    if len(text) > 2:
        return Q(name__contains=text)
    # Trigrams help from three characters on; what is shorter goes by the indexes of a name's beginning and end (名).
    return Q(name__startswith=text) | Q(name_backwards__startswith=text[::-1])


def area_options(areas: QuerySet[Area]) -> list[tuple[int, str]]:
    """Choices of villages for a form: township and village."""
    return [(area.pk, f"{area.parent} {area.short_name}") for area in areas.select_related("parent")]


def filtered(
    staff: Staff,
    *,
    text: str = "",
    township: Area | None = None,
    village: Area | None = None,
    residence: str = "",
    state: str = "",
) -> QuerySet[Household]:
    """The list of families: found by text, cut by place, residence and state.

    :param state: empty for families in being, ``ended`` or ``all``.
    """
    families = search(staff, text) if text.strip() else annotate_head(visible_to(staff)).select_related("area__parent")
    if township is not None:
        families = families.filter(area__code__startswith=township.code)
    if village is not None:
        families = families.filter(area=village)
    if residence:
        families = families.filter(residence=residence)
    if state != "all":
        families = families.filter(ended_on__isnull=state != "ended")
    return families


def with_heads(families: QuerySet[Household]) -> QuerySet[Household]:
    """Families with ``heads``: their heads now, none or one."""
    heads = Member.objects.filter(relation="head", left_on=None).select_related("person")
    return families.prefetch_related(Prefetch("members", queryset=heads, to_attr="heads"))


def means_years(household: Household) -> set[int]:
    """Years for which incomes or spending are recorded."""
    incomes = Income.objects.filter(member__household=household, voided_at=None).values_list("year", flat=True)
    expenses = household.expenses.filter(voided_at=None).values_list("year", flat=True)
    return set(incomes.union(expenses))


def property_of(household: Household) -> Property | None:
    """The family's property, where it is recorded."""
    return Property.objects.filter(household=household).first()


def supporters_of(household: Household) -> QuerySet[Supporter]:
    """Legal supporters of all current members."""
    members = household.members.filter(left_on=None)
    return Supporter.objects.filter(member__in=members, ended_on=None).select_related("member__person")


def rows_of(household: Household, name: str) -> QuerySet[Any]:
    """Bank accounts, agents or supporters of the family, by the name of the relation."""
    rows: dict[str, QuerySet[Any]] = {
        "bank_accounts": household.bank_accounts.all(),
        "agents": household.agents.all(),
        "supporters": Supporter.objects.filter(member__household=household),
    }
    return rows[name]


def namesakes(staff: Staff) -> QuerySet[Any, dict[str, Any]]:
    """Names and birth dates that a person without ID number shares with somebody else (重复登记线索)."""
    groups: QuerySet[Any, Any] = (
        _current_people(staff)
        .values("name", "birth_date")
        .annotate(people=Count("pk"), without_number=Count("pk", filter=Q(id_number_index="")))
        .filter(people__gt=1, without_number__gt=0)
        .order_by("name", "birth_date")
    )
    return groups


def people_of_namesakes(staff: Staff, groups: Iterable[Mapping[str, Any]]) -> list[list[Member]]:
    """The current members of each group, with family and village."""
    keys = [(group["name"], group["birth_date"]) for group in groups]
    if not keys:
        return []
    wanted = Q()
    for name, birth_date in keys:
        wanted |= Q(person__name=name, person__birth_date=birth_date)
    rows = _current_members(staff).filter(wanted).select_related("person", "household__area__parent")
    by_key: dict[tuple[str, date], list[Member]] = {key: [] for key in keys}
    for row in rows.order_by("household__area__code", "pk"):
        by_key[row.person.name, row.person.birth_date].append(row)
    return list(by_key.values())


def _current_people(staff: Staff) -> QuerySet[Person]:
    return Person.objects.filter(Exists(_current_members(staff).filter(person=OuterRef("pk"))), merged_into=None)


def _current_members(staff: Staff) -> QuerySet[Member]:
    areas = staff.area_ids(Permission.VIEW_DUPLICATES)
    return Member.objects.filter(left_on=None, household__area_id__in=areas, household__archived_on=None)


def meetings_across_townships(staff: Staff) -> QuerySet[AccessRecord]:
    """ID numbers that clerks met in other townships' families: who, when, and where the person stands now."""
    current = _current_members(staff).filter(person=OuterRef("subject_id"))
    return (
        AccessRecord.objects.filter(Exists(current), kind="foreign_lookup", subject_type="person")
        .select_related("staff__area")
        .annotate(
            person_name=Subquery(current.values("person__name")[:1]),
            household_id=Subquery(current.values("household")[:1]),
            household_number=Subquery(current.values("household__number")[:1]),
            township_name=Subquery(current.values("household__area__parent__name")[:1]),
        )
        .order_by("-at")
    )


_SHOWN_AFTER_DECLINING = timedelta(days=30)


def transfers_to(staff: Staff) -> QuerySet[Transfer]:
    """Families on their way to where the person registers families: of these only number and size may be shown."""
    return _transfers(to_area_id__in=staff.area_ids(Permission.REGISTER_HOUSEHOLD))


def transfers_from(staff: Staff) -> QuerySet[Transfer]:
    """Families on their way from where the person registers families, with their heads' names."""
    areas = staff.area_ids(Permission.REGISTER_HOUSEHOLD)
    head = Member.objects.filter(household=OuterRef("household"), relation="head", left_on=None)
    return _transfers(from_area_id__in=areas).annotate(head_name=Subquery(head.values("person__name")[:1]))


def _transfers(**where: Any) -> QuerySet[Transfer]:
    members = Member.objects.filter(household=OuterRef("household"), left_on=None).order_by().values("household")
    return (
        Transfer.objects.filter(state="proposed", **where)
        .select_related("household", "from_area__parent", "to_area__parent")
        .annotate(member_count=Coalesce(Subquery(members.annotate(total=Count("pk")).values("total")), 0))
        .order_by("proposed_at", "pk")
    )


def transfer_of(household: Household, *, on: date) -> Transfer | None:
    """The family's last way to another township, where that has not answered or has sent it back lately."""
    last = household.transfers.select_related("to_area__parent").order_by("-pk").first()
    if last is None or last.state == "proposed":
        return last
    lately = last.answered_at is not None and on - localdate(last.answered_at) <= _SHOWN_AFTER_DECLINING
    return last if last.state == "declined" and lately else None
