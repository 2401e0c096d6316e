"""提标花名册 as a paper: by village, with sums in figures and in Chinese capitals."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.template.loader import render_to_string

from documents.services.rendering import html_pdf
from dynamic_review.models import Uplift, UpliftLine
from dynamic_review.services.uplifts import UpliftRefused

MOST_ROWS = 600
"""Rows of one paper; a county's are printed township by township."""
ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Village:
    """One village's rows and what they come to, in yuan a month."""

    name: str
    rows: Sequence[UpliftLine]

    @property
    def count(self) -> int:
        return len(self.rows)

    @property
    def people(self) -> int:
        return sum(line.person_count for line in self.rows)

    @property
    def before(self) -> Decimal:
        return sum((line.before_amount for line in self.rows), ZERO)

    @property
    def after(self) -> Decimal:
        return sum((line.after_amount or ZERO for line in self.rows), ZERO)

    @property
    def difference(self) -> Decimal:
        return self.after - self.before


def uplift_roster(uplift: Uplift, rows: Iterable[Any], *, on: date) -> bytes:
    """The roster (提标花名册) of some lines as PDF, sorted by village.

    :param rows: lines that the uplift carries out, in the order of their villages.
    :raises UpliftRefused: nobody, or more than one paper holds.
    """
    lines = list(rows)
    if not lines:
        raise UpliftRefused("筛选出的户里没有要调整的，不用打印。")
    if len(lines) > MOST_ROWS:
        raise UpliftRefused(f"一次最多打印{MOST_ROWS}户，筛选出的更多；请按乡镇筛选后分次打印，或导出 Excel。")
    villages = [
        Village(f"{area.parent.name}{area.short_name}", list(found))
        for area, found in groupby(lines, key=lambda line: line.area)
    ]
    context = {
        "title": f"{uplift.title}花名册",
        "uplift": uplift,
        "on": on,
        "villages": villages,
        "total": Village("合计", lines),
    }
    html = render_to_string("documents/papers/uplift_roster.html", context)
    return html_pdf(html, identifier=f"roster-{uplift.number}")
