"""小额先行救助: what is asked to ask, pay, supplement, check, and to have money back."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from applications.forms.base import ScansField
from benefits.forms.months import MonthField
from eligibility.rules.choices import AidGrade
from foundation.form_fields import AmountField, DayInput, PhotoField, ScanField
from foundation.lists import ListSpec, register_list
from organizations.models import Staff
from temporary_aid.forms.filters import ANY, areas_of_filter, plain_text
from temporary_aid.forms.reports import MomentField
from temporary_aid.models import StageForm
from temporary_aid.queries.advances import STANDINGS, AdvanceFilter
from temporary_aid.rules.plans import PlannedStage
from temporary_aid.services.advancing import AdvanceData, AskData
from temporary_aid.services.granting import Reasons
from temporary_aid.services.recouping import RepaymentData
from temporary_aid.services.supplementing import SupplementData


def _text(label: str, *, most: int, rows: int = 2, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, widget=forms.Textarea({"rows": rows}), **more)


class ReasonForm(forms.Form):
    """Why something is declined, released or written off."""

    reason = _text("理由", most=200, rows=3)


class AskForm(forms.Form):
    """村级提请先行救助."""

    amount = AmountField(label="提请金额（元）")
    word = _text("村级意见", most=300, initial="经村里核实，情况属实，请先行救助。")
    vouched_by = forms.CharField(label="村级证明人", max_length=60)
    vouched_position = forms.CharField(label="证明人职务", max_length=60, required=False)
    photo = PhotoField(label="现场照片", help_text="拍照，或者选 JPG、PNG 图片。")

    def asked(self) -> AskData:
        """What ``services.ask_advance`` takes, but for the photo."""
        return AskData(**{name: value for name, value in self.cleaned_data.items() if name != "photo"})


class PayForm(forms.Form):
    """小额先行救助: pay from the reserve."""

    grade = forms.ChoiceField(
        label="困难程度", choices=[(grade.value, grade.label) for grade in AidGrade], widget=forms.RadioSelect
    )
    amount = AmountField(label="先行金额（元）")
    paid_at = MomentField(
        label="到手时间", required=False, help_text="家庭拿到钱的时间；夜里发放、早上登记的，改成夜里的时间。"
    )
    entry_reason = forms.CharField(label="补记原因", max_length=200, required=False)
    received_by = forms.CharField(label="领取人", max_length=60)
    second_hand = forms.CharField(label="第二经办人", max_length=60, help_text="同去发放的另一名工作人员。")
    receipt = ScanField(label="领取签字照片", required=False)
    voucher = forms.CharField(label="凭证号", max_length=40, required=False)
    relieved_on = forms.DateField(
        label="急难解除日",
        widget=DayInput,
        required=False,
        help_text="已经解除的才填；补手续的工作日从这天算起，没填的从发放日算起。",
    )
    below_reason = _text("低于下限的理由", most=200, required=False)
    difference_reason = _text("与建议金额不同的理由", most=200, required=False)
    late_reason = _text("超过时限的原因", most=200, required=False)

    def advance(self) -> AdvanceData:
        """What ``services.pay_advance`` takes, but for the receipt."""
        values = dict(self.cleaned_data)
        values.pop("receipt")
        reasons = Reasons(values.pop("below_reason"), values.pop("difference_reason"))
        return AdvanceData(**values, reasons=reasons)


class RelievedForm(forms.Form):
    """急难解除日; why it is another, once one is registered."""

    relieved_on = forms.DateField(label="急难解除日", widget=DayInput)
    relieved_reason = _text("更正的理由", most=200, required=False)

    def __init__(self, data: Any = None, *, held: date | None = None) -> None:
        super().__init__(data, initial={"relieved_on": held or timezone.localdate()})
        if held is None:
            del self.fields["relieved_reason"]


class SupplementForm(forms.Form):
    """补充说明: the facts, and what was signed and stamped afterwards."""

    facts = _text("核实情况", most=500, rows=4, help_text="救助对象、事由、金额是否属实，怎样核实的。")
    relieved_on = forms.DateField(label="急难解除日", widget=DayInput, required=False)
    relieved_reason = _text(
        "更正急难解除日的理由", most=200, required=False, help_text="登记过急难解除日、现在改的，才填。"
    )
    papers = ScansField(label="补签字盖章的材料", help_text="可以一次选几份：照片或 PDF。")
    late_reason = _text("逾期原因", most=200, required=False, help_text="超过补手续期限的才填。")

    def supplement(self) -> SupplementData:
        """What ``services.submit_supplement`` takes, but for the papers."""
        return SupplementData(**{name: value for name, value in self.cleaned_data.items() if name != "papers"})


class CheckForm(forms.Form):
    """审核补充说明: accept, with one further stage where it is needed, or send back."""

    answer = forms.ChoiceField(
        choices=(("accept", "审核通过"), ("back", "退回补充")),
        error_messages=dict.fromkeys(("required", "invalid_choice"), "请点“审核通过”或“退回补充”。"),
    )
    opinion = _text("审核意见", most=300, initial="情况属实，同意。", help_text="退回的，写明要补充什么。")
    further_amount = AmountField(
        label="增加一期（元）", required=False, help_text="先行的不够，还要再发一期的才填；各期合计受上限约束。"
    )
    further_on = forms.DateField(label="增加一期的计划日期", widget=DayInput, required=False)
    further_condition = forms.CharField(label="增加一期的发放条件", max_length=120, required=False)
    below_reason = _text("低于下限的理由", most=200, required=False)
    difference_reason = _text("与建议金额不同的理由", most=200, required=False)

    def clean(self) -> dict[str, Any]:
        """A further stage has an amount."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        beside = cleaned.get("further_on") or cleaned.get("further_condition")
        if beside and not cleaned.get("further_amount") and "further_amount" not in self.errors:
            self.add_error("further_amount", "请填增加一期的金额；不增加的，清空计划日期和条件。")
        return cleaned

    def further(self) -> list[PlannedStage]:
        """The stages beside what was paid."""
        amount: Decimal | None = self.cleaned_data["further_amount"]
        if not amount:
            return []
        planned_on, condition = (self.cleaned_data[f"further_{name}"] for name in ("on", "condition"))
        return [PlannedStage(StageForm.MONEY, amount, planned_on=planned_on, condition=condition)]

    def reasons(self) -> Reasons:
        return Reasons(self.cleaned_data["below_reason"], self.cleaned_data["difference_reason"])


