"""Roles (岗位) of handbook 0.5 and what each may do; pure data."""

from enum import StrEnum


class Permission(StrEnum):
    """Acts that are granted area by area; the label is the act's Chinese name."""

    label: str

    def __new__(cls, value: str, label: str = "") -> "Permission":
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    VIEW_HOUSEHOLD = "see_household", "查看家庭"
    REGISTER_HOUSEHOLD = "register_household", "登记家庭"
    VIEW_CASE = "see_case", "查看办件"
    OPEN_INTAKE = "open_intake", "登记申请"
    ACCEPT = "accept_application", "受理"
    INVESTIGATE = "investigate", "入户调查"
    REQUEST_MEANS_CHECK = "request_means_check", "提请核对"
    ANSWER_MEANS_CHECK = "answer_means_check", "回填核对结果"
    PROPOSE = "propose", "拟初审意见"
    SIGN_PROPOSAL = "sign_proposal", "签发初审意见"
    PUBLICISE = "publicise", "公示"
    CONFIRM = "confirm", "县级审核确认"
    CONFIRM_DELEGATED = "confirm_delegated", "乡镇审核确认（下放）"
    COUNTY_VISIT = "county_visit", "县级入户"
    REGISTER_RELATIVE = "register_relative", "近亲属备案"
    EXTEND_DEADLINE = "extend_deadline", "批准延长时限"
    ISSUE_DOCUMENT = "issue_document", "制发文书"
    RECORD_DELIVERY = "record_delivery", "登记送达"
    REVEAL_IDENTITY = "reveal_identity", "查看完整证号"
    EXPORT = "export_lists", "导出名单"
    FULL_EXPORT = "export_in_full", "完整导出"
    VIEW_AWARD = "see_award", "查看待遇"
    VIEW_ROLL = "see_roll", "查看发放册"
    PREPARE_ROLL = "prepare_roll", "生成发放册"
    CHECK_ROLL_TOWNSHIP = "check_roll_township", "乡镇核对发放册"
    CHECK_ROLL_COUNTY = "check_roll_county", "县民政审核发放册"
    CHECK_ROLL_FINANCE = "check_roll_finance", "财政复核发放册"
    RECORD_PAYMENT = "record_payment", "登记银行回盘"
    WRITE_BANK_FILE = "write_bank_file", "导出银行发放文件"
    MANAGE_FUND_PLAN = "manage_fund_plan", "维护资金计划"
    MANAGE_RECOUPMENT = "manage_recoupment", "办理追回"
    VIEW_REVIEW = "see_review", "查看动态核查"
    MANAGE_REVIEWS = "manage_reviews", "安排动态核查"
    EXTEND_REVIEWS = "extend_reviews", "延长核查期限"
    MANAGE_PHASE_OUT = "manage_phase_out", "撤销渐退"
    ENTER_UPLIFT = "enter_uplift", "录入提标"
    APPROVE_UPLIFT = "approve_uplift", "审批提标"
    VIEW_WHAT_IF = "see_what_if", "政策测算"
    VIEW_CARE = "see_care", "查看照料服务"
    RECORD_CARE_VISIT = "record_care_visit", "登记走访照料"
    MANAGE_CARE = "manage_care", "办理照料服务"
    MANAGE_WELFARE_HOMES = "manage_welfare_homes", "维护供养服务机构"
    VIEW_AID = "see_temporary_aid", "查看临时救助"
    REPORT_HARDSHIP = "report_hardship", "报告急难情况"
    HANDLE_AID = "handle_temporary_aid", "办理临时救助"
    ENTRUSTED_AID = "decide_entrusted_aid", "村级受委托决定临时救助"
    APPROVE_AID_TOWNSHIP = "approve_aid_township", "乡镇审批临时救助"
    APPROVE_AID_COUNTY = "approve_aid_county", "县级审批临时救助"
    RECORD_COLLECTIVE_DECISION = "record_collective_decision", "登记一事一议"
    ENTRUST_VILLAGES = "entrust_villages", "委托村级开展临时救助"
    PAY_AID = "pay_temporary_aid", "登记临时救助发放"
    VIEW_RESERVE = "see_reserve", "查看备用金"
    KEEP_RESERVE = "keep_reserve", "管理备用金和救助物资"
    SIGN_RECONCILIATION = "sign_reconciliation", "签认备用金对账"
    ALLOCATE_RESERVE = "allocate_reserve", "拨付和收回备用金"
    APPROVE_REPLENISHMENT = "approve_replenishment", "审批备用金补拨"
    VIEW_DUPLICATES = "see_duplicates", "查看重复登记"
    VIEW_TRAIL = "see_trail", "查看经办记录"
    VIEW_DATA_USES = "see_data_uses", "查看个人信息处理记录"
    MANAGE_ARCHIVE = "manage_archive", "归档和恢复"
    VIEW_PARAMETERS = "see_parameters", "查看标准与参数"
    MANAGE_PARAMETERS = "manage_parameters", "维护标准与参数"
    MANAGE_DELEGATIONS = "manage_delegations", "下放和收回确认权限"
    MANAGE_CALENDAR = "manage_calendar", "维护工作日历"
    MANAGE_STAFF = "manage_staff", "维护人员与岗位"


