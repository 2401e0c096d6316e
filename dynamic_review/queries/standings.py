"""What awards stand on (提标、政策测算): versions since a month with the assessments behind them, by many at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KeyTransform

from benefits.models import Award, AwardState, AwardVersion, AwardVersionPerson, VersionKind
from dynamic_review.rules.uplift import Apart, Ground, Standing, timeline
from eligibility.models import Assessment
from eligibility.rules import read_household, read_parameters
from households.models import Member

CHUNK = 500
"""Awards read and written at a time: memory stays flat however many there are."""


@dataclass(frozen=True)
class Segment:
    """A version in force from a month on, read for the rules; ``people`` are persons by member reference."""

    from_month: date
    version: AwardVersion
    standing: Standing
    ground: Ground | None
    people: dict[str, int]
    rows: Sequence[AwardVersionPerson] = ()
    is_unreadable: bool = False


@dataclass(frozen=True)
class AwardCase:
    """One award with what it stands on since a month; ``apart`` where it is not reckoned at all."""

    award: Award
    latest: AwardVersion
    segments: Sequence[Segment]
    apart: Apart | None = None

    @property
    def last(self) -> Segment:
        return self.segments[-1]


@dataclass
class _Found:
    """Rows of one chunk of awards."""

    versions: dict[int, list[AwardVersion]] = field(default_factory=dict)
    people: dict[int, list[AwardVersionPerson]] = field(default_factory=dict)
    references: dict[tuple[int, int], list[str]] = field(default_factory=dict)
    grounds: dict[int, Ground | None] = field(default_factory=dict)


def awards_owed_since(month: date, *, scheme: str = "") -> QuerySet[Award]:
    """Awards that were or are paid in some month from one on; those of archived families are left out."""
    rows = Award.objects.filter(Q(ends_month=None) | Q(ends_month__gte=month), household__archived_on=None)
    return rows.filter(scheme=scheme) if scheme else rows


def in_chunks(keys: QuerySet[Any], *, size: int = CHUNK, after: int = 0) -> Iterator[list[int]]:
    """Primary keys in ascending chunks, each found by the last key of the one before.

    A cursor of the server would have to be held over the commits between the chunks.
    """
    ordered = keys.order_by("pk").values_list("pk", flat=True)
    while chunk := list(ordered.filter(pk__gt=after)[:size]):
        yield chunk
        after = chunk[-1]


def award_cases(keys: Sequence[int], *, since: date, without: str = "") -> list[AwardCase]:
    """What some awards stand on since a month; five queries however many they are.

    :param without: number of an uplift whose versions do not count, to see what lies under them.
    """
    awards = list(Award.objects.filter(pk__in=keys).select_related("household", "area").order_by("pk"))
    found = _rows_of(awards)
    if without:
        for key, versions in found.versions.items():
            found.versions[key] = [version for version in versions if not is_of_uplift(version, without)]
    return [_case(award, found, since=since) for award in awards if award.pk in found.versions]


def is_of_uplift(version: AwardVersion, number: str) -> bool:
    """Whether an uplift wrote the version, when it was carried out or laid anew behind another decision."""
    return version.kind == VersionKind.UPLIFT and version.source == number


def versions_of(number: str) -> QuerySet[AwardVersion]:
    """The versions of an uplift by its number, those included that were laid anew."""
    return AwardVersion.objects.filter(kind=VersionKind.UPLIFT, source=number)


def _rows_of(awards: Sequence[Award]) -> _Found:
    found = _Found()
    keys = [award.pk for award in awards]
    for version in AwardVersion.objects.filter(award__in=keys).order_by("award", "serial"):
        found.versions.setdefault(version.award_id, []).append(version)
    people = AwardVersionPerson.objects.filter(version__award__in=keys).select_related("person__merged_into")
    for row in people.order_by("version", "pk"):
        found.people.setdefault(row.version_id, []).append(row)
    families = [award.household_id for award in awards]
    for household, person, member in Member.objects.filter(household__in=families).values_list(
        "household_id", "person_id", "pk"
    ):
        found.references.setdefault((household, person), []).append(f"m{member}")
    wanted = {version.assessment_id for rows in found.versions.values() for version in rows if version.assessment_id}
    found.grounds = dict(_grounds(wanted))
    return found


def _grounds(keys: set[int]) -> Iterator[tuple[int, Ground | None]]:
    """Facts, parameters and stored answers of assessments, without their findings; None where they cannot be read."""
    rows = Assessment.objects.filter(pk__in=keys).values_list(
        "pk",
        "facts",
        "parameters",
        KeyTransform("dibao", "result"),
        KeyTransform("household", "result"),
        KeyTransform("tekun", "result"),
    )
    for key, facts, parameters, dibao, household, tekun in rows:
        try:
            read = read_household(facts).facts
            figures = read_parameters(parameters).whole
        except ValueError:  # InvalidInput and IncompleteParameters: an input of an older release
            yield key, None
            continue
        result = {"dibao": dibao, "household": household, "tekun": tekun}
        yield key, Ground(facts=read, parameters=figures, result=result)


def _case(award: Award, found: _Found, *, since: date) -> AwardCase:
    versions = {version.serial: version for version in found.versions[award.pk]}
    steps = timeline([(version.serial, version.from_month) for version in versions.values()], since=since)
    segments = [_segment(award, versions[serial], month, found) for month, serial in steps]
    return AwardCase(award, versions[max(versions)], segments, _apart(award, segments, found))


def _segment(award: Award, version: AwardVersion, month: date, found: _Found) -> Segment:
    ground = found.grounds.get(version.assessment_id) if version.assessment_id else None
    known = {member.id for member in ground.facts.members} if ground else set()
    people = {}
    for row in found.people.get(version.pk, ()):
        person = row.person.merged_into or row.person
        references = found.references.get((award.household_id, person.pk), [])
        # Who came, left and came again has two entries: the assessment names one of them.
        reference = next((one for one in references if one in known), references[-1] if references else f"p{person.pk}")
        people[reference] = person.pk
    standing = Standing(
        scheme=award.scheme,
        monthly_amount=version.monthly_amount,
        persons=tuple(people),
        basis=version.basis,
        care_monthly_amount=version.care_monthly_amount,
        care_level=version.care_level,
        support_mode=version.support_mode,
    )
    is_unreadable = version.assessment_id is not None and ground is None
    return Segment(month, version, standing, ground, people, found.people.get(version.pk, ()), is_unreadable)


def _apart(award: Award, segments: Sequence[Segment], found: _Found) -> Apart | None:
    by_state = {
        AwardState.SUSPENDED: Apart.SUSPENDED,
        AwardState.PHASE_OUT: Apart.PHASE_OUT,
        AwardState.STOPPED: Apart.ENDED,
    }
    if award.state in by_state:
        return by_state[AwardState(award.state)]
    people = [row for segment in segments for row in found.people.get(segment.version.pk, ())]
    if any((row.person.merged_into or row.person).died_on for row in people):
        return Apart.DIED
    return Apart.UNREADABLE if any(segment.is_unreadable for segment in segments) else None
