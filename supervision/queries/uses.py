"""个人信息处理记录: who has read and used one person's data, for what and on what consent (个人信息保护法 §§45, 54)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import reduce
from itertools import chain
from operator import or_

from django.apps import apps
from django.db.models import Count, Prefetch, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from applications.models import Case, CaseDocument, Intake, Publicity
from care.models import CareAgreement
from documents.models import Delivery
from households.models import Attachment, BankAccount, Consent, ConsentSigner, Household, Member, Person, Transfer
from organizations.models import AccessRecord, Area, Staff
from organizations.permissions import Permission
from organizations.queries import names_of_actors
from temporary_aid.models import AidPaper, TemporaryAid
from verification.models import MeansCheck, MeansCheckFinding


@dataclass(frozen=True)
class Stay:
    """Time in which the person stood in a family: what was done with the family's file then, was done with theirs.

    :param until: the first instant at which they no longer did.
    """

    household: int
    since: datetime
    until: datetime | None

    def on_days(self, field: str) -> Q:
        """Rows of that time's whole days, by the field with their day."""
        first = timezone.localdate(self.since)
        during = Q(**{f"{field}__gte" if self.since == _begins(first) else f"{field}__gt": first})
        return during & Q(**{f"{field}__lt": timezone.localdate(self.until)}) if self.until else during

    def at_instants(self, field: str) -> Q:
        """Rows of that time, by the field with their instant."""
        during = Q(**{f"{field}__gte": self.since})
        return during & Q(**{f"{field}__lt": self.until}) if self.until else during

    def within(self, since: datetime | None, until: datetime | None) -> "Stay":
        """The part of the stay in another time; it ends before it begins where there is none."""
        ends = min((end for end in (self.until, until) if end is not None), default=None)
        return Stay(self.household, max(self.since, since) if since else self.since, ends)


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=timezone.get_current_timezone())


@dataclass(frozen=True)
class Subject:
    """One person with all records that turned out to be theirs, and the families in which they stood.

    :param areas: what the reader may be told of; None for the whole county.
    :param members: memberships of which the reader may be told.
    :param stood: all stays, wherever.
    :param stays: those parts of them in which the family lay in the areas.
    :param known: when the person was of the areas: as stays, the last of all going on until they stand elsewhere.
    """

    people: tuple[int, ...]
    areas: frozenset[int] | None
    members: tuple[int, ...]
    stood: tuple[Stay, ...]
    stays: tuple[Stay, ...]
    known: tuple[Stay, ...]

    def at_known_instants(self, field: str) -> Q:
        """Rows of the time in which the reader may be told of the person, by the field with their instant."""
        return Q() if self.areas is None else _any(stay.at_instants(field) for stay in self.known)

    def in_areas(self) -> Q:
        """Cases and intakes of the areas: those of a family that moves stay where they were decided."""
        return Q() if self.areas is None else Q(area__in=self.areas)


def areas_told_to(staff: Staff) -> frozenset[int] | None:
    """Areas whose uses of data the person may be told of; None where these are the whole county."""
    areas = staff.area_ids(Permission.VIEW_DATA_USES)
    return areas if Area.objects.exclude(pk__in=areas).exists() else None


def subject_of(person: Person, *, areas: frozenset[int] | None) -> Subject:
    """The person whose data it is, found through merged records as well.

    :param areas: what the reader may be told of, as :func:`areas_told_to` says.
    """
    people = tuple(Person.objects.filter(Q(pk=person.pk) | Q(merged_into=person)).values_list("pk", flat=True))
    rows = list(Member.objects.filter(person__in=people).select_related("household").order_by("joined_on", "pk"))
    stood = [
        Stay(row.household_id, _begins(row.joined_on), _begins(row.left_on) if row.left_on else None) for row in rows
    ]
    places = _places(row.household for row in rows)
    parts = [_parts(stay, places[stay.household], areas) for stay in stood]
    last = _parts(replace(stood[-1], until=None), places[stood[-1].household], areas)
    return Subject(
        people=people,
        areas=areas,
        members=tuple(row.pk for row, told in zip(rows, [*parts[:-1], last], strict=True) if told),
        stood=tuple(stood),
        stays=tuple(chain(*parts)),
        known=tuple(chain(*parts[:-1], last)),
    )


