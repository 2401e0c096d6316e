"""States of temporary aid (临时救助状态) and what belongs to each; pure data."""

from eligibility.rules.choices import Choice


class AidState(Choice):
    """Where an aid stands."""

    OPENED = "opened", "待处置"
    ADVANCE_ASKED = "advance_asked", "待先行救助"
    ADVANCED = "advanced", "已先行救助，待补手续"
    SUPPLEMENTED = "supplemented", "补充说明待审核"
    IN_CASE = "in_case", "按一般程序办理"
    PROPOSED = "proposed", "待审批"
    APPROVED = "approved", "已批准"
    REFUSED = "refused", "不予救助"
    WITHDRAWN = "withdrawn", "不再办理"
    RECOUPING = "recouping", "追回中"
    RECOUPED = "recouped", "已追回"
    CLOSED = "closed", "已办结"


_S = AidState
GRANTED_STATES = frozenset({_S.ADVANCED, _S.SUPPLEMENTED, _S.APPROVED, _S.RECOUPING, _S.RECOUPED, _S.CLOSED})
"""States in which something was promised or paid: they have an amount."""
FINAL_STATES = frozenset({_S.REFUSED, _S.WITHDRAWN, _S.RECOUPED, _S.CLOSED})
OPEN_STATES = frozenset(AidState) - FINAL_STATES
BEFORE_DECISION = frozenset({_S.OPENED, _S.ADVANCE_ASKED, _S.PROPOSED})
"""States in which whom and what for may still be mended, and which may be given up."""
BEFORE_GRANT = BEFORE_DECISION | {_S.IN_CASE, _S.ADVANCED, _S.SUPPLEMENTED}
"""States in which an amount may still be decided, or stages added to an advance: a meeting may resolve on it."""
CLOCK_RUNS = frozenset({_S.OPENED, _S.ADVANCE_ASKED, _S.PROPOSED})
"""States of urgent aid in which nothing was paid and the clock hours from the first report run."""


class AidRoute(Choice):
    """By which way an aid is decided (办理程序)."""

    UNDECIDED = "", "未定"
    PETTY_ADVANCE = "petty_advance", "小额先行救助"
    SIMPLIFIED = "simplified", "简化程序"
    ORDINARY = "ordinary", "一般程序"


class DecidedBy(Choice):
    """At which level an aid was decided (审批层级); handbook 10.4."""

    VILLAGE = "village", "村级（受委托）"
    TOWNSHIP = "township", "乡镇"
    COUNTY = "county", "县民政局"
