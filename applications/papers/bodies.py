"""Who issues a paper, whom to call, and how schemes are named on papers."""

from applications.models import Case
from applications.rules.process import Authority
from organizations.models import Area
from organizations.queries import civil_affairs, county, township_of

HOTLINE = "12345"
"""政务服务便民热线: printed where a body has no telephone entered yet."""


def matter_of(case: Case) -> str:
    """The scheme's full name."""
    return case.matter.title


def subject_of(case: Case) -> str:
    """What papers call the person whom the case names: who applied, or whose award is looked into."""
    if not case.matter.of_award:
        return "申请人"
    return "供养对象" if case.matter.person else "户主"


def township_body(area: Area) -> str:
    """绩溪县临溪镇人民政府."""
    return f"{county().name}{township_of(area).name}人民政府"


def county_body() -> str:
    """绩溪县民政局."""
    return _of_county(county())


def county_government() -> str:
    """绩溪县人民政府: reconsiders decisions of its bureau and of its townships (行政复议法 §24)."""
    return f"{county().name}人民政府"


def confirming_body(case: Case) -> str:
    """Who confirms the case: 县民政局, or the township where the power is delegated."""
    return township_body(case.area) if case.authority == Authority.TOWNSHIP else county_body()


def deciding_bodies(case: Case) -> str:
    """Who will decide, as it is told at acceptance: of 临时救助 by the amount, which nobody knows yet."""
    if case.matter.is_paid_once and case.authority == Authority.TOWNSHIP:
        return f"{township_body(case.area)}（金额较大的由{county_body()}）"
    return confirming_body(case)


def window_of(area: Area) -> str:
    """临溪镇为民服务中心社会救助窗口."""
    return f"{township_of(area).name}为民服务中心社会救助窗口"


def township_telephone(area: Area) -> str:
    """The township's telephone, else the county bureau's, else the hotline."""
    return township_of(area).telephone or civil_affairs().telephone or HOTLINE


def confirming_contact(case: Case) -> tuple[str, str]:
    """Whom to call about a decision: name of the office and telephone."""
    if case.authority == Authority.TOWNSHIP:
        return window_of(case.area), township_telephone(case.area)
    return county_body(), civil_affairs().telephone or HOTLINE


def committee_of(area: Area) -> str:
    """临溪村村民委员会, 杨柳社区居民委员会."""
    if area.name.endswith("居委会"):
        return f"{area.name.removesuffix('居委会')}居民委员会"
    return f"{area.short_name}村民委员会"


def place_of(area: Area, address: str) -> str:
    """Township, village and address in one line."""
    return f"{township_of(area).name}{area.short_name}{address}"


def _of_county(area: Area) -> str:
    return area.name + civil_affairs().name.removeprefix("县")
