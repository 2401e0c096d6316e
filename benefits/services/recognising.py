"""认定身份: a decision recognises a family for some months; it ends by its last day, or early with a reason."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from benefits.models import Recognition, RecognitionPerson
from benefits.queries import recognition_to_come, standing_against
from benefits.rules.months import months_after
from foundation.errors import ServiceError
from households.models import Household, Person
from households.services import NotAllowedNow
from households.signals import Change, Move
from organizations.models import Area, Staff
from organizations.models.delegations import Scheme
from organizations.permissions import Permission, check_can_act
from organizations.queries import township_of

_PREFIXES = {Scheme.MARGINAL: "BY", Scheme.RIGID_EXPENSE_HOUSEHOLD: "GX"}


class NotRecognisable(ServiceError):
    """The family or a person of it has a status beside which this one cannot stand."""


@transaction.atomic
def recognise(
    *,
    scheme: str,
    household: Household,
    area: Area,
    persons: Sequence[Person],
    months: int,
    decided_by: Staff,
    decided_on: date,
) -> Recognition:
    """Recognise a family (认定) from the decision on, or from the day after what holds on that day (续期).

    The decision's permission is checked by the caller, which holds the case.

    :param months: how long it holds.
    :raises NotRecognisable: the family stands in an award or recognition that excludes this one, a person in
        another family's, or the family is recognised on already.
    """
    if not persons or months < 1:
        raise ValueError("a recognition of nobody, or of no time")
    if standing := standing_against(household, scheme=scheme, on=decided_on):
        raise NotRecognisable(f"这个家庭已有{'、'.join(standing)}，不能再认定为{Scheme(scheme).label}家庭。")
    if later := recognition_to_come(household, scheme=scheme, on=decided_on):
        raise NotRecognisable(f"{later.renewed_in_words}，不能重复认定。")
    running = household.recognitions.filter(scheme=scheme, valid__contains=decided_on).first()
    first = running.valid.upper if running else decided_on
    valid = DateRange(first, months_after(first, months))
    recognition = Recognition.objects.create(
        number=_next_number(scheme, decided_on),
        scheme=scheme,
        household=household,
        area=area,
        valid=valid,
        decided_on=decided_on,
        decided_by=decided_by,
    )
    for person in persons:
        _cover(recognition, person)
    return recognition


def _cover(recognition: Recognition, person: Person) -> None:
    try:
        with transaction.atomic():
            RecognitionPerson.objects.create(
                recognition=recognition, person=person, scheme=recognition.scheme, covered=recognition.valid
            )
    except IntegrityError as error:
        if "person_recognised_once_a_scheme" not in str(error):
            raise
        raise NotRecognisable(
            f"{person.name}这段时间已在另一个家庭的{recognition.get_scheme_display()}认定里，请先核实。"
        ) from error


@transaction.atomic
def end_recognition(recognition: Recognition, *, reason: str, by: Staff, on: date) -> Recognition:
    """End a recognition before its last day (提前终止); it no longer holds on ``on``.

    What the family is recognised on by (续期) ends with it, and one that has not begun yet never holds.

    :raises NotPermitted: no right to confirm in the family's area.
    :raises NotRecognisable: it is over already, begins on ``on``, or no reason is given.
    """
    recognition = _locked(recognition)
    check_can_act(by, Permission.CONFIRM, area=recognition.area)
    if not reason.strip():
        raise NotRecognisable("请写明提前终止的原因。", field="reason")
    if recognition.is_void or recognition.valid.lower == on or recognition.valid.upper <= on:
        raise NotRecognisable("已经到期或终止的不用再终止；今天开始的，明天起才能提前终止。", field="on")
    later = Recognition.objects.filter(
        household=recognition.household_id, scheme=recognition.scheme, valid__startswith__gt=on
    )
    for row in later.exclude(pk=recognition.pk).select_for_update(of=("self",)):
        _end(row, reason=reason.strip(), by=by, on=on)
    return _end(recognition, reason=reason.strip(), by=by, on=on)


@transaction.atomic
def supersede(household: Household, *, schemes: Collection[str], reason: str, by: Staff, on: date) -> None:
    """End what a decision on the same family replaces (改为): 低保 of the family ends both, 低保边缘 ends 刚性支出.

    What began on the day itself holds for that first day; what is still to begin then never holds.
    """
    rows = household.recognitions.filter(scheme__in=schemes, valid__endswith__gt=on)
    for recognition in rows.select_for_update(of=("self",)):
        day = _first_day_without(recognition.valid, on=on)
        if day < recognition.valid.upper:
            _end(recognition, reason=reason, by=by, on=day)


def _locked(recognition: Recognition) -> Recognition:
    rows = Recognition.objects.select_for_update(of=("self",)).select_related("area")
    return rows.get(pk=recognition.pk)


def _end(recognition: Recognition, *, reason: str, by: Staff, on: date) -> Recognition:
    for row in recognition.persons.all():
        _uncover(row, on=on)
    if recognition.valid.lower > on:
        recognition.would_begin_on = recognition.valid.lower
    recognition.valid = _cut(recognition.valid, on=on)
    recognition.ended_on, recognition.ended_by, recognition.end_reason = on, by, reason
    recognition.save(update_fields=["valid", "would_begin_on", "ended_on", "ended_by", "end_reason"])
    return recognition


def _cut(held: DateRange, *, on: date) -> DateRange:
    """A time that is over on a day; empty where it would begin later."""
    return DateRange(empty=True) if held.lower > on else DateRange(held.lower, on)


def _first_day_without(held: DateRange, *, on: date) -> date:
    """What has begun on the day itself holds for that day."""
    return on + timedelta(days=1) if held.lower == on else on


def _uncover(row: RecognitionPerson, *, on: date) -> None:
    """The person is recognised until the day before; who leaves on the first day, for that day; before it, never."""
    if row.covered.isempty:
        return
    day = _first_day_without(row.covered, on=on)
    if day < row.covered.upper:
        row.covered = _cut(row.covered, on=day)
        row.save(update_fields=["covered"])


# --- What happens to the family -------------------------------------------------------------------------------------


def move_recognitions(move: Move) -> None:
    """Recognitions in force or to come go where their family goes (迁移)."""
    rows = Recognition.objects.select_for_update().filter(household=move.household, valid__endswith__gt=move.on)
    for recognition in rows:
        recognition.area = move.to_area
        recognition.save(update_fields=["area"])


def uncover_who_left(change: Change) -> None:
    """Who died or left is not recognised any longer; with the last member the family's recognition ends."""
    left = [member.person_id for member in change.left]
    rows = RecognitionPerson.objects.filter(
        recognition__household=change.household, person__in=left, covered__endswith__gt=change.on
    )
    for row in rows:
        _uncover(row, on=change.on)
    if change.household.ended_on is not None:
        schemes = tuple(_PREFIXES)
        supersede(change.household, schemes=schemes, reason="家庭已经注销", by=change.by, on=change.on)


