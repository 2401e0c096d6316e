"""What is asked about monthly rolls: the filters of their lists, which to make, why one goes back."""

from typing import Any

from django import forms

from benefits.forms.months import MonthField
from benefits.models import MonthlyRoll, RollState
from benefits.queries.funds import PAID_MONTHLY
from benefits.queries.rolls import LINE_FILTERS, villages_of_roll
from benefits.rules.differences import Change
from foundation.form_fields import DayInput, hide_if_alone
from foundation.lists import ListSpec, register_list
from organizations.models import Staff
from organizations.permissions import Permission
from organizations.queries import townships_for

ANY = [("", "全部")]
SCHEMES = [(scheme.value, scheme.label) for scheme in PAID_MONTHLY]


def choose_township(form: forms.Form, staff: Staff, permission: Permission) -> None:
    """Offer the townships in which the person may do the act; nothing is asked where there is one."""
    field: Any = form.fields["township"]
    field.choices = ANY + [(area.code, area.name) for area in townships_for(staff, permission)]
    hide_if_alone(form, "township")


class RollFilter(forms.Form):
    """Filters of the list of rolls; what cannot be read lists nothing."""

    month = MonthField(label="月份", required=False)
    scheme = forms.ChoiceField(label="险种", required=False, choices=ANY + SCHEMES)
    township = forms.ChoiceField(label="乡镇", required=False)
    state = forms.ChoiceField(label="状态", required=False, choices=ANY + RollState.choices)

    def __init__(self, data: Any, *, staff: Staff) -> None:
        super().__init__(data)
        choose_township(self, staff, Permission.VIEW_ROLL)


class LineFilter(forms.Form):
    """Filters of a roll's lines; what cannot be read lists nothing."""

    q = forms.CharField(label="户主、领款人或村", required=False, max_length=60)
    village = forms.ChoiceField(label="村（社区）", required=False)
    show = forms.ChoiceField(label="只看", required=False, choices=ANY + list(LINE_FILTERS.items()))

    def __init__(self, data: Any, *, roll: MonthlyRoll) -> None:
        super().__init__(data)
        field: Any = self.fields["village"]
        field.choices = ANY + villages_of_roll(roll)


class FailedFilter(forms.Form):
    """Filters of the payments that failed."""

    township = forms.ChoiceField(label="乡镇", required=False)
    scheme = forms.ChoiceField(label="险种", required=False, choices=ANY + SCHEMES)

    def __init__(self, data: Any, *, staff: Staff) -> None:
        super().__init__(data)
        choose_township(self, staff, Permission.VIEW_ROLL)


class ComparisonFilter(forms.Form):
    """Which two months are compared: a month with the one before."""

    month = MonthField(label="月份")
    scheme = forms.ChoiceField(label="险种", choices=SCHEMES)
    township = forms.ChoiceField(label="乡镇", required=False)
    change = forms.ChoiceField(
        label="变动",
        required=False,
        choices=[("", "全部变动"), *((change.value, change.label) for change in Change if change != Change.SAME)],
    )

    def __init__(self, data: Any, *, staff: Staff) -> None:
        super().__init__(data)
        choose_township(self, staff, Permission.VIEW_ROLL)


class PrepareForm(forms.Form):
    """Which rolls to make (生成发放册): of a month, a scheme, some townships."""

    month = MonthField(label="发放月", error_messages={"required": "请选择发放月。"})
    scheme = forms.ChoiceField(label="险种", choices=SCHEMES)
    townships = forms.MultipleChoiceField(
        label="乡镇",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一个乡镇。"},
    )
    token = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(self, *args: Any, staff: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.areas = {area.code: area for area in townships_for(staff, Permission.PREPARE_ROLL)}
        field: Any = self.fields["townships"]
        field.choices = [(code, area.name) for code, area in self.areas.items()]


class ReasonForm(forms.Form):
    """Why a roll goes back or is made void."""

    reason = forms.CharField(
        label="原因",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "请写明原因。"},
        help_text="会记在发放册的经过里，前面的经办人都能看到。",
    )


class ReturnForm(forms.Form):
    """A bank's return (回盘): Excel or CSV."""

    file = forms.FileField(
        label="回盘文件（.xlsx 或 .csv）",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
        error_messages={"required": "请选择银行给的回盘文件。", "empty": "文件是空的，请重新选择。"},
    )


class TakeForm(forms.Form):
    """How a return is taken."""

    take = forms.ChoiceField(
        label="怎样登记",
        widget=forms.RadioSelect,
        choices=[
            ("all", "全部相符才登记：有一行不符，就一行也不登记"),
            ("good", "只登记相符的行：不符的行留着，改正后重新上传"),
        ],
        initial="all",
    )


ROLL_LIST = register_list(ListSpec(key="rolls", url_name="benefits:rolls", filters=frozenset(RollFilter.base_fields)))
FAILED_LIST = register_list(
    ListSpec(key="failed_payments", url_name="benefits:failed", filters=frozenset(FailedFilter.base_fields))
)


class AccountRightForm(forms.Form):
    """核实账户: what the bank and the family say of an account that the bank refused."""

    note = forms.CharField(label="核实情况", max_length=150, help_text="例如银行系统故障、跨行清算超时，账户正常。")


class BouncedForm(forms.Form):
    """退票: when the bank gave the payment back, why, and on what slip."""

    returned_on = forms.DateField(label="退票日期", widget=DayInput)
    reason = forms.CharField(label="银行退票的原因", max_length=150)
    source = forms.CharField(label="银行凭证", max_length=120, help_text="退票通知的编号，或者银行文件的名称。")
