"""Verify the history (核验变更留痕): every altered, missing or inserted row is found and named.

One table after the other, in the order of row numbers, what was sealed is laid beside the seals and the rows that are
there; all three are streamed, so that memory stays flat and the time grows with the rows. At last every recorded row
is compared with the newest record of its changes: a change that went past the triggers leaves none.
"""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any

from django.utils.timezone import localdate

from foundation.crypto import DecryptionError
from foundation.dates import chinese_date
from foundation.models import DailyDigest, RowSeal, SealedTable
from foundation.present_rows import departures, histories
from foundation.sealed_rows import RowSealer, SealsDigest, columns_of, rows_of, sealed_models, subject_of
from foundation.sealing import CHUNK, digest_of, kind_of, numbers_given_out, sealing_has_stopped, signature_of

LONGEST_TRANSACTION = timedelta(hours=2)
"""A row says when its transaction began; one that says so much less than its seal does was dated back."""
_WRITTEN_AT = "pgh_created_at"
_NEVER_GIVEN_OUT = "多出（编号不是系统给出的）"
_LOWEST, _HIGHEST = -(2**63), 2**63 - 1
_Row = tuple[Any, ...]


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it was sealed; a line in Chinese."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}：{self.what}"


@dataclass
class Verification:
    """One run over the seals of some days.

    :ivar first: seals from this day on; all where there is none.
    :ivar last: seals to this day, inclusive.
    :ivar expect: a digest written down outside, which must still be in the chain.
    :ivar on: today: seals that stopped long ago are a finding, too.
    :ivar rows: how many sealed rows were compared.
    :ivar days: how many days' digests were recomputed.
    """

    on: date
    first: date | None = None
    last: date | None = None
    expect: str = ""
    rows: int = 0
    days: int = 0

    def findings(self) -> Iterator[Finding]:
        """Everything that is wrong, as it is found."""
        chain = list(DailyDigest.objects.order_by("day"))
        yield from self._broken_links(chain)
        for model in sorted(sealed_models(), key=lambda model: model._meta.db_table):
            yield from _Table(model, chain, self).findings()
        if self.first is None and self.last is None:
            yield from _past_the_triggers()

    def covers(self, day: date) -> bool:
        """Whether the seals of a day are looked at."""
        return (self.first is None or day >= self.first) and (self.last is None or day <= self.last)

    def _broken_links(self, chain: list[DailyDigest]) -> Iterator[Finding]:
        if self.expect and self.expect not in {digest.digest for digest in chain}:
            yield Finding(f"摘要 {self.expect}", "已不在每日摘要里（当日摘要被改动，或者从那一日起的摘要被删除）")
        newest = chain[-1].day if chain else None
        if sealing_has_stopped(newest, on=self.on):
            yield Finding("每日摘要", f"{chinese_date(newest) or '安装'}以后没有（封存任务停了，或者摘要被删除）")
        previous = ""
        for digest in chain:
            if self.covers(digest.day):
                yield from _faults_of(digest, previous)
                self.days += 1
            previous = digest.digest


def _past_the_triggers() -> Iterator[Finding]:
    for history in histories():
        name = history.pgh_tracked_model._meta.verbose_name
        for number, what in departures(history):
            yield Finding(f"{name}第{number}号", f"{what}（绕过系统改动）")


def _faults_of(digest: DailyDigest, previous: str) -> Iterator[Finding]:
    where = f"{chinese_date(digest.day)}每日摘要"
    if digest.previous != previous:
        yield Finding(where, "与上一日的摘要接不上（上一日的摘要被改动、删除或插入）")
    tables = digest.tables.select_related("kind")
    made = digest_of(previous=digest.previous, day=digest.day, at=digest.taken_at, tables=tables)
    if made != digest.digest or sum(table.rows for table in tables) != digest.rows:
        yield Finding(where, "被改动（与当日各表的封存不符）")
    if signature_of(digest.digest) != digest.signature:
        yield Finding(where, "签名不符（不是持有密钥的系统所作）")


