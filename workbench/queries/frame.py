"""The frame of every page: navigation cut to the person, standing, tasks, warnings. Read only when it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils import timezone

from organizations.models import Post, Staff
from organizations.permissions import Permission
from organizations.queries import active_posts, missing_calendar_years
from workbench.queries.kept_counts import keep_counts, kept_counts
from workbench.queries.links import url_or_nothing

FOOT_ENTRIES = 3
"""Entries at the foot of a phone; the others lie under 更多."""


@dataclass(frozen=True)
class Destination:
    """A navigation entry: shown when its page exists and the person may do one of the acts."""

    key: str
    label: str
    url_name: str
    permissions: tuple[Permission, ...] = ()
    query: tuple[tuple[str, str], ...] = ()
    namespaces: tuple[str, ...] = ()
    starts_group: bool = False


_P = Permission
DESTINATIONS: tuple[Destination, ...] = (
    Destination("home", "工作台", "workbench:home", namespaces=("workbench",)),
    Destination("intake", "受理", "one_window:start", (_P.OPEN_INTAKE,), namespaces=("one_window",)),
    Destination("families", "家庭", "households:list", (_P.VIEW_HOUSEHOLD,), namespaces=("households",)),
    Destination("cases", "办件", "applications:list", (_P.VIEW_CASE,), namespaces=("applications",)),
    Destination(
        "means_checks",
        "核对",
        "verification:list",
        (_P.REQUEST_MEANS_CHECK, _P.ANSWER_MEANS_CHECK),
        namespaces=("verification",),
    ),
    Destination("publicity", "公示", "applications:list", (_P.PUBLICISE,), (("state", "publicised"),)),
    Destination(
        "confirming", "审核确认", "applications:list", (_P.CONFIRM, _P.CONFIRM_DELEGATED), (("state", "confirming"),)
    ),
    Destination("draws", "随机抽查", "applications:draws", (_P.COUNTY_VISIT,)),
    Destination("rolls", "待遇发放", "benefits:rolls", (_P.VIEW_ROLL,), starts_group=True),
    Destination("awards", "待遇名单", "benefits:list", (_P.VIEW_AWARD,), namespaces=("benefits",)),
    Destination("phase_outs", "渐退名单", "benefits:phase_outs", (_P.VIEW_AWARD,)),
    Destination(
        "funds",
        "资金计划",
        "benefits:funds",
        (_P.MANAGE_FUND_PLAN, _P.PREPARE_ROLL, _P.CHECK_ROLL_COUNTY, _P.VIEW_TRAIL),
    ),
    Destination("recognitions", "认定身份", "benefits:recognitions", (_P.VIEW_AWARD,), starts_group=True),
    Destination(
        "reviews",
        "动态管理",
        "dynamic_review:list",
        (_P.VIEW_REVIEW,),
        namespaces=("dynamic_review",),
        starts_group=True,
    ),
    Destination("care", "照料服务", "care:list", (_P.VIEW_CARE,), namespaces=("care",), starts_group=True),
    Destination(
        "temporary_aid",
        "临时救助",
        "temporary_aid:list",
        (_P.VIEW_AID,),
        namespaces=("temporary_aid",),
        starts_group=True,
    ),
    Destination("reserve", "备用金", "temporary_aid:reserve", (_P.VIEW_RESERVE,)),
    Destination("uplifts", "提标", "dynamic_review:uplifts", (_P.ENTER_UPLIFT, _P.APPROVE_UPLIFT), starts_group=True),
    Destination("what_if", "政策测算", "dynamic_review:what_ifs", (_P.VIEW_WHAT_IF,)),
    Destination(
        "documents", "文书", "applications:documents", (_P.VIEW_CASE,), namespaces=("documents",), starts_group=True
    ),
    Destination(
        "archive", "归档库", "supervision:archive", (_P.MANAGE_ARCHIVE, _P.VIEW_TRAIL), namespaces=("supervision",)
    ),
    Destination("parameters", "标准与参数", "eligibility:list", (_P.VIEW_PARAMETERS,), namespaces=("eligibility",)),
    Destination("readings", "查阅记录", "organizations:readings", (_P.VIEW_TRAIL,)),
    Destination("system", "系统", "organizations:staff", (_P.MANAGE_STAFF,), namespaces=("admin",)),
)
"""By job, in the order of the left navigation; a room's entry appears when its page exists."""


