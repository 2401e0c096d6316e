"""个人信息处理记录: who has read and used one person's data, for what and on what consent (个人信息保护法 §§45, 54)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import reduce
from itertools import chain
from operator import or_
from typing import Any

from django.apps import apps
from django.db.models import Count, Prefetch, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from applications.models import Case, CaseDocument, Intake, Publicity
from care.models import CareAgreement
from documents.models import Delivery
from households.models import Attachment, BankAccount, Consent, ConsentSigner, Member, Person
from organizations.models import AccessRecord
from organizations.queries import names_of_actors
from verification.models import MeansCheck, MeansCheckFinding


@dataclass(frozen=True)
class Stay:
    """Days on which the person stood in a family: what was done with the family's file then, was done with theirs.

    :param until: the first day on which they no longer did.
    """

    household: int
    since: date
    until: date | None

    def on_days(self, field: str) -> Q:
        """Rows of that time, by the field with their day."""
        during = Q(**{f"{field}__gte": self.since})
        return during & Q(**{f"{field}__lt": self.until}) if self.until else during

    def at_instants(self, field: str) -> Q:
        """Rows of that time, by the field with their instant."""
        during = Q(**{f"{field}__gte": _begins(self.since)})
        return during & Q(**{f"{field}__lt": _begins(self.until)}) if self.until else during


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=timezone.get_current_timezone())


@dataclass(frozen=True)
class Subject:
    """One person with all records that turned out to be theirs, and the families in which they stood."""

    people: tuple[int, ...]
    members: tuple[int, ...]
    stays: tuple[Stay, ...]


def subject_of(person: Person) -> Subject:
    """The person whose data it is, found through merged records as well."""
    people = tuple(Person.objects.filter(Q(pk=person.pk) | Q(merged_into=person)).values_list("pk", flat=True))
    rows = list(Member.objects.filter(person__in=people))
    stays = (Stay(row.household_id, row.joined_on, row.left_on) for row in rows)
    return Subject(people, tuple(row.pk for row in rows), tuple(stays))


def readings_of(subject: Subject) -> QuerySet[AccessRecord]:
    """Who opened pages, papers and numbers of the person or of the family while they stood in it, newest first."""
    found = [
        Q(person_ids__overlap=list(subject.people)),
        _is("person", subject.people),
        _is("member", subject.members),
    ]
    for stay in subject.stays:
        during = stay.at_instants("at")
        found += [_is(kind, ids) & during for kind, ids in _file_of(stay.household, subject)]
    return AccessRecord.objects.filter(reduce(or_, found)).select_related("staff").order_by("-at", "-pk")


def _is(kind: str, ids: Iterable[int]) -> Q:
    return Q(subject_type=kind, subject_id__in=list(ids))


def _file_of(household: int, subject: Subject) -> list[tuple[str, list[int]]]:
    """What belongs to a family's file, by the kinds that readings are recorded of; ids, so that the index serves."""
    attachments = Attachment.objects.filter(household=household)
    cases = list(Case.objects.filter(household=household).values_list("pk", flat=True))
    documents = CaseDocument.objects.filter(case__in=cases)
    agreements = CareAgreement.objects.filter(person__in=subject.people)
    accounts = BankAccount.objects.filter(household=household)
    return [
        ("household", [household]),
        ("case", cases),
        ("attachment", list(attachments.values_list("pk", flat=True))),
        ("intake", list(Intake.objects.filter(household=household).values_list("pk", flat=True))),
        ("document", list(documents.values_list("document", flat=True))),
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


def writings_of(subject: Subject) -> list[Writing]:
    """Who entered or changed data of the person, a row for each day, hand and kind of data, newest first."""
    rows = chain(
        _written("households.Person", pgh_obj__in=subject.people),
        _written("households.Member", pgh_obj__in=subject.members),
        *(_written(model, member__in=subject.members) for model in _OF_MEMBER),
    )
    return sorted(rows, key=lambda row: (row.on, row.what), reverse=True)


def _written(model: str, **of: Any) -> Iterable[Writing]:
    kept = apps.get_model(model)
    history = apps.get_model(f"{model}History")
    rows = (
        history._default_manager.filter(**of)
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
        Case.objects.filter(_of_stays(subject, "intake__opened_on")).select_related("area__parent").order_by("-pk")
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


def _of_stays(subject: Subject, day: str) -> Q:
    """Rows of the families, of the days on which the person stood in them."""
    return reduce(or_, (Q(household=stay.household) & stay.on_days(day) for stay in subject.stays))


def _consents(subject: Subject) -> list[Consent]:
    """What the person signed, or a guardian for them."""
    signers = ConsentSigner.objects.filter(member__in=subject.members)
    return list(
        Consent.objects.filter(pk__in=signers.values("consent"))
        .prefetch_related(Prefetch("signers", queryset=signers, to_attr="own"))
        .order_by("-signed_on", "-pk")
    )


def _checks(subject: Subject) -> list[MeansCheck]:
    """Means checks of the family, with the sources that answered about the person or about all of them."""
    asked = MeansCheckFinding.objects.filter(Q(member=None) | Q(member__in=subject.members))
    return list(
        MeansCheck.objects.filter(_of_stays(subject, "requested_on"))
        .select_related("consent", "requested_by", "answered_by")
        .prefetch_related(Prefetch("findings", queryset=asked, to_attr="about_person"))
        .order_by("-requested_on", "-pk")
    )