class _Table:
    """One table: what was sealed, the seals, and the rows that are there."""

    def __init__(self, model: Any, chain: Sequence[DailyDigest], run: Verification) -> None:
        self.model, self.run, self.kind = model, run, kind_of(model)
        self.columns, self.subject = columns_of(model), subject_of(model)
        batches = SealedTable.objects.filter(kind=self.kind).select_related("digest").order_by("digest__day")
        self.batches = {batch.digest.day: batch for batch in batches}
        self.taken_before = {after.day: before.taken_at for before, after in pairwise(chain)}
        self.taken_last = chain[-1].taken_at if chain else None
        self.sealers = {day: self._sealer(batch) for day, batch in self.batches.items() if run.covers(day)}
        self.digests = {day: SealsDigest() for day in self.sealers}
        self.given_out = numbers_given_out(model)
        self.never_given_out: dict[int, Finding] = {}

    def findings(self) -> Iterator[Finding]:
        for day, sealer in self.sealers.items():
            if sealer is None:
                gone = "、".join(sorted(set(self.batches[day].columns) - set(self.columns)))
                yield Finding(self._of_day(day), f"无法逐行核对，封存时的列现已没有：{gone}")
        for number, sources in groupby(self._merged(), key=itemgetter(0)):
            there = {source: value for _, source, value in sources}
            yield from self._look_at(number, there.get("sealed"), there.get("seal"), there.get("row"))
        if self.never_given_out:  # many have been given out since the run began
            given_out = numbers_given_out(self.model)
            yield from (finding for number, finding in self.never_given_out.items() if number > given_out)
        for day, digest in self.digests.items():
            if digest.hex() != self.batches[day].seals:
                yield Finding(self._of_day(day), f"封存被改动（当日{self.batches[day].rows}行，现有{digest.rows}行）")

    def _sealer(self, batch: SealedTable) -> tuple[RowSealer, list[int]] | None:
        if not set(batch.columns) <= set(self.columns):
            return None
        return RowSealer(self.model._meta.db_table, batch.columns), [self.columns.index(c) for c in batch.columns]

    def _merged(self) -> Iterator[tuple[int, str, Any]]:
        """What was sealed, its seals and the rows, in the order of row numbers.

        The seals are opened before the rows: whatever is sealed by then is also there.
        """
        low, high = self._bounds()
        seals = RowSeal.objects.filter(kind=self.kind, row_id__gte=low, row_id__lte=high).order_by("row_id")
        kept = seals.values_list("row_id", "day", "subject_id", "seal").iterator(chunk_size=CHUNK)
        rows = rows_of(self.model, columns=self.columns, chunk=CHUNK, pk__gte=low, pk__lte=high)
        return heapq.merge(
            ((number, "sealed", day) for number, day in self._numbers_sealed() if low <= number <= high),
            ((number, "seal", (day, subject, bytes(seal))) for number, day, subject, seal in kept),
            ((row[0], "row", row[1:]) for row in rows),
            key=itemgetter(0),
        )

    def _bounds(self) -> tuple[int, int]:
        """The numbers that the asked days sealed; with no last day everything that came later, too."""
        before = [batch.frontier for day, batch in self.batches.items() if self.run.first and day < self.run.first]
        until = [batch.frontier for day, batch in self.batches.items() if self.run.last and day <= self.run.last]
        low = max(before) + 1 if before else _LOWEST
        return low, (max(until, default=low - 1) if self.run.last else _HIGHEST)

    def _numbers_sealed(self) -> Iterator[tuple[int, date]]:
        bounds = [(batch.runs, day) for day, batch in self.batches.items()]
        runs = sorted(
            (first, last, day) for row, day in bounds for first, last in zip(row[::2], row[1::2], strict=False)
        )
        return ((number, day) for first, last, day in runs for number in range(first, last + 1))

    # --- One row number ----------------------------------------------------------------------------------------
    def _look_at(self, number: int, day: date | None, seal: Any, row: _Row | None) -> Iterator[Finding]:
        if seal is not None and seal[0] in self.digests:
            self.digests[seal[0]].add(number, seal[1], seal[2])
        if day is None:
            what = self._not_sealed(number, row)
        elif row is None:
            what = "缺失" if seal else "缺失（封存也被删除）"
        elif seal is None:
            what = "封存被删除"
        else:
            self.run.rows += 1
            what = self._compared(day, seal[2], row) or self._dated_back(row, self.taken_before.get(day))
        if what:
            found = Finding(self._of_row(number, seal, row), what)
            if what == _NEVER_GIVEN_OUT:
                self.never_given_out[number] = found
            else:
                yield found

    def _not_sealed(self, number: int, row: _Row | None) -> str:
        if row is None:
            return "多出一条封存（没有这一行）"
        if number <= max((batch.frontier for batch in self.batches.values()), default=0):
            return "多出（编号在已封存的范围内）"
        return _NEVER_GIVEN_OUT if number > self.given_out else self._dated_back(row, self.taken_last)

    def _compared(self, day: date, seal: bytes, row: _Row) -> str:
        sealer = self.sealers[day]
        if sealer is None:
            return ""
        row_sealer, places = sealer
        try:
            made = row_sealer.seal([row[place] for place in places])
        except DecryptionError:
            return "被改动（加密内容无法解密）"
        return "" if made == seal else "被改动"

    def _dated_back(self, row: _Row, sealed_before: datetime | None) -> str:
        if sealed_before is None or _WRITTEN_AT not in self.columns:
            return ""
        if row[self.columns.index(_WRITTEN_AT)] >= sealed_before - LONGEST_TRANSACTION:
            return ""
        return f"多出（记录时间早于{chinese_date(localdate(sealed_before))}的封存，却在其后出现）"

    # --- Names -------------------------------------------------------------------------------------------------
    def _of_day(self, day: date) -> str:
        return f"{chinese_date(day)}{self.model._meta.verbose_name}"

    def _of_row(self, number: int, seal: Any, row: _Row | None) -> str:
        name = f"{self.model._meta.verbose_name}第{number}行"
        if self.subject is None:
            return name
        subject = seal[1] if seal else row[self.columns.index(self.subject.attname)] if row else None
        return name if subject is None else f"{name}（{self.subject.related_model._meta.verbose_name}第{subject}号）"
