"""The demo's accounts: one a role in two townships and the county, clerks and leads in the other townships."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle

from organizations import services
from organizations.models import Area, Staff
from organizations.permissions import Role
from organizations.queries import civil_affairs

PASSWORD = "Jixi-Demo-2026"  # noqa: S105 -- public by nature: load_demo refuses production
SERVICE_YEARS = 2
COUNTY = "JX"
COUNTY_CODE = "341824"
_LETTERS = {
    "341824100": "HY",
    "341824101": "LX",
    "341824102": "CA",
    "341824103": "SZ",
    "341824104": "YX",
    "341824105": "FL",
    "341824106": "JS",
    "341824107": "YZ",
    "341824201": "BQ",
    "341824202": "JP",
    "341824203": "JZ",
}
SHOWN = ("341824102", "341824101")
"""长安镇, confirmed by the county, and 临溪镇, where 低保 is delegated: every role has an account there."""
DELEGATED = "341824101"

_COUNTY_ROLES = (
    Role.COUNTY_OFFICER,
    Role.COUNTY_OFFICER,
    Role.COUNTY_APPROVER,
    Role.VERIFICATION_OPERATOR,
    Role.FINANCE_OFFICER,
    Role.DEPT_LIAISON,
    Role.JOINT_MEETING_SECRETARY,
    Role.AUDITOR,
    Role.SYSTEM_ADMINISTRATOR,
    Role.SYSTEM_ADMINISTRATOR,
    Role.COUNTY_APPROVER,  # an uplift is approved by two
)
_TOWNSHIP_ROLES = (Role.TOWNSHIP_OFFICER, Role.TOWNSHIP_OFFICER, Role.TOWNSHIP_APPROVER, Role.VILLAGE_ASSISTANT)
_SURNAMES = "程 方 章 许 曹 葛 周 邵 柯 石 余".split()
_GIVEN = "晓岚 志诚 立夏 书平 若谷 知行 敏之 景明 怀瑾 允中 时雨 静远 守约".split()


@dataclass(frozen=True)
class Account:
    """An account of the demo; its number is the place's letters and the role's digit."""

    number: str
    name: str
    role: Role
    area_code: str


@dataclass(frozen=True)
class Offices:
    """The demo's officers by staff number."""

    staff: Mapping[str, Staff]

    def county(self, digit: int) -> Staff:
        return self.staff[f"{COUNTY}{digit}"]

    def township(self, area: Area, digit: int) -> Staff:
        """An officer of the township that the area lies in: 1 and 2 clerks, 3 lead, 4 village assistant."""
        return self.staff[f"{_LETTERS[area.township_code]}{digit}"]


def accounts() -> tuple[Account, ...]:
    """All accounts of the demo, each with a name of its own."""
    # Eleven and thirteen share no divisor: no name comes twice.
    names = (surname + given for surname, given in zip(cycle(_SURNAMES), cycle(_GIVEN), strict=False))
    return tuple(Account(number, next(names), role, code) for number, role, code in _places())


def _places() -> Iterator[tuple[str, Role, str]]:
    for digit, role in enumerate(_COUNTY_ROLES, start=1):
        yield f"{COUNTY}{digit}", role, COUNTY_CODE
    for code, letters in _LETTERS.items():
        roles = _TOWNSHIP_ROLES if code in SHOWN else _TOWNSHIP_ROLES[:3]
        for digit, role in enumerate(roles, start=1):
            yield f"{letters}{digit}", role, code


def is_shown(account: Account) -> bool:
    """Whether the account is one to sign in with; clerks elsewhere only sign what they registered."""
    return account.area_code in (COUNTY_CODE, *SHOWN)


def are_open() -> bool:
    """Whether the demo's accounts are there already."""
    numbers = [account.number for account in accounts()]
    return Staff.objects.filter(staff_number__in=numbers).count() == len(numbers)


def open_offices(*, on: date) -> Offices:
    """Open the accounts, appoint them, and delegate 低保 to one township; all years before the first family."""
    since = on - timedelta(days=365 * SERVICE_YEARS)
    areas = {area.code: area for area in Area.objects.all()}
    staff = {account.number: _open(account, areas, since=since) for account in accounts()}
    services.delegate_confirmation(areas[DELEGATED], scheme="dibao", starts_on=since, document_number="绩民〔示例〕1号")
    return Offices(staff)


def _open(account: Account, areas: Mapping[str, Area], *, since: date) -> Staff:
    area = areas[account.area_code]
    if account.role == Role.VILLAGE_ASSISTANT:
        area = next(village for code, village in sorted(areas.items()) if code.startswith(account.area_code + "2"))
    staff = services.open_account(
        staff_number=account.number,
        name=account.name,
        area=area,
        on=since,
        password=PASSWORD if is_shown(account) else None,
        department=civil_affairs() if account.number.startswith(COUNTY) else None,
        must_change_password=False,
    )
    services.appoint(staff, role=account.role, area=area, on=since)
    return staff


def where_to_begin() -> list[str]:
    """The accounts to try, for the one who has just started the demo."""
    shown = [account for account in accounts() if is_shown(account)]
    places = {COUNTY_CODE: "县", "341824102": "长安镇", "341824101": "临溪镇（低保确认权限已下放）"}
    lines = [f"演示账号（密码都是 {PASSWORD}）："]
    for code in ("341824102", "341824101", COUNTY_CODE):
        lines.append(f"  {places[code]}")
        lines += [f"    {item.number}  {item.role.label}  {item.name}" for item in shown if item.area_code == code]
    lines.append("从长安镇经办人 CA1 开始：打开“受理”，登记一个家庭；再用 CA3 签发、JX3 审核确认。")
    lines.append("临时救助：CA4 在手机上“快速登记”，CA1 先行救助、补手续，CA3 审核；备用金由 JX1 拨入，JX3 批准补拨。")
    return lines
