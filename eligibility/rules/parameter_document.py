"""Standards and parameters (标准和参数) as JSON: the one definition for reading, writing and JSON Schema."""

from eligibility.rules import choices
from eligibility.rules.shapes import Count, Flag, Key, Money, ObjectOf, OneOf, Rate

_MONEY, _RATE, _COUNT, _FLAG = Money(), Rate(), Count(), Flag()


def _money_by_level(title: str, name: str) -> ObjectOf:
    keys = {level.value: Key(_MONEY, f"{level.label}（元/月）") for level in choices.SelfCareLevel}
    return ObjectOf(keys, title=title, name=name)


_CARE_BY_LEVEL = _money_by_level("照料护理标准", "care_standards")
_CARE_BY_MODE = ObjectOf(
    {mode.value: Key(_CARE_BY_LEVEL, mode.label) for mode in choices.SupportMode},
    title="照料护理标准，按供养方式",
    name="care_by_mode",
)
_TOPUP_RATES = ObjectOf(
    {"a": Key(_RATE, "A类人员增发比例"), "b": Key(_RATE, "B类人员增发比例")}, title="增发比例", name="topup_rates"
)
_MULTIPLIER_RANGE = ObjectOf(
    {"min": Key(_RATE, "最低倍数"), "max": Key(_RATE, "最高倍数")}, title="倍数范围", name="multiplier_range"
)
# No key is required: what an input leaves out comes from the county's stored parameters.
PARAMETERS = ObjectOf(
    {
        "dibao_monthly_standard": Key(_MONEY, "低保标准（元/月）"),
        "marginal_multiplier": Key(_RATE, "低保边缘家庭收入上限倍数"),
        "phase_out_multiplier": Key(_RATE, "渐退期收入上限倍数"),
        "phase_out_min_months": Key(_COUNT, "渐退期最短月数"),
        "phase_out_max_months": Key(_COUNT, "渐退期最长月数"),
        "phase_out_lower_inclusive": Key(_FLAG, "收入等于低保标准是否给渐退期"),
        "financial_assets_months": Key(_COUNT, "人均金融资产上限（低保标准月数）"),
        "financial_assets_months_severe": Key(_COUNT, "重残重病家庭人均金融资产上限（低保标准月数）"),
        "max_vehicles": Key(_COUNT, "车辆数上限"),
        "max_vehicle_value": Key(_MONEY, "车辆价值上限（元）"),
        "max_houses": Key(_COUNT, "房屋套数上限"),
        "max_businesses": Key(_COUNT, "经营实体数上限"),
        "rigid_expense_rate": Key(_RATE, "刚性支出核减比例"),
        "employment_cost_rate": Key(_RATE, "就业成本占工资性收入的上限比例"),
        "topup_rates": Key(_TOPUP_RATES, "增发比例"),
        "topup_base": Key(OneOf(choices.TopupBase), "增发基数"),
        "elderly_age": Key(_COUNT, "老年人年龄"),
        "amount_rounding": Key(OneOf(choices.AmountRounding), "低保金取整办法"),
        "minimum_monthly_amount": Key(_MONEY, "低保金最低额（元/月）"),
        "tekun_basic_monthly_amount": Key(_MONEY, "特困基本生活财政补助标准（元/月）"),
        "tekun_care_monthly": Key(_CARE_BY_MODE, "特困照料护理标准"),
        "per_capita_disposable_income_yearly": Key(_MONEY, "上年度人均可支配收入（元/年）"),
        "temporary_aid_base_monthly": Key(_MONEY, "临时救助基数（元/月）"),
        "urgent_multiplier": Key(_MULTIPLIER_RANGE, "急难型救助倍数"),
        "expenditure_multiplier": Key(_MULTIPLIER_RANGE, "支出型救助倍数"),
    },
    title="标准和参数",
    name="parameters",
)
