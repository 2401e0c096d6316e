"""The assessment's input (试算输入) as JSON, key by key: the one definition for reading, writing and JSON Schema."""

from eligibility.rules import choices
from eligibility.rules.shapes import (
    Count,
    Day,
    Fault,
    Flag,
    Json,
    Key,
    ListOf,
    Money,
    ObjectOf,
    OneOf,
    Pattern,
    Rate,
    Text,
)
from eligibility.rules.stated_parameters import STATED_PARAMETERS

_MONEY, _COUNT, _FLAG, _DAY, _TEXT = Money(), Count(), Flag(), Day(), Text()
_LEVEL = Count(least=1, most=4)


class IdNumber(Pattern):
    """公民身份号码; never quoted in a fault."""

    def __init__(self) -> None:
        super().__init__(r"[0-9]{17}[0-9Xx]", allowed="18位公民身份号码字符串")

    def fault(self, value: Json, path: str) -> Fault:
        return super().fault(value, path) if value is None else Fault(path, f"格式不对；应为{self.allowed}")


_COMPONENT = ObjectOf(
    {
        "kind": Key(OneOf(choices.DisabilityKind), "残疾类别", required=True),
        "level": Key(_LEVEL, "残疾等级", required=True),
    },
    title="多重残疾的单项",
    name="component",
)
_DISABILITY = ObjectOf(
    {
        "kind": Key(OneOf(choices.DisabilityKind), "残疾类别", required=True),
        "level": Key(_LEVEL, "残疾等级", required=True),
        "components": Key(ListOf(_COMPONENT), "多重残疾的各单项，仅用于多重残疾"),
    },
    title="残疾",
    name="disability",
)
_SELF_CARE = ObjectOf(
    {
        "eating": Key(_FLAG, "自主吃饭"),
        "dressing": Key(_FLAG, "自主穿衣"),
        "in_out_of_bed": Key(_FLAG, "自主上下床"),
        "toileting": Key(_FLAG, "自主如厕"),
        "walking": Key(_FLAG, "室内自主行走"),
        "bathing": Key(_FLAG, "自主洗澡"),
    },
    title="生活自理六项指标，true为能自主完成，不写为true",
    name="self_care",
)
_INCOME = ObjectOf(
    {
        "kind": Key(OneOf(choices.IncomeKind), "收入类别", required=True),
        "yearly": Key(_MONEY, "年收入（元）", required=True),
    },
    title="收入",
    name="income",
)
_SUPPORTER = ObjectOf(
    {
        "birth_date": Key(_DAY, "出生日期", required=True),
        "status": Key(OneOf(choices.SupporterStatus), "救助身份，不写为other"),
        "disability": Key(_DISABILITY, "残疾"),
        "yearly_income": Key(_MONEY, "年收入（元），不写为0"),
        "incapacity": Key(OneOf(choices.Incapacity), "其他无履行义务能力的情形，不写为none"),
        "property_within_limit": Key(_FLAG, "财产符合规定，不写为true"),
    },
    title="在外法定义务人",
    name="supporter",
)
_MEMBER = ObjectOf(
    {
        "id": Key(_TEXT, "成员标识，户内唯一", required=True),
        "name": Key(_TEXT, "姓名"),
        "id_number": Key(IdNumber(), "公民身份号码"),
        "birth_date": Key(_DAY, "出生日期", required=True),
        "sex": Key(OneOf(choices.Sex), "性别"),
        "relation": Key(OneOf(choices.Relation), "与户主关系", required=True),
        "lives_together": Key(_FLAG, "长期共同居住，不写为true"),
        "shares_support": Key(_FLAG, "有法定赡养、扶养、抚养义务关系并共同生活，不写为true，关系为other时不写为false"),
        "cannot_live_alone": Key(_FLAG, "成年但不能独立生活，不写为false"),
        "applies_alone": Key(_FLAG, "单独提出申请，不写为false"),
        "not_counted": Key(OneOf(choices.NotCounted), "不计入的情形"),
        "disability": Key(_DISABILITY, "残疾"),
        "serious_illness": Key(_FLAG, "重特大疾病，不写为false"),
        "labour_capacity": Key(OneOf(choices.LabourCapacity), "劳动能力，不写则推定"),
        "schooling": Key(OneOf(choices.Schooling), "全日制就学，不写为none"),
        "self_care": Key(_SELF_CARE, "生活自理能力"),
        "support_mode": Key(OneOf(choices.SupportMode), "供养方式，不写为home_based"),
        "tekun_since_minor": Key(_FLAG, "未成年时认定为特困人员并延续至今，不写为false"),
        "spouse_id": Key(_TEXT, "配偶的成员标识"),
        "parent_ids": Key(ListOf(_TEXT), "父母的成员标识"),
        "incomes": Key(ListOf(_INCOME), "收入"),
        "supporters": Key(ListOf(_SUPPORTER), "在外法定义务人；空数组为没有，不写为尚未查明"),
    },
    title="家庭成员",
    name="member",
)
_EXPENSE = ObjectOf(
    {
        "kind": Key(OneOf(choices.ExpenseKind), "支出类别", required=True),
        "yearly": Key(_MONEY, "年支出（元）", required=True),
        "member": Key(_TEXT, "成员标识，不写为全家的支出"),
    },
    title="经核定的支出",
    name="expense",
)
_PROPERTY = ObjectOf(
    {
        "financial_assets": Key(_MONEY, "金融资产（元），不写为0"),
        "vehicles": Key(_COUNT, "车辆数，不写为0"),
        "vehicle_value": Key(_MONEY, "最贵一辆的价值（元），不写为0"),
        "houses": Key(_COUNT, "房屋套数，不写为0"),
        "businesses": Key(_COUNT, "经营实体数，不写为0"),
    },
    title="家庭财产",
    name="property",
)
_HARDSHIP = ObjectOf(
    {
        "type": Key(OneOf(choices.HardshipType), "临时救助类型", required=True),
        "proposed_amount": Key(_MONEY, "拟救助金额（元）", required=True),
        "cause_most": Key(Rate(), "这项事由的最高倍数，不写为类型的最高倍数"),
    },
    title="临时救助",
    name="hardship",
)

REVIEW_KEYS = ("award_basis", "current_persons", "current_monthly_amount")
REVIEW_KEYS_REQUIRED = ("current_persons", "current_monthly_amount")
HOUSEHOLD = ObjectOf(
    {
        "on": Key(_DAY, "试算日期", required=True),
        "area": Key(Pattern(r"[0-9]{9}|[0-9]{12}", allowed="9位或12位行政区划代码字符串"), "行政区划代码"),
        "residence": Key(OneOf(choices.Residence), "户籍类别", required=True),
        "event": Key(OneOf(choices.Event), "办理事项，不写为application"),
        "award_basis": Key(OneOf(choices.AwardBasis), "现有待遇的保障方式，仅用于review，不写为household"),
        "current_persons": Key(ListOf(_TEXT), "现有待遇的保障人员，仅用于review"),
        "current_monthly_amount": Key(_MONEY, "现发金额（元/月），仅用于review"),
        "income_stable": Key(_FLAG, "短期收入变化不大，不写为false"),
        "parameters": Key(STATED_PARAMETERS, "标准和参数，缺的取县里当日有效的"),
        "members": Key(ListOf(_MEMBER, least=1), "家庭成员", required=True),
        "expenses": Key(ListOf(_EXPENSE), "经核定的支出"),
        "property": Key(_PROPERTY, "家庭财产，不写的数为0"),
        "hardship": Key(_HARDSHIP, "临时救助"),
    },
    title="试算输入：一户家庭",
    name="household",
)