class RecoupForm(forms.Form):
    """决定追回."""

    due_amount = AmountField(label="应追回（元）")
    reason = _text("追回原因", most=300, rows=3)


class RepayForm(forms.Form):
    """登记退回款项."""

    amount = AmountField(label="退回金额（元）")
    repaid_on = forms.DateField(label="退回日期", widget=DayInput)
    voucher = forms.CharField(label="凭证号", max_length=40)
    to_reserve = forms.TypedChoiceField(
        label="退回到",
        choices=(("yes", "乡镇备用金"), ("no", "县级资金")),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )

    def repayment(self) -> RepaymentData:
        """What ``services.record_repayment`` takes."""
        return RepaymentData(**self.cleaned_data)


class AdvanceListForm(forms.Form):
    """Filters of 小额先行救助台账; what cannot be read lists nothing."""

    q = forms.CharField(label="姓名、先行单或救助编号", required=False, max_length=60)
    standing = forms.ChoiceField(
        label="手续", required=False, choices=[*ANY, *((key, words) for key, (words, _) in STANDINGS.items())]
    )
    late = forms.ChoiceField(
        label="救助时限", required=False, choices=[*ANY, ("no", "时限内到手"), ("yes", "超过时限")]
    )
    month = MonthField(label="发放月份", required=False)
    township = forms.ChoiceField(label="乡镇", required=False)
    village = forms.ChoiceField(label="村（社区）", required=False)

    def __init__(self, data: Any, *, staff: Staff) -> None:
        super().__init__(data)
        areas_of_filter(self, staff)

    def clean_q(self) -> str:
        return plain_text(self.cleaned_data["q"])

    @property
    def wanted(self) -> AdvanceFilter:
        """What the list is cut to, once the form is valid."""
        values = dict(self.cleaned_data)
        return AdvanceFilter(text=values.pop("q"), **values)


ADVANCE_LIST = register_list(
    ListSpec(
        key="petty_advances",
        url_name="temporary_aid:advances",
        filters=frozenset(AdvanceListForm.base_fields),
    )
)
