"""随机抽查: the county draws from the cases that wait for confirmation; F43 §16."""

from datetime import date

from django.db import transaction

from applications.models import Case, CheckDraw, DrawnCase
from applications.permissions import Permission, check_can_act
from applications.queries.draws import share_on, waiting_for_draw
from applications.rules.draw import draw, list_digest
from applications.rules.process import EventKind
from applications.services.steps import write_event
from foundation.errors import ServiceError, StaleVersion
from organizations.models import Staff
from organizations.queries import county


class NothingToDraw(ServiceError):
    """No case waits for a draw, or the county has set no share."""


@transaction.atomic
def draw_checks(*, seed: str, by: Staff, on: date, listed: str | None = None) -> CheckDraw:
    """Draw the share of the waiting batch that county staff check before it is decided (随机抽查; F43 §16).

    Near relatives of a family may draw: list, share and seed are on record and the draw can be worked out again.

    :param seed: random text; kept, so that the draw can be worked out again.
    :param listed: digest of the list that the person looked at.
    :raises NothingToDraw: no case waits, or no share is set.
    :raises StaleVersion: another list waits than the one that was looked at.
    """
    check_can_act(by, Permission.COUNTY_VISIT, area=county())
    share = share_on(on)
    if share is None:
        raise NothingToDraw("还没有设置随机抽查比例，请在“办理时限与材料”里设置。")
    # Whoever draws or decides one of them meanwhile waits; who came first counts.
    list(Case.objects.select_for_update().filter(pk__in=waiting_for_draw(by, on=on).values("pk")).order_by("pk"))
    cases = list(waiting_for_draw(by, on=on))
    if not cases:
        raise NothingToDraw("没有等待抽查的办件。")
    numbers = [case.number for case in cases]
    if listed is not None and listed != list_digest(numbers):
        raise StaleVersion("您打开这一页之后，等待抽查的名单有变化。请核对新的名单后再抽取。")
    drawn = set(draw(numbers, percent=share.days, seed=seed))
    made = CheckDraw.objects.create(
        drawn_on=on,
        drawn_by=by,
        percent=share.days,
        seed=seed,
        list_digest=list_digest(numbers),
        candidate_count=len(numbers),
        drawn_count=len(drawn),
    )
    for position, case in enumerate(cases, start=1):
        _keep(made, case, position, is_drawn=case.number in drawn)
    return made


def _keep(made: CheckDraw, case: Case, position: int, *, is_drawn: bool) -> None:
    note = "抽中，须县民政局核查后确认" if is_drawn else "未抽中"
    event = write_event(
        case,
        EventKind.DRAWN,
        by=made.drawn_by,
        on=made.drawn_on,
        note=f"{made.candidate_count}件中抽{made.drawn_count}件，{note}",
        data={"draw": made.pk, "is_drawn": is_drawn},
    )
    DrawnCase.objects.create(draw=made, case=case, position=position, is_drawn=is_drawn, event=event)