_Place = tuple[datetime | None, datetime | None, int]
"""From when until when a family lay in an area."""


def _places(households: Iterable[Household]) -> dict[int, list[_Place]]:
    """Where families lay, and from when until when; moves within a township leave it where it was."""
    now_in = {household.pk: household.area_id for household in households}
    places: dict[int, list[_Place]] = {pk: [] for pk in now_in}
    since: dict[int, datetime | None] = dict.fromkeys(now_in)
    for move in Transfer.objects.filter(household__in=now_in, state="accepted").order_by("answered_at", "pk"):
        places[move.household_id].append((since[move.household_id], move.answered_at, move.from_area_id))
        since[move.household_id] = move.answered_at
    return {pk: [*places[pk], (since[pk], None, area)] for pk, area in now_in.items()}


def _parts(stay: Stay, places: list[_Place], areas: frozenset[int] | None) -> list[Stay]:
    """What of a stay lies in the areas."""
    if areas is None:
        return [stay]
    parts = (stay.within(since, until) for since, until, area in places if area in areas)
    return [part for part in parts if part.until is None or part.since < part.until]


def _any(found: Iterable[Q]) -> Q:
    return reduce(or_, found, Q(pk__in=[]))


def readings_of(subject: Subject) -> QuerySet[AccessRecord]:
    """Who opened pages, papers and numbers of the person or of the family while they stood in it, newest first."""
    named = Q(person_ids__overlap=list(subject.people))
    if subject.areas is not None:
        # On the day on which somebody goes from one township to the other both know them.
        named &= ~Q(subject_type="member") | _is("member", subject.members)
    of_person = named | _is("person", subject.people) | _is("member", subject.members)
    found = [of_person & subject.at_known_instants("at")]
    for stay in subject.stays:
        during = stay.at_instants("at")
        found += [_is(kind, ids) & during for kind, ids in _file_of(stay.household, subject)]
    return AccessRecord.objects.filter(_any(found)).select_related("staff").order_by("-at", "-pk")


def _is(kind: str, ids: Iterable[int]) -> Q:
    return Q(subject_type=kind, subject_id__in=list(ids))


def _file_of(household: int, subject: Subject) -> list[tuple[str, list[int]]]:
    """What belongs to a family's file, by the kinds that readings are recorded of; ids, so that the index serves."""
    attachments = Attachment.objects.filter(household=household)
    cases = list(Case.objects.filter(subject.in_areas(), household=household).values_list("pk", flat=True))
    intakes = Intake.objects.filter(subject.in_areas(), household=household)
    documents = CaseDocument.objects.filter(case__in=cases)
    aids = list(TemporaryAid.objects.filter(subject.in_areas(), household=household).values_list("pk", flat=True))
    papers = documents.values_list("document").union(AidPaper.objects.filter(aid__in=aids).values_list("document"))
    agreements = CareAgreement.objects.filter(person__in=subject.people)
    accounts = BankAccount.objects.filter(household=household)
    return [
        ("household", [household]),
        ("case", cases),
        ("attachment", list(attachments.values_list("pk", flat=True))),
        ("intake", list(intakes.values_list("pk", flat=True))),
        (
            "document",
            list(documents.values_list("document", flat=True).union(papers.values_list("document", flat=True))),
        ),
        ("temporary_aid", aids),
        ("care_agreement", list(agreements.values_list("pk", flat=True))),
        ("bank_account", list(accounts.values_list("pk", flat=True))),
    ]


@dataclass(frozen=True)
class Writing:
    """What somebody entered or changed on one day."""

    on: date
    actor: str
    what: str
    times: int


_SEALED_ANEW = "system:rotate_keys"
"""Whoever encrypts with another key writes the same data again."""
_OF_MEMBER = ("households.Income", "households.Expense", "households.Supporter")
_OF_FAMILY = (
    "households.Property",
    "households.BankAccount",
    "households.Attachment",
    "households.Consent",
    "temporary_aid.TemporaryAid",
)


