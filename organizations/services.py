"""Changes of areas, staff, posts, delegations and the calendar."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.contrib.auth.models import Group
from django.contrib.auth.models import Permission as AuthPermission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from foundation.errors import ServiceError
from organizations.models import (
    AccessRecord,
    Area,
    AreaGrant,
    CalendarDay,
    CalendarYear,
    Delegation,
    Department,
    Post,
    Staff,
)
from organizations.models.areas import AreaLevel
from organizations.permissions import ROLE_LEVELS, ROLE_PERMISSIONS, Role
from organizations.queries import active_posts, county
from organizations.signals import calendar_year_entered


class NotAppointable(ServiceError):
    """The role is not held on an area of this level."""


class NotDelegable(ServiceError):
    """Only a township can be delegated to."""


@transaction.atomic
def load_areas(rows: Iterable[Mapping[str, str]]) -> int:
    """Load the area tree (行政区划); repeated loading changes names only.

    :param rows: code, name, level, parent_code; parents before children; ``statistical_*`` levels are skipped.
    """
    known: dict[str, Area] = {}
    for row in rows:
        if row["level"].startswith("statistical"):
            continue
        known[row["code"]], _ = Area.objects.update_or_create(
            code=row["code"],
            defaults={"name": row["name"], "level": row["level"], "parent": known.get(row["parent_code"])},
        )
    return len(known)


@transaction.atomic
def load_departments(rows: Iterable[Mapping[str, str]]) -> int:
    """Load the departments that the policy names (县民政局 and others)."""
    total = 0
    for row in rows:
        Department.objects.update_or_create(code=row["code"], defaults={"name": row["name"], "area": county()})
        total += 1
    return total


@transaction.atomic
def load_roles() -> None:
    """Make every role a group holding its permissions; roles not used yet exist too (handbook 0.5)."""
    content_type = ContentType.objects.get_for_model(Area)
    permissions = {item.codename: item for item in AuthPermission.objects.filter(content_type=content_type)}
    for role, allowed in ROLE_PERMISSIONS.items():
        group, _ = Group.objects.get_or_create(name=role.value)
        group.permissions.set(permissions[permission.value] for permission in allowed)


@transaction.atomic
def load_calendar_year(year: int, *, days: Iterable[tuple[date, bool, str]], source: str) -> None:
    """Enter a year's official holidays and make-up working days (节假日与调休)."""
    CalendarYear.objects.update_or_create(year=year, defaults={"source": source})
    CalendarDay.objects.bulk_create(
        [CalendarDay(day=day, is_working=is_working, name=name) for day, is_working, name in days],
        update_conflicts=True,
        unique_fields=["day"],
        update_fields=["is_working", "name"],
    )
    calendar_year_entered.send(CalendarYear, year=year)


@transaction.atomic
def open_account(
    *,
    staff_number: str,
    name: str,
    area: Area,
    on: date,
    password: str | None,
    department: Department | None = None,
    must_change_password: bool = True,
) -> Staff:
    """Open a staff account (工作人员账号); the first password must be changed at first log-in.

    :param password: None for an account that nobody can sign in to.
    """
    return Staff.objects.create_user(
        staff_number=staff_number,
        password=password,
        name=name,
        area=area,
        department=department,
        active_from=on,
        must_change_password=must_change_password,
    )


@transaction.atomic
def change_password(staff: Staff, *, password: str) -> None:
    """Set a person's own new password; a first password is used up by it (首次登录须改密码)."""
    staff.set_password(password)
    staff.must_change_password = False
    staff.save(update_fields=["password", "must_change_password"])


@transaction.atomic
def appoint(staff: Staff, *, role: Role, area: Area, on: date, starts_on: date | None = None) -> Post:
    """Give a person a role in an area from a day on (任职).

    :param on: the day of the act; the post starts on it where no other day is given.
    :raises NotAppointable: the role belongs to another level of area.
    """
    if ROLE_LEVELS[role] != area.level:
        level = AreaLevel(ROLE_LEVELS[role]).label
        raise NotAppointable(f"“{role.label}”只能设在{level}，{area.name}不是。", field="area")
    post = Post.objects.create(staff=staff, role=role, area=area, starts_on=starts_on or on)
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


@transaction.atomic
def delegate_confirmation(area: Area, *, scheme: str, starts_on: date, document_number: str) -> Delegation:
    """Delegate a scheme's confirmation to a township (审核确认权限下放, 方案 task 17).

    :raises NotDelegable: the area is not a township.
    """
    if area.level != AreaLevel.TOWNSHIP:
        raise NotDelegable("审核确认权限只能下放到乡镇。", field="area")
    return Delegation.objects.create(area=area, scheme=scheme, valid=(starts_on, None), document_number=document_number)


def record_access(
    *, kind: str, staff: Staff, at: datetime, subject_type: str, subject_id: int | None, reason: str = ""
) -> AccessRecord:
    """Record that somebody read personal data (查阅留痕)."""
    return AccessRecord.objects.create(
        kind=kind, staff=staff, at=at, subject_type=subject_type, subject_id=subject_id, reason=reason
    )
