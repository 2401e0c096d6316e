"""What happened to the record of a family or a person (档案变动): who, when, which field from what to what, and why.

Cut to what the person may see: rows of families in their areas, and of somebody who has moved away only what was
written until then. Personal values are masked.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.db import models
from django.db.models import QuerySet
from django.utils.timezone import localdate

from foundation.history import Record, records_of
from households.models import (
    Agent,
    Attachment,
    BankAccount,
    Consent,
    Disability,
    Expense,
    Household,
    HouseholdEvent,
    Income,
    Kinship,
    Member,
    Person,
    Property,
    Supporter,
    Transfer,
)
from households.models.people import SELF_CARE_LABELS, DisabilityKind, DisabilityLevel
from households.permissions import households_visible_to
from households.signals import Entry, record_asked
from organizations.models import Staff
from organizations.queries import actors_in_words

_PAGE = re.compile(r"[\w-]+:[\w-]+$")
_PAGES = {
    "households:add_member": "添加成员",
    "households:agent": "登记代理人",
    "households:answer_transfer": "接收或退回迁入",
    "households:attach": "上传附件",
    "households:bank_account": "登记发放账户",
    "households:consent": "登记核查授权",
    "households:correct_member": "更正成员信息",
    "households:edit": "变更家庭情况",
    "households:end_agent": "终止代理",
    "households:life": "家庭变动",
    "households:property": "登记财产",
    "households:register": "登记家庭",
    "households:supporters": "登记法定义务人",
    "households:void_attachment": "作废附件",
    "households:withdraw_consent": "撤回核查授权",
    "households:yearly": "登记收入支出",
    "one_window:intake": "登记申请",
    "one_window:register": "登记家庭",
    "one_window:submit": "提交申请",
}
"""What the pages are called that a change came from, where the act did not say its own name."""
_ACTS = {"insert": "登记", "update": "变更", "delete": "删去"}
_LEFT_OUT = ("version", "order", "household", "member", "person")
_CODES = {
    "unable_self_care": SELF_CARE_LABELS,
    "components": {str(value): str(label) for value, label in (*DisabilityKind.choices, *DisabilityLevel.choices)},
}


class RecordKind(models.TextChoices):
    """What a part of the record is about."""

    PEOPLE = "people", "人员信息"
    MEMBERS = "members", "家庭成员"
    FACTS = "facts", "家庭情况"
    MEANS = "means", "收入支出与财产"
    SUPPORTERS = "supporters", "法定义务人"
    PAYEE = "payee", "账户与代理"
    CONSENTS = "consents", "核查授权"
    ATTACHMENTS = "attachments", "附件"
    EVENTS = "events", "家庭事件"
    CASES = "cases", "办件经过"


PERSONAL_KINDS = (
    RecordKind.PEOPLE,
    RecordKind.MEMBERS,
    RecordKind.MEANS,
    RecordKind.SUPPORTERS,
    RecordKind.EVENTS,
    RecordKind.CASES,
)
"""What there is in a person's record; the rest is the family's."""


@dataclass(frozen=True)
class Scope:
    """Whose record is read: one family, or one person in the families that the reader may see."""

    staff: Staff
    households: tuple[int, ...]
    members: tuple[int, ...]
    person: Person | None = None

    @property
    def people(self) -> QuerySet[Person]:
        if self.person is not None:
            return Person.objects.filter(pk=self.person.pk)
        return Person.objects.filter(memberships__in=self.members).distinct()


def family_scope(household: Household, *, staff: Staff) -> Scope:
    """The record of a family that the person may see."""
    return Scope(staff, (household.pk,), tuple(household.members.values_list("pk", flat=True)))


def person_scope(person: Person, *, staff: Staff) -> Scope:
    """The record of a person, in the families that the reader may see."""
    members = Member.objects.filter(person=person, household__in=households_visible_to(staff))
    rows = list(members.values_list("pk", "household_id"))
    return Scope(staff, tuple({family for _, family in rows}), tuple(pk for pk, _ in rows), person)


def record(scope: Scope, *, kind: str = "") -> list[Entry]:
    """The entries of a record, newest first, in a fixed number of queries.

    :param kind: of one :class:`RecordKind` only.
    """
    entries = [*_changes(scope, kind)]
    if kind in ("", RecordKind.EVENTS):
        entries += _events(scope)
    if kind in ("", RecordKind.CASES):
        for _, answer in record_asked.send(Household, households=scope.households, staff=scope.staff):
            entries += cast("list[Entry]", answer)
    # What one transaction wrote bears one time: the later writing stands first there, too.
    return sorted(reversed(entries), key=lambda entry: entry.at, reverse=True)


# --- Rows and the history of each ------------------------------------------------------------------------------
@dataclass(frozen=True)
class _Source:
    kind: RecordKind
    label: str
    rows: QuerySet[Any]
    name: Callable[[Any], str]
    person_of: Callable[[Any], int] | None = None


def _sources(scope: Scope) -> list[_Source]:
    kind, members, families = RecordKind, scope.members, scope.households
    people = scope.people
    of_member: dict[str, Any] = {"member__in": members}
    rows = [
        _Source(kind.PEOPLE, "人员信息", people, str, lambda row: row.pk),
        _Source(
            kind.PEOPLE,
            "残疾",
            Disability.objects.filter(person__in=people).select_related("person"),
            lambda row: str(row.person),
            lambda row: row.person_id,
        ),
        _Source(
            kind.PEOPLE,
            "亲属关系",
            Kinship.objects.filter(person__in=people).select_related("person", "relative"),
            lambda row: f"{row.person}的{row.get_kind_display()}{row.relative}",
            lambda row: row.person_id,
        ),
        _Source(
            kind.MEMBERS,
            "家庭成员",
            Member.objects.filter(pk__in=members).select_related("person"),
            lambda row: str(row),
        ),
        _Source(kind.MEANS, "收入", Income.objects.filter(**of_member).select_related("member__person"), _amount),
        _Source(kind.MEANS, "支出", Expense.objects.filter(**of_member).select_related("member__person"), _amount),
        _Source(
            kind.SUPPORTERS,
            "法定义务人",
            Supporter.objects.filter(**of_member).select_related("member__person"),
            lambda row: f"{row.name}（{row.member}的法定义务人）",
        ),
    ]
    return rows if scope.person is not None else rows + _sources_of_families(families)


def _sources_of_families(families: tuple[int, ...]) -> list[_Source]:
    kind, of_family = RecordKind, {"household__in": families}
    unpaid = Expense.objects.filter(member=None, **of_family)
    return [
        _Source(kind.FACTS, "家庭情况", Household.objects.filter(pk__in=families), lambda row: ""),
        _Source(kind.FACTS, "迁移", Transfer.objects.filter(**of_family).select_related("from_area", "to_area"), str),
        _Source(kind.MEANS, "支出", unpaid, _amount),
        _Source(kind.MEANS, "财产", Property.objects.filter(**of_family), lambda row: ""),
        _Source(kind.PAYEE, "发放账户", BankAccount.objects.filter(**of_family), str),
        _Source(kind.PAYEE, "代理人", Agent.objects.filter(**of_family), str),
        _Source(
            kind.CONSENTS, "核查授权", Consent.objects.filter(**of_family), lambda row: f"{row.signed_on:%Y-%m-%d}"
        ),
        _Source(kind.ATTACHMENTS, "附件", Attachment.objects.filter(**of_family), lambda row: row.get_kind_display()),
    ]


def _amount(row: Any) -> str:
    return f"{row.member.person if row.member else ''}{row.year}年{row.get_kind_display()}"


def _changes(scope: Scope, kind: str) -> list[Entry]:
    until = _known_until(scope)
    found = [
        (source, row, live)
        for source in _sources(scope)
        if kind in ("", source.kind)
        for row, live in _written(source)
        if _was_known(source, row, live, until)
    ]
    actors = actors_in_words((row.actor, localdate(row.at)) for _, row, _ in found)
    return [_entry(source, row, live, actors[row.actor, localdate(row.at)]) for source, row, live in found]


def _written(source: _Source) -> list[tuple[Record, Any]]:
    """Every writing of a source's rows that says something, with the row as it is now."""
    live = {row.pk: row for row in source.rows}
    found = records_of(source.rows.model, list(live), leave_out=_LEFT_OUT, words=_CODES)
    return [(row, live[row.row_id]) for row in found if row.label != "update" or row.changes]