class Role(StrEnum):
    """Roles, named as the glossary names them."""

    label: str

    def __new__(cls, value: str, label: str = "") -> "Role":
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    VILLAGE_ASSISTANT = "village_assistant", "村级协理员"
    TOWNSHIP_OFFICER = "township_officer", "乡镇经办人"
    TOWNSHIP_APPROVER = "township_approver", "乡镇审核人（分管负责人）"
    COUNTY_OFFICER = "county_officer", "县民政经办"
    COUNTY_APPROVER = "county_approver", "县民政审批"
    VERIFICATION_OPERATOR = "verification_operator", "核对人员"
    FINANCE_OFFICER = "finance_officer", "财政人员"
    DEPT_LIAISON = "dept_liaison", "部门联络员"
    JOINT_MEETING_SECRETARY = "joint_meeting_secretary", "联席会议秘书"
    AUDITOR = "auditor", "审计监督"
    SYSTEM_ADMINISTRATOR = "system_administrator", "系统管理员"


_P = Permission
_READ = frozenset(
    {
        _P.VIEW_HOUSEHOLD,
        _P.VIEW_CASE,
        _P.VIEW_AWARD,
        _P.VIEW_ROLL,
        _P.VIEW_REVIEW,
        _P.VIEW_CARE,
        _P.VIEW_AID,
        _P.VIEW_RESERVE,
        _P.VIEW_PARAMETERS,
    }
)

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.VILLAGE_ASSISTANT: frozenset(
        {
            _P.VIEW_HOUSEHOLD,
            _P.REGISTER_HOUSEHOLD,
            _P.VIEW_CASE,
            _P.OPEN_INTAKE,
            _P.VIEW_CARE,
            _P.RECORD_CARE_VISIT,
            _P.VIEW_AID,
            _P.REPORT_HARDSHIP,
            _P.ENTRUSTED_AID,
        }
    ),
    Role.TOWNSHIP_OFFICER: _READ
    | {
        _P.REGISTER_HOUSEHOLD,
        _P.OPEN_INTAKE,
        _P.ACCEPT,
        _P.INVESTIGATE,
        _P.REQUEST_MEANS_CHECK,
        _P.PROPOSE,
        _P.PUBLICISE,
        _P.REGISTER_RELATIVE,
        _P.ISSUE_DOCUMENT,
        _P.RECORD_DELIVERY,
        _P.RECORD_CARE_VISIT,
        _P.MANAGE_CARE,
        _P.REPORT_HARDSHIP,
        _P.HANDLE_AID,
        _P.PAY_AID,
        _P.KEEP_RESERVE,
        _P.MANAGE_REVIEWS,
        _P.REVEAL_IDENTITY,
        _P.EXPORT,
        _P.VIEW_DATA_USES,
        _P.MANAGE_ARCHIVE,
    },
    Role.TOWNSHIP_APPROVER: _READ
    | {
        _P.SIGN_PROPOSAL,
        _P.CONFIRM_DELEGATED,
        _P.CHECK_ROLL_TOWNSHIP,
        _P.APPROVE_AID_TOWNSHIP,
        _P.SIGN_RECONCILIATION,
        _P.ISSUE_DOCUMENT,
        _P.REVEAL_IDENTITY,
        _P.EXPORT,
    },
    Role.COUNTY_OFFICER: _READ
    | {
        _P.COUNTY_VISIT,
        _P.ISSUE_DOCUMENT,
        _P.RECORD_DELIVERY,
        _P.MANAGE_WELFARE_HOMES,
        _P.PREPARE_ROLL,
        _P.MANAGE_RECOUPMENT,
        _P.REPORT_HARDSHIP,
        _P.RECORD_COLLECTIVE_DECISION,
        _P.ALLOCATE_RESERVE,
        _P.ENTER_UPLIFT,
        _P.VIEW_WHAT_IF,
        _P.VIEW_DATA_USES,
        _P.MANAGE_ARCHIVE,
        _P.REVEAL_IDENTITY,
        _P.EXPORT,
        _P.FULL_EXPORT,
        _P.VIEW_DUPLICATES,
    },
    Role.COUNTY_APPROVER: _READ
    | {
        _P.CONFIRM,
        _P.CHECK_ROLL_COUNTY,
        _P.APPROVE_AID_COUNTY,
        _P.APPROVE_REPLENISHMENT,
        _P.ENTRUST_VILLAGES,
        _P.EXTEND_REVIEWS,
        _P.MANAGE_PHASE_OUT,
        _P.APPROVE_UPLIFT,
        _P.VIEW_WHAT_IF,
        _P.MANAGE_DELEGATIONS,
        _P.EXTEND_DEADLINE,
        _P.ISSUE_DOCUMENT,
        _P.REVEAL_IDENTITY,
        _P.EXPORT,
        _P.VIEW_DUPLICATES,
        _P.VIEW_TRAIL,
        _P.VIEW_DATA_USES,
    },
    Role.VERIFICATION_OPERATOR: frozenset({_P.ANSWER_MEANS_CHECK, _P.REVEAL_IDENTITY}),
    Role.FINANCE_OFFICER: frozenset(
        {
            _P.VIEW_AWARD,
            _P.VIEW_PARAMETERS,
            _P.VIEW_ROLL,
            _P.CHECK_ROLL_FINANCE,
            _P.RECORD_PAYMENT,
            _P.MANAGE_FUND_PLAN,
            _P.WRITE_BANK_FILE,
            _P.VIEW_AID,
            _P.PAY_AID,
            _P.VIEW_RESERVE,
            _P.EXPORT,
        }
    ),
    Role.DEPT_LIAISON: frozenset(),
    Role.JOINT_MEETING_SECRETARY: frozenset({_P.VIEW_AID, _P.RECORD_COLLECTIVE_DECISION}),
    Role.AUDITOR: _READ | {_P.VIEW_TRAIL, _P.VIEW_DATA_USES, _P.VIEW_DUPLICATES},
    Role.SYSTEM_ADMINISTRATOR: frozenset(
        {_P.MANAGE_STAFF, _P.MANAGE_CALENDAR, _P.MANAGE_PARAMETERS, _P.VIEW_PARAMETERS}
    ),
}
"""What each role may do in its area; a grant on a township covers its villages."""

ROLE_LEVELS: dict[Role, str] = (
    {
        Role.VILLAGE_ASSISTANT: "village",
        Role.TOWNSHIP_OFFICER: "township",
        Role.TOWNSHIP_APPROVER: "township",
    }
    | {role: "county" for role in Role if role.value.startswith(("county", "verification", "finance", "dept", "joint"))}
    | {
        Role.AUDITOR: "county",
        Role.SYSTEM_ADMINISTRATOR: "county",
    }
)
"""The level of area on which each role is held."""
