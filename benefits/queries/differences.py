"""与上月比对: two months' rolls of a scheme side by side, with what is behind every change; few queries, any size."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet

from benefits.models import (
    AwardCheck,
    AwardEnd,
    AwardSuspension,
    AwardVersion,
    AwardVersionPerson,
    CheckCause,
    LineState,
    PhaseOut,
    RollItem,
    RollKind,
    RollLine,
    RollState,
)
from benefits.rules.differences import NOTHING, Change, Circumstances, Due, Total, judge, totals
from benefits.rules.months import first_month, months_after
from organizations.models import Staff
from organizations.permissions import Permission


@dataclass(frozen=True)
class Event:
    """What is behind a change: in words, when it was decided, and the number that it was decided under."""

    words: str
    decided_on: date | None = None
    source: str = ""


@dataclass(frozen=True)
class Difference:
    """One payee in two months; yuan."""

    award_id: int
    household_id: int
    line_id: int | None
    head_name: str
    township: str
    village: str
    change: Change
    before: Due | None
    now: Due | None
    event: Event

    @property
    def before_amount(self) -> Decimal:
        return self.before.amount if self.before else NOTHING

    @property
    def amount(self) -> Decimal:
        return self.now.amount if self.now else NOTHING

    @property
    def difference(self) -> Decimal:
        return self.amount - self.before_amount


@dataclass(frozen=True)
class Comparison:
    """Two months of a scheme side by side."""

    month: date
    rows: tuple[Difference, ...]

    @property
    def month_before(self) -> date:
        return months_after(self.month, -1)

    @cached_property
    def totals(self) -> list[Total]:
        return totals((row.change, row.difference) for row in self.rows)

    @cached_property
    def before_amount(self) -> Decimal:
        return sum((row.before_amount for row in self.rows), NOTHING)

    @cached_property
    def amount(self) -> Decimal:
        return sum((row.amount for row in self.rows), NOTHING)

    @cached_property
    def before_families(self) -> int:
        return sum(row.before is not None for row in self.rows)

    @cached_property
    def families(self) -> int:
        return sum(row.now is not None for row in self.rows)

    @cached_property
    def held(self) -> int:
        return sum(row.now is not None and row.now.is_held for row in self.rows)

    @property
    def difference(self) -> Decimal:
        """Of the sums; what the kinds of change come to together."""
        return self.amount - self.before_amount

    def cut_to(self, change: str) -> list[Difference]:
        """Those of one kind; without one, all that changed. ``held`` names all that wait for an account."""
        if change == Change.HELD:
            return [row for row in self.rows if row.now is not None and row.now.is_held]
        if change:
            return [row for row in self.rows if row.change == change]
        return [row for row in self.rows if row.change != Change.SAME]


_COLUMNS = (
    "award_id",
    "household_id",
    "pk",
    "version_id",
    "head_name",
    "roll__area_id",
    "roll__area__name",
    "area__name",
    "area__code",
    "base_amount",
    "topup_amount",
    "back_payment_amount",
    "recoupment_amount",
    "state",
    "roll__prepared_on",
)


def compare_months(staff: Staff, *, month: date, scheme: str, township: str = "") -> Comparison:
    """This month's rolls of a scheme beside the month before, in the townships whose rolls the person sees.

    :param township: code of one of them; empty for all.
    """
    seen = Q(roll__area_id__in=staff.area_ids(Permission.VIEW_ROLL))
    if township:
        seen &= Q(roll__area__code=township)
    now = _lines(_regular(scheme, month).filter(seen))
    before = _lines(_regular(scheme, months_after(month, -1)).filter(seen))
    if not now and not before:
        return Comparison(month, ())
    known = _Known(scheme, month, now=now, before=before)
    rows = [_difference(key, before.get(key), now.get(key), known) for key in before.keys() | now.keys()]
    order = {change: place for place, change in enumerate(Change)}
    return Comparison(
        month, tuple(sorted(rows, key=lambda row: (order[row.change], row.township, row.village, row.award_id)))
    )


def _regular(scheme: str, month: date) -> QuerySet[RollLine]:
    return RollLine.objects.filter(
        roll__scheme=scheme, roll__kind=RollKind.REGULAR, month=month, reissue_of=None
    ).exclude(roll__state=RollState.VOIDED)


def _lines(lines: QuerySet[RollLine]) -> dict[int, dict[str, Any]]:
    return {row["award_id"]: row for row in lines.order_by().values(*_COLUMNS)}


class _Known:
    """What is known of awards that came, went or changed; each kind of fact by one query."""

    def __init__(
        self, scheme: str, month: date, *, now: Mapping[int, dict[str, Any]], before: Mapping[int, dict[str, Any]]
    ) -> None:
        self.month, self.last = month, months_after(month, -1)
        came, went = now.keys() - before.keys(), before.keys() - now.keys()
        cut = {key for key in now.keys() & before.keys() if _due(now[key]).monthly < _due(before[key]).monthly}
        self.was_elsewhere = _townships(_regular(scheme, self.last), came)
        self.is_elsewhere = _townships(_regular(scheme, month), went)
        paid = RollLine.objects.filter(award__in=came, month__lt=self.last, roll__frozen_at__isnull=False)
        self.paid_before = set(paid.order_by().values_list("award_id", flat=True).distinct())
        self.deaths = self._deaths({key: before[key] for key in went | cut})
        versions = {row["version_id"] for row in now.values()} - {row["version_id"] for row in before.values()}
        self.versions = AwardVersion.objects.in_bulk(versions)
        self.ends = {row.award_id: row for row in AwardEnd.objects.filter(award__in=went)}
        self.suspensions = {
            row.award_id: row
            for row in AwardSuspension.objects.filter(award__in=went | came).order_by("pk")
            if row.from_month <= month
        }
        phase_outs = PhaseOut.objects.filter(award__in=went, revoked_on=None, last_month__lt=month)
        self.phase_outs = {row.award_id: row for row in phase_outs.order_by("pk")}
        self.extras = self._extras([row["pk"] for row in now.values() if _has_extra(row)])

    def _deaths(self, lines: Mapping[int, Mapping[str, Any]]) -> dict[int, list[tuple[str, date]]]:
        """Who of an award's people died in the month before, or earlier and was told of after that month's roll."""
        awards = {row["version_id"]: award for award, row in lines.items() if row["version_id"]}
        checks = AwardCheck.objects.filter(award__in=lines, cause=CheckCause.DIED)
        told = {
            (award, person): noted_at.date()
            for award, person, noted_at in checks.values_list("award_id", "person_id", "noted_at")
        }
        found: dict[int, list[tuple[str, date]]] = {}
        people = AwardVersionPerson.objects.filter(version__in=awards, person__died_on__lt=self.month)
        for version, person, name, died_on in people.values_list(
            "version_id", "person_id", "person__name", "person__died_on"
        ):
            award = awards[version]
            assert died_on is not None  # noqa: S101 -- filtered above
            told_on = told.get((award, person))
            if first_month(died_on) == self.month or (told_on and told_on >= lines[award]["roll__prepared_on"]):
                found.setdefault(award, []).append((name, died_on))
        return found

    def _extras(self, lines: list[int]) -> dict[int, str]:
        found: dict[int, list[str]] = {}
        for item in RollItem.objects.filter(line__in=lines).order_by("for_month"):
            words = f"{item.for_month:%Y年%-m月}{item.get_kind_display()}{item.amount:,.2f}元"
            found.setdefault(item.award_id, []).append(f"{words}（{item.reason}）" if item.reason else words)
        return {award: "；".join(words[:3]) + ("等" if len(words) > 3 else "") for award, words in found.items()}

    def circumstances(self, award: int) -> Circumstances:
        return Circumstances(
            was_elsewhere=award in self.was_elsewhere,
            is_elsewhere=award in self.is_elsewhere,
            was_paid_ever=award in self.paid_before,
            is_suspended=award in self.suspensions and self.suspensions[award].to_month is None,
            somebody_died=award in self.deaths,
        )

    def event(self, award: int, change: Change, version_id: int | None) -> Event:
        """What is behind a change."""
        if change in (Change.MOVED_IN, Change.MOVED_OUT):
            words = (
                f"由{self.was_elsewhere[award]}迁入" if change == Change.MOVED_IN else f"迁往{self.is_elsewhere[award]}"
            )
            return Event(words)
        if change == Change.DIED:
            return Event("、".join(f"{name}{died_on:%Y年%-m月%-d日}去世" for name, died_on in self.deaths[award]))
        if change in (Change.STOPPED, Change.SUSPENDED):
            return self._why_gone(award)
        if change == Change.RESUMED and (suspension := self.suspensions.get(award)) and suspension.ended_on:
            return Event(f"恢复发放：{suspension.end_reason}", suspension.ended_on, suspension.source)
        if change == Change.HELD:
            return Event("没有在用的发放账户")
        extra = self.extras.get(award, "")
        version = self.versions.get(version_id) if version_id else None
        if change == Change.EXTRA or version is None:
            return Event(extra or ("上月有补发或追回，本月没有" if change == Change.EXTRA else ""))
        words = f"{version.get_kind_display()}：{version.reason}"
        return Event(f"{words}；{extra}" if extra else words, version.decided_on, version.source)

    def _why_gone(self, award: int) -> Event:
        if (suspension := self.suspensions.get(award)) and suspension.to_month is None:
            return Event(f"暂缓发放：{suspension.reason}", suspension.decided_on, suspension.source)
        if phase_out := self.phase_outs.get(award):
            return Event(f"渐退期满：{phase_out.reason}", phase_out.decided_on, phase_out.source)
        if end := self.ends.get(award):
            return Event(f"停发：{end.reason}", end.decided_on, end.source)
        return Event("本月没有应发金额")


def _townships(lines: QuerySet[RollLine], awards: Collection[int]) -> dict[int, str]:
    if not awards:
        return {}
    return dict(lines.filter(award__in=awards).order_by().values_list("award_id", "roll__area__name"))


def _has_extra(row: Mapping[str, Any]) -> bool:
    return bool(row["back_payment_amount"] or row["recoupment_amount"])


def _due(row: Mapping[str, Any]) -> Due:
    return Due(
        row["base_amount"],
        row["topup_amount"],
        row["back_payment_amount"],
        row["recoupment_amount"],
        is_held=row["state"] == LineState.HELD,
    )


def _difference(
    award: int, before: Mapping[str, Any] | None, now: Mapping[str, Any] | None, known: _Known
) -> Difference:
    was, due = _due(before) if before else None, _due(now) if now else None
    change = judge(was, due, known.circumstances(award))
    row = now or before or {}
    return Difference(
        award_id=award,
        household_id=row["household_id"],
        line_id=now["pk"] if now else None,
        head_name=row["head_name"],
        township=row["roll__area__name"],
        village=_short(row["area__name"]),
        change=change,
        before=was,
        now=due,
        event=known.event(award, change, now["version_id"] if now else None),
    )


def _short(name: str) -> str:
    return name.removesuffix("委会").removesuffix("居")


def sources_of(rows: Iterable[Difference]) -> frozenset[str]:
    """Numbers that the changes were decided under."""
    return frozenset(row.event.source for row in rows if row.event.source)
