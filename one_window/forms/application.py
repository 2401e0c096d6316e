"""Account, and the application itself: schemes, applicant, channel, year, reason."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from applications.models.intakes import APPLIED_BY, Channel
from applications.rules.accounting import accounting_years
from households.forms import AgentForm, BankAccountForm
from one_window.queries import IntakeFacts
from organizations.models.delegations import Scheme


class IntakeAccountForm(BankAccountForm):
    """发放账户; the number in use stays sealed and is kept where the field is left empty."""

    def __init__(self, *args: Any, facts: IntakeFacts, **kwargs: Any) -> None:
        self.current = facts.account
        names = ("bank", "holder", "payee_kind", "payee_member", "payee_name", "payee_relation")
        head = facts.head
        recorded: dict[str, Any] = {"holder": str(head.person) if head else ""}
        if self.current is not None:
            recorded = {name: getattr(self.current, name) for name in names}
            recorded["payee_member"] = self.current.payee_member_id
        kwargs["initial"] = recorded
        super().__init__(*args, household=facts.household, **kwargs)
        member: Any = self.fields["payee_member"]
        member.choices = [("", "户主"), *[(item.pk, str(item.person)) for item in facts.members]]
        self.fields["account"].required = False
        if self.current is not None:
            self.fields["account"].widget.attrs["placeholder"] = str(self.current.account)

    def clean_account(self) -> str:
        """
        :raises ValidationError: no number, and none is recorded.
        """
        typed: str = self.cleaned_data["account"]
        if typed:
            return typed
        if self.current is None:
            raise ValidationError("请填账号。")
        return self.current.account.reveal()


class IntakeAgentForm(AgentForm):
    """代理人; numbers recorded stay sealed, and an emptied name ends the mandate."""

    def __init__(self, *args: Any, facts: IntakeFacts, **kwargs: Any) -> None:
        agent = facts.agent
        recorded = {"name": agent.name, "relation": agent.relation} if agent else {}
        kwargs["initial"] = recorded
        super().__init__(*args, **kwargs)
        for name in ("name", "relation"):
            self.fields[name].required = False
        for name in ("id_number", "phone"):
            self.fields[name].widget.attrs["placeholder"] = str(getattr(agent, name) or "") if agent else ""

    def clean(self) -> dict[str, Any]:
        """Whoever is named stands in some relation to the family, and whoever stands in one has a name."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("name") and not cleaned.get("relation"):
            self.add_error("relation", "请填代理人与申请人的关系或所在单位。")
        elif not cleaned.get("name") and any(cleaned.get(name) for name in ("relation", "id_number", "phone")):
            self.add_error("name", "请填代理人姓名；不再委托的，请把代理人各项清空。")
        return cleaned


class ApplicationForm(forms.Form):
    """七、申请."""

    schemes = forms.MultipleChoiceField(label="申请救助", widget=forms.CheckboxSelectMultiple)
    applicant = forms.TypedChoiceField(label="申请人", coerce=int)
    channel = forms.ChoiceField(label="申请方式", choices=APPLIED_BY)
    accounting_year = forms.TypedChoiceField(label="收入核算年度", coerce=int)
    reason = forms.CharField(label="申请理由", max_length=300, widget=forms.Textarea({"rows": 2}))

    def __init__(self, *args: Any, facts: IntakeFacts, **kwargs: Any) -> None:
        kwargs["initial"] = _recorded(facts)
        super().__init__(*args, **kwargs)
        self.facts = facts
        labels = {
            "dibao": "最低生活保障（低保）",
            "tekun": "特困人员救助供养（特困）",
            "marginal": "低保边缘家庭认定",
            "rigid_expense_household": "刚性支出困难家庭认定",
            "temporary_aid": "临时救助（支出型）",
        }
        offered = {*facts.openable, *facts.schemes}
        choices = [(value, labels[value]) for value in Scheme.values if value in offered]
        schemes: Any = self.fields["schemes"]
        schemes.choices = choices
        if not labels.keys() - {Scheme.TEMPORARY_AID} <= offered:
            schemes.help_text = "没有列出的险种，办理时限还没有设置，暂不能受理。"
        applicant: Any = self.fields["applicant"]
        applicant.choices = [(member.pk, str(member.person)) for member in facts.members]
        year: Any = self.fields["accounting_year"]
        years = sorted({*accounting_years(on=timezone.localdate()), facts.year}, reverse=True)
        year.choices = [(value, f"{value}年（近12个月）") for value in years]


def _recorded(facts: IntakeFacts) -> dict[str, Any]:
    intake, head = facts.intake, facts.head
    if intake is None:
        return {
            "schemes": lambda: facts.suggested,  # only where it is shown or compared: it costs an assessment
            "applicant": head.pk if head else None,
            "channel": Channel.AGENT if facts.agent else Channel.WINDOW,
            "accounting_year": facts.year,
            "reason": facts.household.hardship_causes,
        }
    return {
        "schemes": facts.schemes,
        "applicant": intake.applicant_id,
        "channel": intake.channel,
        "accounting_year": intake.accounting_year,
        "reason": intake.reason,
    }