def _was_known(source: _Source, row: Record, live: Any, until: dict[int, date]) -> bool:
    last_day = until.get(source.person_of(live)) if source.person_of else None
    return last_day is None or localdate(row.at) <= last_day


def _known_until(scope: Scope) -> dict[int, date]:
    """The last day that the reader's families knew people who went on to where the reader may not look."""
    rows = Member.objects.filter(person__in=scope.people)
    own = rows.filter(household__in=households_visible_to(scope.staff)).exclude(
        person__in=rows.filter(household__in=households_visible_to(scope.staff), left_on=None).values("person")
    )
    last = {row.person_id: row for row in own.order_by("joined_on", "pk")}
    later = rows.exclude(household__in=households_visible_to(scope.staff)).filter(person__in=list(last))
    gone = {row.person_id for row in later if _order(row) > _order(last[row.person_id])}
    return {person: row.left_on for person, row in last.items() if person in gone and row.left_on is not None}


def _order(member: Member) -> tuple[date, int]:
    return member.joined_on, member.pk


def _entry(source: _Source, row: Record, live: Any, actor: str) -> Entry:
    title = f"{_ACTS[row.label]}{source.label}"
    return Entry(
        at=row.at,
        title=" ".join(filter(None, (title, source.name(live)))),
        by=actor,
        why=_why(row.reason),
        changes=tuple((change.what, change.before, change.after) for change in row.changes),
        case=row.case,
    )


def _why(reason: str) -> str:
    """The reason in words: a page's name becomes what the page is called, or nothing."""
    act, _, given = reason.partition("：")
    return "：".join(filter(None, (_PAGES.get(act, "") if _PAGE.match(act) else act, given)))


# --- Events ----------------------------------------------------------------------------------------------------
def _events(scope: Scope) -> Iterable[Entry]:
    events = HouseholdEvent.objects.filter(household__in=scope.households).select_related("by", "person")
    if scope.person is not None:
        events = events.filter(person=scope.person)
    rows = list(events)
    actors = actors_in_words((str(event.by_id), localdate(event.at)) for event in rows)
    return [
        Entry(
            at=event.at,
            title=" ".join(filter(None, (event.get_kind_display(), str(event.person or "")))),
            by=actors[str(event.by_id), localdate(event.at)],
            why=event.note,
        )
        for event in rows
    ]
