"""Reads of areas, staff, delegations and the working calendar."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DateField,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    Max,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.http import QueryDict
from django.utils import timezone

from foundation.lists import ListSpec
from organizations.models import (
    AccountState,
    Area,
    CalendarDay,
    CalendarYear,
    Delegation,
    Department,
    ListColumns,
    LoginSession,
    Post,
    SavedFilter,
    Staff,
    StaffEventKind,
)
from organizations.models.areas import AreaLevel
from organizations.queries.system_acts import SYSTEM_ACTS
from organizations.rules.roles import ROLE_PERMISSIONS, Permission, Role
from organizations.rules.separation import Deputising
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
    in_area = Q(areagrant__content_object__code__in=codes)
    return Staff.objects.filter(in_area, _in_service(permission, on=on)).distinct().order_by("staff_number")


def holders_by_area(permission: Permission, *, on: date) -> list[tuple[str, int, str]]:
    """Whoever in active service may do the act, in the whole county.

    :returns: code of the area (and those below it) for which, key of the account, name.
    """
    rows = Staff.objects.filter(_in_service(permission, on=on)).order_by().distinct()
    return list(rows.values_list("areagrant__content_object__code", "pk", "name"))


def _in_service(permission: Permission, *, on: date) -> Q:
    return Q(
        Q(active_to=None) | Q(active_to__gte=on),
        Q(posts__ends_on=None) | Q(posts__ends_on__gte=on),
        active_from__lte=on,
        areagrant__permission__codename=permission.value,
        posts__area=F("areagrant__content_object"),
        posts__role__in=[role.value for role, allowed in ROLE_PERMISSIONS.items() if permission in allowed],
        posts__starts_on__lte=on,
    )


def active_posts(staff: Staff, *, on: date) -> QuerySet[Post]:
    """Posts that a person holds on a day."""
    return staff.posts.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on).select_related(
        "area", "on_behalf_of"
    )


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


def accounts_for(staff: Staff) -> QuerySet[Staff]:
    """Accounts that the person keeps (维护人员与岗位); the start of every read of accounts."""
    return Staff.objects.filter(area_id__in=staff.area_ids(Permission.MANAGE_STAFF), is_superuser=False).select_related(
        "area__parent", "department"
    )


def with_state(accounts: QuerySet[Staff], *, at: datetime) -> QuerySet[Staff, Any]:
    """Accounts with their :class:`AccountState` as ``state`` and the posts in force as ``posts_in_force``."""
    on = timezone.localdate(at)
    found: QuerySet[Staff, Any] = accounts.annotate(
        state=Case(
            When(active_from__gt=on, then=Value(AccountState.TO_COME.value)),
            When(active_to__lt=on, then=Value(AccountState.ENDED.value)),
            When(Exists(_locking_failures(at)), then=Value(AccountState.LOCKED.value)),
            When(must_change_password=True, then=Value(AccountState.FIRST_PASSWORD.value)),
            default=Value(AccountState.IN_USE.value),
            output_field=CharField(),
        )
    )
    return with_posts(found, on=on)


def with_posts(accounts: QuerySet[Staff, Any], *, on: date) -> QuerySet[Staff, Any]:
    """Accounts with the posts that they hold on a day as ``posts_in_force``, in one query more."""
    in_force = Post.objects.filter(_in_force(on)).select_related("area", "on_behalf_of").order_by("starts_on", "pk")
    return accounts.prefetch_related(Prefetch("posts", queryset=in_force, to_attr="posts_in_force"))


def standing_of(staff: Any) -> str:
    """Unit and posts by which namesakes are told apart, of an account of :func:`with_posts`: 临溪镇・乡镇经办人."""
    return "、".join(map(str, staff.posts_in_force))


def logins_of(staff: Staff, *, at: datetime) -> QuerySet[LoginSession, Any]:
    """Where somebody is signed in now (正在登录), with ``used_at``: about when each was last in use."""
    age = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    living = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=at)
    last_used = ExpressionWrapper(Subquery(living.values("expire_date")) - age, output_field=DateTimeField())
    return LoginSession.objects.filter(Exists(living), staff=staff, ended_at=None).annotate(used_at=last_used)


def past_logins_of(staff: Staff, *, at: datetime, limit: int = 20) -> list[LoginSession]:
    """The last log-ins that are over, the latest first."""
    living = logins_of(staff, at=at).order_by().values("pk")
    return list(staff.logins.exclude(pk__in=living)[:limit])


def _locking_failures(at: datetime) -> QuerySet[AccessAttempt, Any]:
    """Failures by which an account cannot be signed in to from some address."""
    failures: QuerySet[AccessAttempt, Any] = (
        AccessAttempt.objects.filter(
            username=OuterRef("staff_number"), attempt_time__gt=at - (get_cool_off() or timedelta())
        )
        .order_by()
        .values("ip_address")
        .annotate(failures=Sum("failures_since_start"))
        .filter(failures__gte=settings.LOCKOUT_FAILURES)
    )
    return failures


def _in_force(on: date) -> Q:
    return Q(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on)


def filtered_accounts(
    staff: Staff, *, at: datetime, q: str = "", area: Area | None = None, role: str = "", state: str = ""
) -> QuerySet[Staff]:
    """Accounts that the person keeps, by what the list is asked for.

    :param area: a township with its villages, or the county's own people.
    """
    accounts = with_state(accounts_for(staff), at=at)
    if q:
        accounts = accounts.filter(Q(name__icontains=q) | Q(staff_number__istartswith=q))
    if area is not None:
        own = Q(area=area) if area.level == AreaLevel.COUNTY else Q(area__code__startswith=area.code)
        accounts = accounts.filter(own)
    if role:
        held = Post.objects.filter(_in_force(timezone.localdate(at)), staff=OuterRef("pk"), role=role)
        accounts = accounts.filter(Exists(held))
    return accounts.filter(Q(state=state)) if state else accounts


def facts_version(account: Staff) -> int:
    """Which version of an account's facts stands: the record that last changed them; 0 where none did."""
    kinds = (StaffEventKind.OPENED, StaffEventKind.CORRECTED)
    return account.events.filter(kind__in=kinds).aggregate(last=Max("pk"))["last"] or 0


