"""The county never stands without a system administrator (系统管理员)."""

from datetime import date, timedelta

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q

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
    """Somebody else can still keep accounts on the day after; asked inside the transaction of the act.

    :raises NoAdministratorLeft: nobody is left.
    """
    post_pk = without_post.pk if without_post else 0
    administrators = Post.objects.filter(role=Role.SYSTEM_ADMINISTRATOR)
    concerned = administrators.filter(
        Q(pk=post_pk) | Q(staff=without_account),
        Q(ends_on=None) | Q(ends_on__gt=after),
    )
    hold_administrators()
    if not concerned.exists():
        return
    day = after + timedelta(days=1)
    others = (
        administrators.filter(
            Q(ends_on=None) | Q(ends_on__gte=day),
            Q(staff__active_to=None) | Q(staff__active_to__gte=day),
            starts_on__lte=day,
            staff__active_from__lte=day,
        )
        .exclude(pk=post_pk)
        .exclude(staff=without_account)
        .exclude(staff__password__startswith=UNUSABLE_PASSWORD_PREFIX)  # nobody can sign in to it
    )
    if not others.exists():
        raise NoAdministratorLeft("这样办了以后，全县就没有系统管理员了。请先给另一位在用的工作人员设系统管理员岗位。")
