"""Reads of areas, staff, delegations and the working calendar."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.db.models import BooleanField, DateField, F, IntegerField, Q, QuerySet, Value
from django.http import QueryDict

from foundation.lists import ListSpec
from organizations.models import (
    Area,
    CalendarDay,
    CalendarYear,
    Delegation,
    Department,
    ListColumns,
    Post,
    SavedFilter,
    Staff,
)
from organizations.models.areas import AreaLevel
from organizations.rules.roles import ROLE_PERMISSIONS, Permission, Role
from organizations.rules.working_days import WorkingCalendar

CIVIL_AFFAIRS = "civil_affairs"


def county() -> Area:
    """The county itself (绩溪县)."""
    return Area.objects.get(level=AreaLevel.COUNTY)


def townships() -> QuerySet[Area]:
    """Every township of the county (乡镇), in code order."""
    return Area.objects.filter(level=AreaLevel.TOWNSHIP)


def township_of(area: Area) -> Area:
    """The township that the area is or lies in; the county for the county."""
    if area.level == AreaLevel.VILLAGE:
        assert area.parent is not None  # noqa: S101 -- held by area_code_matches_level
        return area.parent
    return area


def civil_affairs() -> Department:
    """县民政局."""
    return Department.objects.get(code=CIVIL_AFFAIRS)


def areas_for(staff: Staff, permission: Permission) -> QuerySet[Area]:
    """In which areas may this person do the act; cached for the request."""
    return Area.objects.filter(pk__in=staff.area_ids(permission))


def villages_for(staff: Staff, permission: Permission) -> QuerySet[Area]:
    """Villages in which the person may do the act, with their township, in code order."""
    return areas_for(staff, permission).filter(level=AreaLevel.VILLAGE).select_related("parent")


def townships_for(staff: Staff, permission: Permission) -> QuerySet[Area]:
    """Townships that the person's villages for the act lie in."""
    codes = {code[:9] for code in villages_for(staff, permission).values_list("code", flat=True)}
    return Area.objects.filter(code__in=codes)


def staff_with(permission: Permission, *, area: Area, on: date) -> QuerySet[Staff]:
    """People in active service who may do the act in the area."""
    codes = [area.code[:length] for length in (6, 9, 12) if len(area.code) >= length]
    return (
        Staff.objects.filter(
            Q(active_to=None) | Q(active_to__gte=on),
            Q(posts__ends_on=None) | Q(posts__ends_on__gte=on),
            active_from__lte=on,
            areagrant__permission__codename=permission.value,
            areagrant__content_object__code__in=codes,
            posts__area=F("areagrant__content_object"),
            posts__role__in=[role.value for role, allowed in ROLE_PERMISSIONS.items() if permission in allowed],
            posts__starts_on__lte=on,
        )
        .distinct()
        .order_by("staff_number")
    )


def active_posts(staff: Staff, *, on: date) -> QuerySet[Post]:
    """Posts that a person holds on a day."""
    return staff.posts.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on).select_related("area")


@dataclass(frozen=True)
class PostWithActs:
    """A post (任职) with the names of the acts that it allows."""

    post: Post
    acts: tuple[str, ...]


def posts_with_acts(staff: Staff, *, on: date) -> list[PostWithActs]:
    """Posts that a person holds on a day, with what each allows, in the order of the work."""
    return [
        PostWithActs(post, tuple(act.label for act in Permission if act in ROLE_PERMISSIONS[Role(post.role)]))
        for post in active_posts(staff, on=on)
    ]


def locked_until(staff_number: str, *, at: datetime) -> datetime:
    """Until when log-in (登录锁定) stays closed for a staff number after its last failure."""
    last = AccessAttempt.objects.filter(username=staff_number).order_by("-attempt_time").first()
    return (last.attempt_time if last else at) + (get_cool_off() or timedelta())


def delegation_on(area: Area, scheme: str, *, on: date) -> Delegation | None:
    """The delegation of a scheme's confirmation in force for an area's township."""
    return Delegation.objects.filter(
        area__code=area.township_code or area.code, scheme=scheme, valid__contains=on
    ).first()


def working_calendar() -> WorkingCalendar:
    """All entered holidays and make-up days (节假日与调休) as pure data, in one query."""
    no_day, no_answer, no_year = (Value(None, kind) for kind in (DateField(), BooleanField(), IntegerField()))
    days = CalendarDay.objects.order_by().values_list("day", "is_working", no_year)
    years = CalendarYear.objects.order_by().values_list(no_day, no_answer, "year")
    rows = list(days.union(years, all=True))
    return WorkingCalendar(
        exceptions={day: is_working for day, is_working, year in rows if year is None},
        years=frozenset(year for _, _, year in rows if year is not None),
    )


def entered_years() -> set[int]:
    """Years whose official holidays are entered."""
    return set(CalendarYear.objects.values_list("year", flat=True))


def missing_calendar_years(*, on: date) -> list[int]:
    """Years within twelve months of a day whose official holidays are not entered."""
    needed = range(on.year, (on + timedelta(days=365)).year + 1)
    entered = set(CalendarYear.objects.filter(year__in=needed).values_list("year", flat=True))
    return [year for year in needed if year not in entered]


@dataclass(frozen=True)
class ColumnBox:
    """A column that may be shown, and whether it is."""

    name: str
    label: str
    is_shown: bool


@dataclass(frozen=True)
class ListTools:
    """What a person keeps of a list, as its page shows it.

    :param columns: columns to show, in their order.
    :param query: the filters in the address, as they would be kept; empty where nothing is filtered.
    """

    spec: ListSpec
    columns: tuple[str, ...]
    saved: list[SavedFilter]
    query: str
    address: str
    is_cut: bool

    @property
    def boxes(self) -> list[ColumnBox]:
        return [ColumnBox(name, label, name in self.columns) for name, label in self.spec.columns.items()]

    @property
    def may_save(self) -> bool:
        """Whether there is something to keep that is not kept yet."""
        return bool(self.query) and all(row.query != self.query for row in self.saved)


def list_tools(staff: Staff, spec: ListSpec, address: QueryDict) -> ListTools:
    """A person's filters and columns of a list; columns named in the address go before those kept."""
    named = address.getlist("cols")
    kept = ListColumns.objects.filter(staff=staff, list_key=spec.key).values_list("columns", flat=True).first()
    return ListTools(
        spec=spec,
        columns=spec.shown(named or kept or ()),
        saved=list(SavedFilter.objects.filter(staff=staff, list_key=spec.key)),
        query=spec.kept(address),
        address=address.urlencode(),
        is_cut=spec.is_cut(address),
    )
