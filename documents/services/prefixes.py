"""文号字头: each body × kind its own."""

import csv
import re
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction

from documents.models import Document, DocumentKind, NumberCounter, NumberPrefix
from documents.queries import prefix_in_force
from foundation.errors import ServiceError
from foundation.trail import because
from organizations.models import Area, Staff
from organizations.permissions import Permission, check_can_act
from organizations.queries import county

_HAN = re.compile(r"[\u4e00-\u9fff]{2,12}")


class NotAPrefix(ServiceError):
    """The prefix cannot be this, or not from this year on."""


@transaction.atomic
def load_number_prefixes() -> int:
    """Load the number prefixes (文号字头) of the county and all townships; what the county has changed since stays.

    :returns: how many were new.
    """
    with Path(settings.FIXTURES_ROOT, "number_prefixes.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    areas = Area.objects.in_bulk({row["area_code"] for row in rows}, field_name="code")
    known = set(NumberPrefix.objects.values_list("area", "kind"))
    new = [
        NumberPrefix(area=areas[row["area_code"]], kind=row["kind"], prefix=row["prefix"])
        for row in rows
        if (areas[row["area_code"]].pk, row["kind"]) not in known
    ]
    NumberPrefix.objects.bulk_create(new)
    return len(new)


@transaction.atomic
def change_number_prefix(
    area: Area, kind: DocumentKind, *, new_prefix: str, from_year: int, reason: str, by: Staff, on: date
) -> NumberPrefix:
    """Give a body's papers of a kind another prefix (调整文号字头), from this year or the next on.

    Numbers run on within the year whatever the prefix; issued papers keep theirs. Once papers of this year bear the old
    prefix, the new one begins next year, or with a reason that explains the break to whoever looks up a number.

    :raises NotAPrefix: not so many Chinese characters, in use elsewhere or before, or this year without a reason.
    """
    check_can_act(by, Permission.MANAGE_PARAMETERS, area=county())
    if from_year not in (on.year, on.year + 1):
        raise NotAPrefix("新字头只能从今年或明年起用。", field="from_year")
    rows = NumberPrefix.objects.select_for_update(of=("self",)).filter(area=area, kind=kind)
    list(rows.order_by("pk"))
    current = prefix_in_force(area, kind, year=from_year)
    if current is None:
        raise NotAPrefix("这个机关的这种文书还没有字头，请联系运行维护人员载入。")
    prefix = new_prefix.strip()
    _check_prefix(prefix, current)
    used = _numbers_of(area, kind, from_year)
    if used and not reason.strip():
        raise NotAPrefix(
            f"{from_year}年已用“{current.prefix}”编到{used}号，改了字头，同一年的文号就有两种写法。"
            "请从明年起改；今年非改不可的（如机构改革），请写明缘由，供以后查号。",
            field="reason",
        )
    with because("调整文号字头", reason):
        if current.from_year != from_year and _ever_numbered(current):
            return NumberPrefix.objects.create(area=area, kind=kind, prefix=prefix, from_year=from_year)
        current.prefix = prefix
        current.save(update_fields=["prefix"])
    return current


def _check_prefix(prefix: str, current: NumberPrefix) -> None:
    if not _HAN.fullmatch(prefix):
        raise NotAPrefix("字头用2到12个汉字，不含年份、括号和号数，例如“绩民救确”。", field="new_prefix")
    if prefix == current.prefix:
        raise NotAPrefix("字头没有变化。", field="new_prefix")
    taken = NumberPrefix.objects.select_related("area").filter(prefix=prefix).first()
    if taken is None:
        _check_never_issued_elsewhere(prefix, current)
        return
    if (taken.area_id, taken.kind) == (current.area_id, current.kind):
        raise NotAPrefix("这个机关的这种文书已登记过这个字头，不再重复起用，请换一个。", field="new_prefix")
    raise NotAPrefix(f"“{prefix}”是{taken.area.name}“{taken.get_kind_display()}”的字头，请换一个。", field="new_prefix")


def _check_never_issued_elsewhere(prefix: str, current: NumberPrefix) -> None:
    """A prefix that papers bear stays its body's and kind's for ever: their numbers would come a second time."""
    bearing = Document.objects.select_related("issuing_area").filter(number__startswith=f"{prefix}〔")
    other = bearing.exclude(issuing_area=current.area_id, kind=current.kind).order_by("pk").first()
    if other is not None:
        raise NotAPrefix(
            f"“{prefix}”是{other.issuing_area.name}“{other.get_kind_display()}”用过的字头，已有文书用它编号，请换一个。",
            field="new_prefix",
        )


def _numbers_of(area: Area, kind: DocumentKind, year: int) -> int:
    """The last number given in the year; held until the end, so that none is given meanwhile."""
    counter = NumberCounter.objects.select_for_update().filter(area=area, kind=kind, year=year).first()
    return counter.last if counter else 0


def _ever_numbered(row: NumberPrefix) -> bool:
    return NumberCounter.objects.filter(area=row.area, kind=row.kind, year__gte=row.from_year, last__gt=0).exists()
