"""事后公示 of urgent aid: until when it goes up on the wall after the decision, and that it did (handbook 10.4)."""

from datetime import date, datetime

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from eligibility.rules.choices import HardshipType
from organizations.models import Staff
from organizations.queries import working_calendar
from temporary_aid.models import AidEventKind, AidFileKind, TemporaryAid
from temporary_aid.permissions import Permission
from temporary_aid.queries import AidTerms, aid_terms
from temporary_aid.rules.states import GRANTED_STATES
from temporary_aid.services.base import NotAllowed, check_told, lock_aid, write_event
from temporary_aid.services.files import add_file


def set_publicity_due(aid: TemporaryAid, *, terms: AidTerms) -> None:
    """Set on a locked, decided aid until when it is made public afterwards, without saving it.

    Spending (支出型) was made public before the decision, by its case. So many working days after the decision.
    """
    if aid.hardship is not HardshipType.URGENT or not terms.publicity_days or aid.decided_at is None:
        return
    due = working_calendar().add(timezone.localdate(aid.decided_at), terms.publicity_days)
    aid.publicity_due_on, aid.publicity_due_is_provisional = due.on, due.provisional


@transaction.atomic
def post_aid(
    aid: TemporaryAid,
    *,
    posted_on: date,
    place: str,
    photo: File | None = None,  # type: ignore[type-arg]
    by: Staff,
    at: datetime,
) -> TemporaryAid:
    """Record that an aid went up on the wall (事后公示): where, when, with a photo where there is one.

    :raises NotAllowed: not granted, nothing to post, posted already, or the day does not fit.
    """
    aid = lock_aid(aid, by=by, permission=Permission.HANDLE_AID)
    if aid.state not in GRANTED_STATES or aid.publicity_due_on is None:
        raise NotAllowed("这件临时救助不需要事后公示。")
    if aid.posted_on is not None:
        raise NotAllowed("已经登记过公示，请刷新页面。")
    if aid.decided_at is not None and posted_on < timezone.localdate(aid.decided_at):
        raise NotAllowed("公示日期不能早于批准日期。", field="posted_on")
    if posted_on > timezone.localdate(at):
        raise NotAllowed("公示日期不能晚于今天。", field="posted_on")
    aid.posted_on, aid.posted_by = posted_on, by
    aid.posted_place = check_told(place, "请填公示地点。", field="place")
    aid.version += 1
    aid.save()
    if photo:
        add_file(aid, kind=AidFileKind.POSTING_PHOTO, upload=photo, by=by, at=at, field="photo")
    late = "，超过公示期限" if posted_on > aid.publicity_due_on else ""
    write_event(aid, AidEventKind.POSTED, by=by, at=at, note=f"{aid.posted_place}{late}")
    return aid


def recompute_provisional_publicity() -> None:
    """Work out anew the days that were provisional: a year's holidays have been entered since.

    A day that was posted or is past stays as it was told.
    """
    waiting = TemporaryAid.objects.select_for_update(of=("self",)).filter(
        publicity_due_is_provisional=True, posted_on=None, decided_at__isnull=False
    )
    for aid in waiting.select_related("area__parent"):
        assert aid.decided_at is not None  # noqa: S101 -- filtered so
        set_publicity_due(aid, terms=aid_terms(aid.area, on=timezone.localdate(aid.decided_at)))
        aid.save(update_fields=["publicity_due_on", "publicity_due_is_provisional"])
