"""What may be done with a roll as it stands: who, with which form, and what it brings about."""

from collections.abc import Mapping
from dataclasses import dataclass

from django import forms

from benefits.forms.rolls import ReasonForm
from benefits.models import MonthlyRoll, RollKind, RollState
from benefits.queries.returns import may_propose_omitted, open_omission
from benefits.services.rolls import OPEN
from foundation.money import in_figures
from organizations.permissions import Permission

P = Permission
_OPEN = frozenset(OPEN)


class OpinionForm(forms.Form):
    """What whoever signs says."""

    opinion = forms.CharField(
        label="核对意见",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        initial="经核对，同意。",
        error_messages={"required": "请写明核对意见。"},
    )


@dataclass(frozen=True)
class RollAct:
    """One act on a roll.

    :param states: in which it is offered.
    :param effect: what it brings about, with ``{families}``, ``{amount}``.
    :param signs: whether it is a signature, for which nobody may have had a hand in the roll before.
    """

    name: str
    label: str
    permissions: tuple[Permission, ...]
    states: frozenset[str]
    form: type[forms.Form] | None
    effect: str
    done: str
    signs: bool = False
    danger: bool = False

    def fits(self, roll: MonthlyRoll) -> bool:
        """Whether the roll stands where the act takes it up."""
        if roll.state not in self.states or (self.name == "prepare" and roll.kind == RollKind.REISSUE):
            return False
        match self.name:
            case "omitted":
                return may_propose_omitted(roll)
            case "confirm-omitted" | "drop-omitted":
                return open_omission(roll) is not None
        return True

    def effect_on(self, roll: MonthlyRoll) -> str:
        return self.effect.format(families=roll.line_count, amount=in_figures(roll.total_amount))


_ALL = (
    RollAct(
        "check-township",
        "乡镇核对通过",
        (P.CHECK_ROLL_TOWNSHIP,),
        frozenset({RollState.PREPARED}),
        OpinionForm,
        "确认册上{families}户、合计{amount}元与乡镇掌握的情况相符。通过后转县民政局审核；定册以前还可以退回。",
        "已核对通过，转县民政局审核。",
        signs=True,
    ),
    RollAct(
        "check-county",
        "县民政审核通过",
        (P.CHECK_ROLL_COUNTY,),
        frozenset({RollState.TOWNSHIP_CHECKED}),
        OpinionForm,
        "确认册上{families}户、合计{amount}元的待遇依据。通过后转县财政局复核；定册以前还可以退回。",
        "已审核通过，转县财政局复核。",
        signs=True,
    ),
    RollAct(
        "freeze",
        "财政复核并定册",
        (P.CHECK_ROLL_FINANCE,),
        frozenset({RollState.COUNTY_CHECKED}),
        OpinionForm,
        "定册后，{families}户、合计{amount}元不能再改、不能退回或作废；要更正的，只能在以后月份补发或追回。",
        "已定册。可以导出银行发放文件了。",
        signs=True,
    ),
    RollAct(
        "send",
        "登记送银行",
        (P.RECORD_PAYMENT,),
        frozenset({RollState.FROZEN}),
        None,
        "登记这本发放册已经交给银行发放。登记后可以上传银行回盘。",
        "已登记送银行。收到回盘后请上传。",
    ),
    RollAct(
        "return",
        "退回",
        (P.CHECK_ROLL_TOWNSHIP, P.CHECK_ROLL_COUNTY, P.CHECK_ROLL_FINANCE),
        _OPEN,
        ReasonForm,
        "退回给县民政经办重新生成；前面已经签过的核对、审核要重新办理。",
        "已退回。",
        danger=True,
    ),
    RollAct(
        "prepare",
        "重新生成",
        (P.PREPARE_ROLL,),
        _OPEN,
        None,
        "按现在的决定重新计算每一户。已经签过的核对、审核要重新办理；原来的户数和金额记在经过里。",
        "已重新生成。",
    ),
    RollAct(
        "void",
        "作废",
        (P.PREPARE_ROLL,),
        _OPEN,
        ReasonForm,
        "作废册上{families}户、合计{amount}元，明细清空，不再发放；这个月可以重新生成一本。",
        "已作废。",
        danger=True,
    ),
)
_OMISSIONS = (
    RollAct(
        "omitted",
        "认定回盘缺项",
        (P.RECORD_PAYMENT,),
        frozenset({RollState.SENT}),
        ReasonForm,
        "银行回盘里一直没有的付款，经与银行核实确实没有付出的，提请县民政局审核；审核同意后按发放失败处理，可以重发。",
        "已提请县民政局审核。",
    ),
    RollAct(
        "confirm-omitted",
        "同意认定回盘缺项",
        (P.CHECK_ROLL_COUNTY,),
        frozenset({RollState.SENT}),
        OpinionForm,
        "财政提出：银行回盘里没有的付款没有付出。同意后这些付款转为发放失败，可以重发；以后银行又回报成功的，不再登记。",
        "已认定，转为发放失败。",
        danger=True,
    ),
    RollAct(
        "drop-omitted",
        "不认定回盘缺项",
        (P.CHECK_ROLL_COUNTY, P.RECORD_PAYMENT),
        frozenset({RollState.SENT}),
        ReasonForm,
        "不按发放失败处理，继续等银行回盘。",
        "已退回，继续等银行回盘。",
    ),
)
ACTS: Mapping[str, RollAct] = {act.name: act for act in (*_ALL, *_OMISSIONS)}
"""By name, the next signature first."""
