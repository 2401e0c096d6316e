"""The county never stands without a system administrator (系统管理员)."""

from datetime import date, timedelta

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q, QuerySet

from foundation.dates import chinese_date
from foundation.errors import ServiceError
from organizations.models import Post, Staff
from organizations.permissions import Role


class NoAdministratorLeft(ServiceError):
    """Nobody could keep accounts any more."""


def hold_administrators() -> None:
    """Hold every administrator's post until the end of the transaction, before any post by itself.

    Two administrators who take each other's post away at the same moment wait for one another here.
    """
    list(Post.objects.select_for_update(of=("self",)).filter(role=Role.SYSTEM_ADMINISTRATOR).order_by("pk"))


def check_an_administrator_stays(
    *, after: date, without_account: Staff | None = None, without_post: Post | None = None
) -> None:
    """Others can keep accounts on every day that is taken away, not only the first: their posts end, too.

    Asked inside the transaction of the act, before it is written.

    :raises NoAdministratorLeft: nobody is left on one of the days.
    """
    hold_administrators()
    concerned = Q(pk=without_post.pk if without_post else 0) | Q(staff=without_account)
    administrators = Post.objects.filter(role=Role.SYSTEM_ADMINISTRATOR)
    taken = [end for start, end in _spans(administrators.filter(concerned)) if end > after and end >= start]
    if not taken:
        return
    # Nobody can sign in to an account without a password.
    signed_in_to = administrators.exclude(staff__password__startswith=UNUSABLE_PASSWORD_PREFIX)
    gap = _first_day_without(_spans(signed_in_to.exclude(concerned)), start=after + timedelta(days=1), end=max(taken))
    if gap is not None:
        raise NoAdministratorLeft(
            f"这样办了以后，{chinese_date(gap)}起全县就没有系统管理员了。"
            "请先给另一位在用的工作人员设长期的系统管理员岗位。"
        )


def _spans(posts: QuerySet[Post]) -> list[tuple[date, date]]:
    """First and last day of each post on which its account is in use as well."""
    days = posts.order_by().values_list("starts_on", "staff__active_from", "ends_on", "staff__active_to")
    return [
        (max(begins, used_from), min(ends or date.max, used_to or date.max))
        for begins, used_from, ends, used_to in days
    ]


def _first_day_without(spans: list[tuple[date, date]], *, start: date, end: date) -> date | None:
    """The first day from start to end that no span covers."""
    for first, last in sorted(spans):
        if first > start:
            break
        if last >= end:
            return None
        start = max(start, last + timedelta(days=1))
    return start if start <= end else None
