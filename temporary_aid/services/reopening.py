"""What a withdrawn aid (不再办理) leaves behind: its report waits again, and its clock runs on in the next aid."""

from datetime import datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from foundation.dates import chinese_date
from temporary_aid.models import HardshipReport, ReportState, TemporaryAid
from temporary_aid.queries import people_of
from temporary_aid.rules.states import BEFORE_DECISION, AidState

CLOCK_KEPT_DAYS = 7
"""An aid registered within so many days after one for the same was withdrawn runs on from its report; 本系统的口径."""


def hold_report(aid: TemporaryAid) -> HardshipReport | None:
    """The report that an aid came from, locked; before the aid, as every act on a report locks it."""
    if aid.report_id is None:
        return None
    return HardshipReport.objects.select_for_update().get(pk=aid.report_id)


def reopen_report(aid: TemporaryAid, report: HardshipReport | None) -> str:
    """Let a locked report wait again (待处置) once its aid was withdrawn, so that somebody settles it in earnest.

    It waits where the aid was given up, which may have gone along with the family (迁移) to another township. The aid
    lets go of it, without being saved; which report it was stays told in its events.

    :returns: what its event says of it.
    """
    if report is None or report.state != ReportState.TAKEN:
        return ""
    report.state, report.settled_by, report.settled_at = ReportState.OPEN, None, None
    has_moved, report.area = report.area_id != aid.area_id, aid.area
    report.save(update_fields=["state", "settled_by", "settled_at", "area"])
    aid.report = None
    return f"；急难报告{report.number}恢复待处置{f'，转到{aid.area}' if has_moved else ''}"


def inherit_clock(aid: TemporaryAid, *, at: datetime) -> str:
    """Let a new aid, not saved yet, run from the first report of one for the same that was given up or still waits.

    Withdrawing and registering anew would start the 24 hours (24小时) again otherwise, also under another cause or
    another day. Beside one that still waits, what befell only after its report was not reported by it.

    :returns: what its event says of it.
    """
    before = _before(aid, at=at)
    if before is None:
        return ""
    if aid.help_due_at is not None:
        aid.help_due_at -= aid.first_reported_at - before.first_reported_at
    aid.first_reported_at = before.first_reported_at
    is_here = before.area.township_code == aid.area.township_code
    said = timezone.localtime(before.first_reported_at)
    which = before.number if is_here else "另一乡镇登记的一件"
    return f"；首次报告时间承接{which}：{chinese_date(said.date())}{said:%H:%M}"


def _before(aid: TemporaryAid, *, at: datetime) -> TemporaryAid | None:
    """The aid of the same people that was reported first, of those withdrawn, or undecided for the same cause."""
    since = timezone.localdate(at) - timedelta(days=CLOCK_KEPT_DAYS)
    people = people_of(aid)
    namesake = Q(area=aid.area_id, recipient_name__iexact=aid.recipient_name)
    if people.numbers:
        namesake &= Q(recipient_id_index="")
    given_up = Q(state=AidState.WITHDRAWN.value, kind=aid.kind, ended_on__gte=since)
    befell = timezone.make_aware(datetime.combine(aid.occurred_on, time.min))
    waiting = Q(
        state__in=[state.value for state in BEFORE_DECISION],
        opened_at__date__gte=since,
        cause=aid.cause,
        first_reported_at__gte=befell,
    )
    found = TemporaryAid.objects.filter(
        people.theirs | namesake, given_up | waiting, first_reported_at__lt=aid.first_reported_at
    )
    return found.select_related("area").order_by("first_reported_at", "pk").first()
