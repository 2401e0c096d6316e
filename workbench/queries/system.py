"""What an administrator looks after (系统概况): accounts, posts that end, calendar, what nobody else is told."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q

from eligibility.models import ChangeState, ParameterChange
from foundation.models import DailyDigest
from foundation.sealing import sealing_has_stopped
from organizations.models import Post, Staff
from organizations.queries import missing_calendar_years

SOON = timedelta(days=30)


@dataclass(frozen=True)
class SystemFigures:
    """Accounts and posts as of a day."""

    active_accounts: int
    never_signed_in: int
    without_post: int
    ending_posts: tuple[Post, ...]
    missing_years: tuple[int, ...]
    waiting_changes: int
    sealed_day: date | None
    sealing_stopped: bool


def system_figures(*, on: date) -> SystemFigures:
    """Accounts in use, those without a post or never used, posts that end within thirty days."""
    in_use = Staff.objects.filter(Q(active_to=None) | Q(active_to__gte=on), active_from__lte=on)
    holds = Q(posts__starts_on__lte=on) & (Q(posts__ends_on=None) | Q(posts__ends_on__gte=on))
    counts = in_use.aggregate(
        active=Count("pk", distinct=True),
        unused=Count("pk", filter=Q(last_login=None), distinct=True),
        posted=Count("pk", filter=holds, distinct=True),
    )
    sealed_day = DailyDigest.objects.values_list("day", flat=True).first()
    ending = Post.objects.filter(ends_on__gte=on, ends_on__lte=on + SOON).select_related("staff", "area")
    return SystemFigures(
        active_accounts=counts["active"],
        never_signed_in=counts["unused"],
        without_post=counts["active"] - counts["posted"],
        ending_posts=tuple(ending.order_by("ends_on", "pk")[:20]),
        missing_years=tuple(missing_calendar_years(on=on)),
        waiting_changes=ParameterChange.objects.filter(state=ChangeState.PROPOSED).count(),
        sealed_day=sealed_day,
        sealing_stopped=sealing_has_stopped(sealed_day, on=on),
    )
