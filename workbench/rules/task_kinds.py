"""Kinds of tasks (待办种类): their names, where the navigation counts them, which carry a day."""

from enum import StrEnum


class TaskKind(StrEnum):
    """Kinds of tasks (待办种类), in the order of a case's way."""

    label: str
    entry: str
    """Key of the navigation entry that counts the kind."""

    def __new__(cls, value: str, label: str = "", entry: str = "") -> "TaskKind":
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.entry = entry
        return member

    REGISTER = "register", "登记申请", "intake"
    ACCEPT = "accept", "受理", "intake"
    TELL = "tell", "告知核对不一致", "cases"
    INVESTIGATE = "investigate", "调查核对", "cases"
    VISIT = "visit", "配合入户", "cases"
    MEANS_CHECK = "means_check", "回填核对", "means_checks"
    SIGN = "sign", "签发初审", "cases"
    PUBLICISE = "publicise", "公示", "publicity"
    COUNTY_VISIT = "county_visit", "县级入户", "cases"
    DRAW = "draw", "待抽查", "draws"
    CHECK_DRAWN = "check_drawn", "抽查核实", "cases"
    CONFIRM = "confirm", "审核确认", "confirming"
    ANNOUNCE = "announce", "村内公布", "publicity"
    REISSUE = "reissue", "重新制发文书", "documents"
    DELIVER = "deliver", "送达文书", "documents"
    TRANSFER = "transfer", "接收迁入", "families"
    CHECK_AWARD = "check_award", "待遇核查", "families"
    RENEW = "renew", "认定到期", "recognitions"
    CARE_VISIT = "care_visit", "走访照料", "care"
    CARE_POINT = "care_point", "照料问题", "care"
    REASSESS = "reassess", "复核评估", "care"
    DECIDE_CARE = "decide_care", "照料档次调整", "care"
    REVIEW = "review", "动态核查", "reviews"
    RESTORE = "restore", "渐退恢复", "phase_outs"
    SUSPENDED = "suspended", "暂缓待处理", "awards"
    MAKE_ROLLS = "make_rolls", "生成发放册", "rolls"
    CHECK_ROLL = "check_roll", "核对发放册", "rolls"
    SEND_ROLL = "send_roll", "发放册送银行", "rolls"
    ANSWER_ROLL = "answer_roll", "登记回盘", "rolls"
    MEND_ACCOUNT = "mend_account", "更正发放账户", "rolls"
    REISSUE_PAYMENTS = "reissue_payments", "失败重发", "rolls"
    OMITTED = "omitted", "审核回盘缺项", "rolls"
    RECOUP = "recoup", "核对多发", "rolls"
    APPROVE_RECOUPMENT = "approve_recoupment", "审批追回", "rolls"
    APPROVE_UPLIFT = "approve_uplift", "审批提标", "uplifts"
    APPROVE_MAKING_GOOD = "approve_making_good", "审批补差", "uplifts"
    PHASE_OUTS_ENDING = "phase_outs_ending", "渐退即将到期", "phase_outs"
    AID_REPORT = "aid_report", "处置急难报告", "temporary_aid"
    AID_ADVANCE = "aid_advance", "先行救助", "temporary_aid"
    AID_OPEN = "aid_open", "办理临时救助", "temporary_aid"
    AID_MEETING = "aid_meeting", "一事一议", "temporary_aid"
    AID_APPROVE = "aid_approve", "审批临时救助", "temporary_aid"
    AID_SUPPLEMENT = "aid_supplement", "补充说明", "temporary_aid"
    AID_PAPERS = "aid_papers", "后补手续", "temporary_aid"
    AID_CHECK = "aid_check", "审核补充说明", "temporary_aid"
    AID_VISIT = "aid_visit", "分期走访", "temporary_aid"
    AID_PAY = "aid_pay", "临时救助发放", "temporary_aid"
    AID_POST = "aid_post", "事后公示", "temporary_aid"
    AID_RECOUP = "aid_recoup", "临时救助追回", "temporary_aid"
    AID_CLOSE = "aid_close", "办结临时救助", "temporary_aid"
    AID_CALLBACK = "aid_callback", "12345回访", "temporary_aid"
    RESERVE_ANSWER = "reserve_answer", "审批补拨", "reserve"
    RESERVE_PAY = "reserve_pay", "拨付补拨", "reserve"
    AID_OVERDUE = "aid_overdue", "督办补手续", "reserve"
    RESERVE_PREPARE = "reserve_prepare", "备用金对账", "reserve"
    RESERVE_SIGN = "reserve_sign", "签认对账", "reserve"


DUE_ON = (
    TaskKind.MEANS_CHECK,
    TaskKind.CHECK_AWARD,
    TaskKind.CARE_VISIT,
    TaskKind.REASSESS,
    TaskKind.REVIEW,
    TaskKind.RESTORE,
    TaskKind.SUSPENDED,
    TaskKind.MAKE_ROLLS,
    TaskKind.CHECK_ROLL,
    TaskKind.SEND_ROLL,
    TaskKind.PHASE_OUTS_ENDING,
    *(kind for kind in TaskKind if kind.entry in ("temporary_aid", "reserve")),
)
"""Kinds whose rows carry the day themselves."""
AWARD_KINDS = (TaskKind.RESTORE, TaskKind.SUSPENDED)
"""Decisions on awards that somebody waits for."""
ROLL_KINDS = (
    TaskKind.MAKE_ROLLS,
    TaskKind.CHECK_ROLL,
    TaskKind.SEND_ROLL,
    TaskKind.ANSWER_ROLL,
    TaskKind.MEND_ACCOUNT,
    TaskKind.REISSUE_PAYMENTS,
    TaskKind.OMITTED,
)
"""Steps of the monthly payment (待遇发放)."""
MONEY_KINDS = (
    TaskKind.RECOUP,
    TaskKind.APPROVE_RECOUPMENT,
    TaskKind.APPROVE_UPLIFT,
    TaskKind.APPROVE_MAKING_GOOD,
    TaskKind.PHASE_OUTS_ENDING,
)
"""What the county looks at beside the monthly payment: overpayment (多发), uplifts, phase-outs that end."""
UNDATED = (
    TaskKind.ANNOUNCE,
    TaskKind.REISSUE,
    TaskKind.TRANSFER,
    TaskKind.CARE_POINT,
    TaskKind.DECIDE_CARE,
    TaskKind.ANSWER_ROLL,
    TaskKind.MEND_ACCOUNT,
    TaskKind.REISSUE_PAYMENTS,
    TaskKind.OMITTED,
    TaskKind.RECOUP,
    TaskKind.APPROVE_RECOUPMENT,
    TaskKind.APPROVE_UPLIFT,
    TaskKind.APPROVE_MAKING_GOOD,
)
AID_KINDS = tuple(kind for kind in TaskKind if kind.entry in ("temporary_aid", "reserve"))
"""What temporary aid and the townships' reserves ask (临时救助、备用金)."""