def check_not_recognised(household: Household, *, on: date) -> None:
    """
    :raises NotAllowedNow: the family that would end is recognised now.
    """
    row = household.recognitions.filter(valid__endswith__gt=on).first()
    if row is not None:
        raise NotAllowedNow(
            f"这个家庭是{row.get_scheme_display()}家庭（{row.number}），不能并入别的家庭；请先提前终止认定。"
        )


def take_over_recognitions(former: Person, *, known: Person) -> None:
    """What recognises a record found to be another person's recognises that person.

    :raises NotAllowedNow: that person is recognised in another family over the same time.
    """
    for row in RecognitionPerson.objects.select_for_update().filter(person=former):
        row.person = known
        try:
            with transaction.atomic():
                row.save(update_fields=["person"])
        except IntegrityError as error:
            if "person_recognised_once_a_scheme" not in str(error):
                raise
            place = township_of(row.recognition.area)
            raise NotAllowedNow(
                f"两条记录都在{row.get_scheme_display()}认定里（其中一份在{place}）。请先核实并终止其中一份，再合并。",
                field="id_number",
            ) from error


def _next_number(scheme: str, on: date) -> str:
    prefix = f"{_PREFIXES[Scheme(scheme)]}{on:%Y}"
    # The county's row is the lock: two townships that confirm in one moment get two numbers.
    Area.objects.select_for_update(of=("self",), no_key=True).get(level="county")
    rows = Recognition.objects.filter(number__startswith=prefix).order_by("-number")
    last = rows.values_list("number", flat=True).first()
    return f"{prefix}{int(last[len(prefix) :]) + 1 if last else 1:05d}"