def writings_of(subject: Subject) -> list[Writing]:
    """Who entered or changed data of the person, a row for each day, hand and kind of data, newest first."""
    known = subject.at_known_instants("pgh_created_at")
    rows = chain(
        _written("households.Person", known & Q(pgh_obj__in=subject.people)),
        _written("households.Member", known & Q(pgh_obj__in=subject.members)),
        *(_written(model, known & Q(member__in=subject.members)) for model in _OF_MEMBER),
        _written("households.Household", _written_in(subject, "pgh_obj")),
        *(_written(model, _written_in(subject, "household")) for model in _OF_FAMILY),
    )
    return sorted(rows, key=lambda row: (row.on, row.what), reverse=True)


def _written_in(subject: Subject, household: str) -> Q:
    """Writings of the families, of the time in which the person stood in them."""
    return _any(Q(**{household: stay.household}) & stay.at_instants("pgh_created_at") for stay in subject.stays)


def _written(model: str, of: Q) -> Iterable[Writing]:
    kept = apps.get_model(model)
    history = apps.get_model(f"{model}History")
    rows = (
        history._default_manager.filter(of)
        .exclude(pgh_context__actor=_SEALED_ANEW)
        .order_by()
        .annotate(day=TruncDate("pgh_created_at"))
        .values_list("day", "pgh_context__actor")
        .annotate(times=Count("pgh_id"))
    )
    return [Writing(day, str(actor or ""), str(kept._meta.verbose_name), times) for day, actor, times in rows]


@dataclass(frozen=True)
class DataUses:
    """What was done with one person's data beside reading it, each list newest first."""

    consents: list[Consent]
    writings: list[tuple[Writing, str]]
    checks: list[MeansCheck]
    cases: list[Case]
    publicities: list[Publicity]
    deliveries: list[Delivery]


def uses_of(subject: Subject) -> DataUses:
    """On what consent, by whom and for what the data was used, to whom it went and what was made public."""
    cases = list(
        Case.objects.filter(subject.in_areas(), _on_days(subject.stood, "intake__opened_on"))
        .select_related("area__parent")
        .order_by("-pk")
    )
    written = writings_of(subject)
    names = names_of_actors(row.actor for row in written)
    return DataUses(
        consents=_consents(subject),
        writings=[(row, names[row.actor]) for row in written],
        checks=_checks(subject),
        cases=cases,
        publicities=list(Publicity.objects.filter(case__in=cases, taken_back=False).select_related("case")),
        deliveries=list(
            Delivery.objects.filter(document__in=CaseDocument.objects.filter(case__in=cases).values("document"))
            .select_related("document")
            .order_by("-delivered_on", "-pk")
        ),
    )


def _on_days(stays: Iterable[Stay], day: str) -> Q:
    """Rows of the families, of the days on which the person stood in them."""
    return _any(Q(household=stay.household) & stay.on_days(day) for stay in stays)


def _consents(subject: Subject) -> list[Consent]:
    """What the person signed, or a guardian for them."""
    signers = ConsentSigner.objects.filter(member__in=subject.members)
    if subject.areas is not None:
        signers = signers.filter(consent__household__area__in=subject.areas)
    return list(
        Consent.objects.filter(pk__in=signers.values("consent"))
        .prefetch_related(Prefetch("signers", queryset=signers, to_attr="own"))
        .order_by("-signed_on", "-pk")
    )


def _checks(subject: Subject) -> list[MeansCheck]:
    """Means checks of the family, with the sources that answered about the person or about all of them."""
    asked = MeansCheckFinding.objects.filter(Q(member=None) | Q(member__in=subject.members))
    return list(
        MeansCheck.objects.filter(_on_days(subject.stays, "requested_on"))
        .select_related("consent", "requested_by", "answered_by")
        .prefetch_related(Prefetch("findings", queryset=asked, to_attr="about_person"))
        .order_by("-requested_on", "-pk")
    )
