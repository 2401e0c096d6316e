"""后补手续: what aid approved by the simplified procedure still owes, by what its files and its family tell."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from foundation.pages import Lamp, deadline_lamp
from households.queries import valid_consent
from organizations.models import Staff
from organizations.queries import working_calendar
from temporary_aid.models import AidFileKind, OwedPapers, TemporaryAid
from temporary_aid.permissions import Permission
from temporary_aid.queries.aids import visible_to
from temporary_aid.queries.means import check_of
from temporary_aid.rules.states import AidState

STILL_OWED = Q(owed_papers__in_on=None, owed_papers__due_on__isnull=False, state=AidState.APPROVED.value)
"""Of aids: approved without papers that have not come in; what is asked back owes none any more."""
PAPERS: dict[str, tuple[str, Callable[[date], Q]]] = {
    "to_come": ("待补", lambda on: STILL_OWED),
    "overdue": ("逾期未补", lambda on: STILL_OWED & Q(owed_papers__due_on__lt=on)),
    "without": ("缺手续办结", lambda on: ~Q(owed_papers__missing="") & Q(owed_papers__in_on__isnull=False)),
    "in": ("已补齐", lambda on: Q(owed_papers__in_on__isnull=False, owed_papers__missing="")),
}
"""How the papers of aid by the simplified procedure stand (后补手续)."""


@dataclass(frozen=True)
class OwedPaper:
    """One paper: whether it is in, and how it is brought in."""

    name: str
    is_in: bool
    how: str


@dataclass(frozen=True)
class OwedPanel:
    """What the page of an aid shows of its papers."""

    row: OwedPapers
    papers: tuple[OwedPaper, ...]
    lamp: Lamp | None

    @property
    def missing(self) -> list[str]:
        return [paper.name for paper in self.papers if not paper.is_in]


def papers_of_simplified(aid: TemporaryAid, *, on: date) -> tuple[OwedPaper, ...]:
    """签字的申请书, 身份证明 and 核查授权 of an aid; five queries at the most."""
    kinds = set(aid.files.order_by().values_list("kind", flat=True).distinct())
    is_known = bool(aid.recipient_id_index) and aid.household_id is not None
    return (
        OwedPaper("签字的申请书", AidFileKind.APPLICATION in kinds, "在“补充附件”中上传"),
        OwedPaper(
            "身份证明",
            AidFileKind.IDENTITY in kinds or is_known,
            "在“补充附件”中上传，或登记身份证号并关联家庭档案",
        ),
        OwedPaper(
            "核查授权书",
            AidFileKind.CONSENT in kinds or _is_authorised(aid, on=on),
            "在家庭档案中登记全体成员签署的授权，或在“补充附件”中上传",
        ),
    )


def missing_papers(aid: TemporaryAid, *, on: date) -> list[str]:
    """Names of the papers that have not come in."""
    return [paper.name for paper in papers_of_simplified(aid, on=on) if not paper.is_in]


def owed_panel(aid: TemporaryAid, *, on: date) -> OwedPanel | None:
    """The papers as the page shows them; None where the aid owed none, or owes none any more."""
    row = OwedPapers.objects.filter(aid=aid).select_related("in_by").first()
    if row is None:
        return None
    if row.in_on is not None:
        return OwedPanel(row, (), None)
    if aid.state != AidState.APPROVED:
        return None
    left = working_calendar().between(on, row.due_on)
    lamp = deadline_lamp(row.due_on, working_days_left=left, on=on, provisional=row.due_is_provisional)
    return OwedPanel(row, papers_of_simplified(aid, on=on), lamp)


def owed_of(aid: TemporaryAid) -> OwedPapers | None:
    """The papers that have not come in of an approved aid."""
    return OwedPapers.objects.filter(aid=aid, in_on=None, aid__state=AidState.APPROVED).first()


def papers_owed(staff: Staff) -> QuerySet[OwedPapers]:
    """后补手续 that the person has to bring, the earliest due first."""
    mine = staff.area_ids(Permission.HANDLE_AID)
    aids = visible_to(staff).filter(STILL_OWED, area_id__in=mine)
    return OwedPapers.objects.filter(aid__in=aids, in_on=None).order_by("due_on", "pk")


def _is_authorised(aid: TemporaryAid, *, on: date) -> bool:
    if aid.household is None:
        return False
    return valid_consent(aid.household, on=on) is not None or check_of(aid) is not None
