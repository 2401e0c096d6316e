"""Faults that no single value shows: dates, identity numbers, ids and keys that contradict one another."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from eligibility.rules.choices import DisabilityKind, Event, Relation
from eligibility.rules.document import HOUSEHOLD, REVIEW_KEYS, REVIEW_KEYS_REQUIRED
from eligibility.rules.id_numbers import id_number_faults
from eligibility.rules.shapes import Fault, Json, missing
from eligibility.rules.stated_parameters import NOTHING_STATED

Values = Mapping[str, Any]


def contradictions(values: Values, document: Mapping[str, Json]) -> Iterator[Fault]:
    """Every contradiction in an input.

    :param values: what could be read of it, faulty parts left out.
    """
    yield from _area_faults(values, document)
    yield from _event_faults(values, document)
    members = values.get("members", ())
    readable = [(f"members[{place}]", member) for place, member in enumerate(members) if member]
    for path, member in readable:
        yield from _member_faults(path, member, on=values.get("on"))
    if members:
        yield from _head_faults(members)
        yield from _id_faults(readable)
    if members and all(member and "id" in member for member in members):
        yield from _reference_faults(readable, values.get("expenses", ()))


def _area_faults(values: Values, document: Mapping[str, Json]) -> Iterator[Fault]:
    unreadable = "parameters" in document and "parameters" not in values
    if "area" in document or unreadable:
        return
    lacking = values.get("parameters", NOTHING_STATED).missing
    if lacking:
        allowed = HOUSEHOLD.keys["area"].shape.allowed
        yield Fault("area", f"缺少这一项；parameters不完整（缺{'、'.join(lacking)}）时应为{allowed}")


def _event_faults(values: Values, document: Mapping[str, Json]) -> Iterator[Fault]:
    event = values.get("event", None if "event" in document else Event.APPLICATION)
    if event is Event.REVIEW:
        absent = [key for key in REVIEW_KEYS_REQUIRED if key not in document]
        yield from (missing(key, HOUSEHOLD.keys[key].shape) for key in absent)
    elif event is Event.APPLICATION:
        stray = [key for key in REVIEW_KEYS if key in document]
        yield from (Fault(key, "event为application时不能有这一项；只用于event为review") for key in stray)


def _member_faults(path: str, member: Values, *, on: date | None) -> Iterator[Fault]:
    yield from _birth_faults(path, member, on=on)
    if "disability" in member:
        yield from _disability_faults(f"{path}.disability", member["disability"])
    if "id_number" in member:
        number, birth_date, sex = member["id_number"], member.get("birth_date"), member.get("sex")
        for message in id_number_faults(number, birth_date=birth_date, sex=sex):
            yield Fault(f"{path}.id_number", message)
    for place, supporter in enumerate(member.get("supporters", ())):
        if supporter:
            inner = f"{path}.supporters[{place}]"
            yield from _birth_faults(inner, supporter, on=on)
            yield from _disability_faults(f"{inner}.disability", supporter.get("disability", {}))


def _birth_faults(path: str, person: Values, *, on: date | None) -> Iterator[Fault]:
    birth_date = person.get("birth_date")
    if on is not None and birth_date is not None and birth_date > on:
        yield Fault(f"{path}.birth_date", f"{birth_date.isoformat()}晚于试算日期；应不晚于on（{on.isoformat()}）")


def _disability_faults(path: str, disability: Values) -> Iterator[Fault]:
    if "components" in disability and disability.get("kind", DisabilityKind.MULTIPLE) is not DisabilityKind.MULTIPLE:
        yield Fault(f"{path}.components", "不是多重残疾，不能有这一项；只用于kind为multiple")


def _head_faults(members: Sequence[Values | None]) -> Iterator[Fault]:
    relations = [member.get("relation") if member else None for member in members]
    heads = relations.count(Relation.HEAD)
    # A relation that could not be read may be the head's.
    if heads > 1 or (heads == 0 and None not in relations):
        yield Fault("members", f"有{heads}个户主；应恰有一人的relation为head")


def _id_faults(readable: Sequence[tuple[str, Values]]) -> Iterator[Fault]:
    seen: set[str] = set()
    for path, member in readable:
        ref = member.get("id")
        if ref in seen:
            yield Fault(f"{path}.id", f"“{ref}”重复；成员标识在户内应唯一")
        elif ref is not None:
            seen.add(ref)


def _reference_faults(readable: Sequence[tuple[str, Values]], expenses: Sequence[Values | None]) -> Iterator[Fault]:
    ids = {member["id"] for _, member in readable}
    for path, member in readable:
        if "spouse_id" in member:
            yield from _unknown(f"{path}.spouse_id", member["spouse_id"], ids - {member["id"]}, "另一成员的id")
        for place, parent_id in enumerate(member.get("parent_ids", ())):
            yield from _unknown(f"{path}.parent_ids[{place}]", parent_id, ids - {member["id"]}, "另一成员的id")
    for place, expense in enumerate(expenses):
        if expense and "member" in expense:
            yield from _unknown(f"expenses[{place}].member", expense["member"], ids, "某一成员的id")


def _unknown(path: str, named: str | None, known: set[str], allowed: str) -> Iterator[Fault]:
    if named is not None and named not in known:
        yield Fault(path, f"“{named}”不对；应为{allowed}")
