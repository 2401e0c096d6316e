"""备用金: filters of its pages, and what is asked when money moves, is asked for, or is reconciled."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from foundation.form_fields import AmountField, DayInput, hide_if_alone
from foundation.lists import ListSpec, register_list
from organizations.models import Area
from temporary_aid.forms.filters import ANY
from temporary_aid.models import EntryKind, ReplenishmentState
from temporary_aid.queries.reserve_lists import SHOWN_RESERVES

_LINES = {"rows": 2}


def offer_townships(form: forms.Form, townships: Iterable[Area]) -> None:
    """Offer townships to filter by; nothing is asked where there is one."""
    field: Any = form.fields["township"]
    field.choices = ANY + [(area.code, area.name) for area in townships]
    hide_if_alone(form, "township")


class LedgerFilter(forms.Form):
    """Filters of a ledger (台账)."""

    kind = forms.ChoiceField(label="种类", required=False, choices=[*ANY, *EntryKind.choices])
    since = forms.DateField(label="从", required=False, widget=DayInput())
    until = forms.DateField(label="到", required=False, widget=DayInput())

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        since, until = found.get("since"), found.get("until")
        if since and until and since > until:
            self.add_error("until", "结束日期不能早于开始日期。")
        return found


class EntryFilter(LedgerFilter):
    """Filters of the entries of all reserves (备用金流水)."""

    township = forms.ChoiceField(label="乡镇", required=False)
    field_order = ("township", "kind", "since", "until")

    def __init__(self, data: Any, *, townships: Iterable[Area]) -> None:
        super().__init__(data)
        offer_townships(self, townships)


class OverviewFilter(forms.Form):
    """Which reserves the overview shows."""

    show = forms.ChoiceField(label="只看", required=False, choices=[*ANY, *SHOWN_RESERVES.items()])


class SheetFilter(forms.Form):
    """Of which year the signed sheets are listed."""

    year = forms.IntegerField(label="年度", required=False, min_value=2000, max_value=2100)


class ReplenishmentFilter(forms.Form):
    """Filters of the requests (补拨申请)."""

    state = forms.ChoiceField(
        label="状态", required=False, choices=[*ANY, ("open", "正在办理"), *ReplenishmentState.choices]
    )
    township = forms.ChoiceField(label="乡镇", required=False)

    def __init__(self, data: Any, *, townships: Iterable[Area]) -> None:
        super().__init__(data)
        offer_townships(self, townships)


class OpenFundForm(forms.Form):
    """Of which township, from which day on."""

    area = forms.ModelChoiceField(label="乡镇", queryset=Area.objects.none(), empty_label="请选择")
    opened_on = forms.DateField(label="设立日期", widget=DayInput(), help_text="以后的流水不能早于这一天。")

    def __init__(self, *args: Any, townships: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["area"]
        field.queryset = townships


class MoneyForm(forms.Form):
    """How much, on which voucher, when, what for."""

    amount = AmountField(label="金额（元）")
    voucher = forms.CharField(label="凭证号", max_length=40)
    on = forms.DateField(label="日期", widget=DayInput())
    note = forms.CharField(label="摘要", max_length=120, help_text="例如年初拨款、年末收回。")


class CorrectForm(forms.Form):
    """What the entry should have said."""

    right_amount = AmountField(label="正确金额（元）", help_text="本不该有这一笔的，填0。")
    on = forms.DateField(label="更正日期", widget=DayInput())
    reason = forms.CharField(label="错在哪里", max_length=100, widget=forms.Textarea(attrs=_LINES))


class AskForm(forms.Form):
    """How much the township asks for."""

    amount = AmountField(label="申请金额（元）")
    reason = forms.CharField(label="理由", max_length=200, widget=forms.Textarea(attrs=_LINES))


class AnswerForm(forms.Form):
    """The county's answer to a request."""

    answer = forms.ChoiceField(
        label="审批意见",
        choices=[("approve", "同意补拨"), ("refuse", "不予补拨")],
        widget=forms.RadioSelect,
        error_messages={"required": "请选择同意或不予补拨。"},
    )
    amount = AmountField(label="批准金额（元）", required=False, help_text="同意补拨的填写。")
    opinion = forms.CharField(
        label="意见",
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs=_LINES),
        help_text="不予补拨，或金额与申请不同的，必须写明。",
    )

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("answer") == "approve" and found.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", ValidationError("请填批准金额。", code="required"))
        return found


class PayForm(forms.Form):
    """On which voucher the money was paid in, and when."""

    voucher = forms.CharField(label="拨款凭证号", max_length=40)
    on = forms.DateField(label="到账日期", widget=DayInput())


class RevokeForm(forms.Form):
    """Why the granted money is not paid."""

    reason = forms.CharField(
        label="撤销原因",
        max_length=200,
        widget=forms.Textarea(attrs=_LINES),
        help_text="如：财政资金不能到位；已用“拨入”登记了同一笔资金的，写明是台账第几笔。",
    )


class SheetForm(forms.Form):
    """The money counted on the last day of the month."""

    counted_cash = AmountField(label="库存现金（元）", help_text="月末盘点的现金；没有填0。")
    bank_balance = AmountField(label="银行存款（元）", help_text="月末银行对账单余额；没有填0。")
    difference_note = forms.CharField(
        label="差异说明",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs=_LINES),
        help_text="现金加存款与期末余额不符，或有先行单对不上的，写明原因。",
    )


REPLENISHMENT_LIST = register_list(
    ListSpec(
        key="replenishments",
        url_name="temporary_aid:replenishments",
        filters=frozenset(ReplenishmentFilter.base_fields),
    )
)
ENTRY_LIST = register_list(
    ListSpec(
        key="reserve_entries",
        url_name="temporary_aid:reserve_entries",
        filters=frozenset(EntryFilter.base_fields),
    )
)