def overlapping_posts(account: Staff, *, area: Area, starts_on: date, ends_on: date | None) -> QuerySet[Post]:
    """Posts that the person holds in the area on some day of a span."""
    never_held = Q(ends_on__lt=F("starts_on"))
    posts = account.posts.filter(Q(ends_on=None) | Q(ends_on__gte=starts_on), area=area).exclude(never_held)
    return posts if ends_on is None else posts.filter(starts_on__lte=ends_on)


def posts_of(account: Staff) -> QuerySet[Post]:
    """All posts that the person holds, held or will hold, the newest first."""
    return account.posts.select_related("area", "on_behalf_of").order_by("-starts_on", "-pk")


def deputising(*, since: date, on: date) -> list[Deputising]:
    """Every deputy's post (代理) that began by a day and was held at some time since another; the latest first."""
    posts = Post.objects.filter(on_behalf_of__isnull=False, starts_on__lte=on, ends_on__gte=since)
    held = posts.filter(ends_on__gte=F("starts_on")).order_by("-starts_on", "pk")
    columns = ("staff", "on_behalf_of", "on_behalf_of__name", "role", "area__code", "starts_on", "ends_on")
    rows: list[Any] = list(held.values_list(*columns))
    return [
        Deputising(deputy, principal, name, Role(role), code, first, last)
        for deputy, principal, name, role, code, first, last in rows
    ]


def others_in_post(post: Post, *, on: date) -> list[str]:
    """Names of everybody else who holds the post's role in its area on a day."""
    others = Post.objects.filter(_in_force(on), role=post.role, area=post.area).exclude(staff=post.staff_id)
    in_use = Q(staff__active_to=None) | Q(staff__active_to__gte=on)
    found = others.filter(in_use, staff__active_from__lte=on).order_by("staff__staff_number")
    return list(dict.fromkeys(found.values_list("staff__name", flat=True)))


def names_of_actors(actors: Iterable[str]) -> dict[str, str]:
    """What the trail's actors are called: people by name, the system's own work as 系统."""
    asked = set(actors)
    people = Staff.objects.filter(pk__in=[int(actor) for actor in asked if actor.isdecimal()])
    names = {str(pk): name for pk, name in people.values_list("pk", "name")}
    return {actor: names.get(actor, "本人（登录前）" if actor == "anonymous" else "系统") for actor in asked}


def actors_in_words(told: Iterable[tuple[str, date]]) -> dict[tuple[str, date], str]:
    """What the trail's actors are called on a day: people by name and post, the system by what it did."""
    asked = set(told)
    names = names_of_actors(actor for actor, _ in asked)
    held: dict[str, list[Post]] = {}
    people = [int(actor) for actor in names if actor.isdecimal()]
    for post in Post.objects.filter(staff__in=people).select_related("area").order_by("-starts_on"):
        held.setdefault(str(post.staff_id), []).append(post)
    return {(actor, on): _in_words(actor, names[actor], held.get(actor, ()), on) for actor, on in asked}


def _in_words(actor: str, name: str, posts: Iterable[Post], on: date) -> str:
    if actor.startswith("system:"):
        did = SYSTEM_ACTS.get(actor.removeprefix("system:"))
        return f"系统：{did}" if did else "系统"
    there = (post for post in posts if post.starts_on <= on and (post.ends_on is None or on <= post.ends_on))
    post = next(there, None)
    return f"{name}（{post.area.name}{post.get_role_display()}）" if post else name


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
