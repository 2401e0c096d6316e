"""Posts (任职) and the grants that follow from them."""

from collections.abc import Iterable
from datetime import date

from django.contrib.auth.models import Group
from django.contrib.auth.models import Permission as AuthPermission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from foundation.errors import ServiceError
from organizations.models import Area, AreaGrant, Post, Staff
from organizations.models.areas import AreaLevel
from organizations.permissions import ROLE_LEVELS, ROLE_PERMISSIONS, Role
from organizations.queries import active_posts


class NotAppointable(ServiceError):
    """The role is not held on an area of this level."""


@transaction.atomic
def appoint(
    staff: Staff,
    *,
    role: Role,
    area: Area,
    on: date,
    starts_on: date | None = None,
    ends_on: date | None = None,
    on_behalf_of: Staff | None = None,
) -> Post:
    """Give a person a role in an area from a day on (任职).

    For set-up and for other services; who may appoint whom, :func:`~organizations.services.appoint_officer` asks.

    :param on_behalf_of: whose post it is for the time (代理).
    :param on: the day of the act; the post starts on it where no other day is given.
    :raises NotAppointable: the role belongs to another level of area.
    """
    if ROLE_LEVELS[role] != area.level:
        level = AreaLevel(ROLE_LEVELS[role]).label
        raise NotAppointable(f"“{role.label}”只能设在{level}，{area.name}不是。", field="area")
    post = Post.objects.create(
        staff=staff, role=role, area=area, starts_on=starts_on or on, ends_on=ends_on, on_behalf_of=on_behalf_of
    )
    sync_grants(staff, on=on)
    return post


@transaction.atomic
def end_post(post: Post, *, on: date, last_day: date | None = None) -> None:
    """End a person's role (结束任职); grants that rest on it alone end with its last day.

    :param on: the day of the act, which is the last of the post where no other day is given.
    """
    post.ends_on = last_day or on
    post.save(update_fields=["ends_on"])
    sync_grants(post.staff, on=on)


@transaction.atomic
def sync_grants(staff: Staff, *, on: date) -> None:
    """Make groups and area grants (区划授权) follow from the posts held on a day."""
    staff = Staff.objects.select_for_update(of=("self",)).get(pk=staff.pk)
    posts = list(active_posts(staff, on=on)) if staff.is_active_on(on) else []
    staff.groups.set(Group.objects.filter(name__in={post.role for post in posts}))
    wanted = {(permission.value, post.area_id) for post in posts for permission in ROLE_PERMISSIONS[Role(post.role)]}
    held = {
        (grant.permission.codename, grant.content_object_id): grant
        for grant in AreaGrant.objects.filter(user=staff).select_related("permission")
    }
    for key in held.keys() - wanted:
        held[key].delete()
    _grant(staff, wanted - held.keys())
    staff.forget_grants()


def _grant(staff: Staff, wanted: Iterable[tuple[str, int]]) -> None:
    permissions = {
        item.codename: item
        for item in AuthPermission.objects.filter(content_type=ContentType.objects.get_for_model(Area))
    }
    AreaGrant.objects.bulk_create(
        AreaGrant(user=staff, permission=permissions[codename], content_object_id=area_id)
        for codename, area_id in wanted
    )


def sync_all_grants(*, on: date) -> int:
    """Bring every account's grants up to date: posts begin and end by date."""
    total = 0
    for staff in Staff.objects.all():
        sync_grants(staff, on=on)
        total += 1
    return total