@dataclass(frozen=True)
class Entry:
    """A navigation entry as it is shown."""

    key: str
    label: str
    url: str
    starts_group: bool
    count: int = 0


class Frame:
    """What ``base.html`` shows around a page; every part is read from the database only when the template asks."""

    def __init__(self, staff: Staff, *, on: date, counts: Mapping[str, int] | None = None) -> None:
        """:param counts: the tasks under each entry where the page itself has just counted them."""
        self._staff = staff
        self._on = on
        if counts is not None:
            keep_counts(staff, counts, on=on)
            self._counts = counts

    @property
    def name(self) -> str:
        return self._staff.name

    @property
    def staff_number(self) -> str:
        return self._staff.staff_number

    @cached_property
    def posts(self) -> list[Post]:
        """Posts in force today."""
        return list(active_posts(self._staff, on=self._on))

    @property
    def standing(self) -> str:
        """The area and the role in force: 临溪镇・乡镇经办人."""
        if not self.posts:
            return "没有在任岗位"
        more = f"等{len(self.posts)}个岗位" if len(self.posts) > 1 else ""
        return f"{self.posts[0]}{more}"

    @cached_property
    def entries(self) -> list[Entry]:
        """The left navigation, cut to what the person may do and to the pages that exist."""
        found = [(destination, url) for destination in DESTINATIONS if (url := self._url(destination))]
        return [
            Entry(
                destination.key,
                destination.label,
                url,
                destination.starts_group and position > 0,
                self._counts.get(destination.key, 0),
            )
            for position, (destination, url) in enumerate(found)
        ]

    @property
    def foot_entries(self) -> list[Entry]:
        return self.entries[:FOOT_ENTRIES]

    @property
    def more_entries(self) -> list[Entry]:
        return self.entries[FOOT_ENTRIES:]

    @cached_property
    def _counts(self) -> Mapping[str, int]:
        return kept_counts(self._staff, on=self._on)

    @property
    def task_count(self) -> int:
        """My tasks, in all."""
        return self._counts["all"]

    @property
    def home_url(self) -> str:
        return url_or_nothing("workbench:home") or "/"

    @property
    def tasks_url(self) -> str:
        """Where my tasks are listed: the home page."""
        return url_or_nothing("workbench:home")

    @property
    def search_url(self) -> str:
        may_search = self._staff.may(Permission.VIEW_HOUSEHOLD, Permission.VIEW_CASE)
        return url_or_nothing("workbench:search") if may_search else ""

    @cached_property
    def calendar_warning(self) -> str:
        """For who enters them or decides by them: years without official holidays that terms already run into."""
        if not self._staff.may(Permission.MANAGE_CALENDAR, Permission.CONFIRM, Permission.COUNTY_VISIT):
            return ""
        missing = missing_calendar_years(on=self._on)
        if not missing:
            return ""
        years = "、".join(f"{year}年" for year in missing)
        return f"{years}的放假安排还没有录入，涉及的时限暂按周一至周五计算；国务院办公厅公布后请及时录入。"

    def _url(self, destination: Destination) -> str:
        if destination.permissions and not self._staff.may(*destination.permissions):
            return ""
        url = url_or_nothing(destination.url_name)
        return f"{url}?{urlencode(destination.query)}" if url and destination.query else url


def frame_context(request: HttpRequest) -> Mapping[str, Any]:
    """Context processor: the frame for who is signed in, and which entry the page belongs to.

    A view may pass ``nav_key`` itself where its room has several entries.
    """
    staff = getattr(request, "user", None)
    if not isinstance(staff, Staff):
        return {}
    return {"frame": Frame(staff, on=timezone.localdate()), "nav_key": _nav_key(request)}


def _nav_key(request: HttpRequest) -> str:
    match = request.resolver_match
    namespace = match.namespace if match else ""
    return next((item.key for item in DESTINATIONS if namespace in item.namespaces), "")
