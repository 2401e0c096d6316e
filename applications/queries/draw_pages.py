"""Pages of the random checks: what would be drawn, past draws, and a draw worked out again; F43 §16."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from applications.models import Case, CaseEvent, CheckDraw, DrawnCase, StepTerm
from applications.permissions import Permission
from applications.queries.draws import share_on, waiting_for_draw
from applications.queries.listing import annotate_list
from applications.queries.steps import visible_to
from applications.rules.draw import draw, list_digest, number_drawn
from applications.rules.process import EventKind
from organizations.models import Staff


@dataclass(frozen=True)
class Preview:
    """What a draw would be: how many of how many, and the digest of the list that was looked at."""

    cases: list[Case]
    share: StepTerm | None

    @property
    def number(self) -> int:
        """How many would be drawn; 0 where nothing waits or no share is set."""
        return number_drawn(len(self.cases), percent=self.share.days) if self.cases and self.share else 0

    @property
    def question(self) -> str:
        return f"从等待抽查的{len(self.cases)}件特困办件中随机抽取{self.number}件？"

    @property
    def hidden(self) -> dict[str, str]:
        """What the answer sends back: the list that was looked at."""
        return {"listed": self.digest}

    @property
    def digest(self) -> str:
        return list_digest([case.number for case in self.cases])


def preview(staff: Staff, *, on: date) -> Preview:
    """The batch as it stands, with the names that lists show."""
    return Preview(list(annotate_list(waiting_for_draw(staff, on=on)).order_by("number")), share_on(on))


def draws_visible_to(staff: Staff) -> QuerySet[CheckDraw]:
    """Draws for who checks or confirms for the county; each is county-wide."""
    if not staff.may(Permission.COUNTY_VISIT, Permission.CONFIRM):
        return CheckDraw.objects.none()
    return CheckDraw.objects.select_related("drawn_by")


def list_draws(staff: Staff, *, drawn_from: date | None = None, drawn_to: date | None = None) -> QuerySet[CheckDraw]:
    """Past draws, the newest first, of some days."""
    cut = {"drawn_on__gte": drawn_from, "drawn_on__lte": drawn_to}
    return draws_visible_to(staff).filter(**{name: day for name, day in cut.items() if day})


def rows_of(made: CheckDraw, staff: Staff) -> QuerySet[DrawnCase]:
    """The batch of a draw in its order, whom the person may see named, each with whether its check is recorded."""
    checks = CaseEvent.objects.filter(
        case=OuterRef("case"), kind=EventKind.COUNTY_VISITED, pk__gt=OuterRef("event"), on__gte=made.drawn_on
    )
    return (
        made.rows.filter(case__in=visible_to(staff).values("pk"))
        .select_related("case__area__parent", "case__applicant__person")
        .annotate(is_checked=Exists(checks))
        .order_by("-is_drawn", "position")
    )


@dataclass(frozen=True)
class Recomputed:
    """重算核对: whether list and draw come out as they were stored."""

    list_is_same: bool
    draw_is_same: bool

    @property
    def is_same(self) -> bool:
        return self.list_is_same and self.draw_is_same

    @property
    def differing(self) -> str:
        """What comes out differently, in words."""
        return "、".join(
            what for what, same in (("名单", self.list_is_same), ("抽取结果", self.draw_is_same)) if not same
        )


def recompute(made: CheckDraw) -> Recomputed:
    """Work a draw out again from its list, share and seed."""
    rows = list(made.rows.order_by("position").values_list("case__number", "is_drawn"))
    numbers = [number for number, _ in rows]
    drawn = draw(numbers, percent=made.percent, seed=made.seed) if numbers else []
    return Recomputed(
        list_is_same=list_digest(numbers) == made.list_digest and len(numbers) == made.candidate_count,
        draw_is_same=drawn == [number for number, is_drawn in rows if is_drawn] and len(drawn) == made.drawn_count,
    )
