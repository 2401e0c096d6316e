"""Incomes, spending and supporters as rows; property as a form."""

from collections.abc import Iterable
from typing import Any

from django import forms

from foundation.form_fields import AmountField, DayInput, IdNumberField, PersonNameField
from households.forms.fields import PhoneField
from households.forms.people import optional
from households.models import Attachment, Expense, Household, Income, Member, Supporter
from households.models.means import ExpenseKind, Incapacity, IncomeKind, SupporterStatus
from households.models.people import DisabilityKind, DisabilityLevel
from households.queries import attachments_of, current_members
from households.services import ExpenseData, IncomeData, SupporterData
from households.services.means import PROPERTY_FACTS, SUPPORTER_FACTS


class _OfFamily(forms.Form):
    """Rows that name members and papers of one family; choices are given, so that rows ask the database nothing."""

    id = forms.IntegerField(widget=forms.HiddenInput, required=False)
    member = forms.TypedChoiceField(label="成员", empty_value=None)

    def __init__(
        self, *args: Any, members: Iterable[Member] = (), papers: Iterable[Attachment] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._members = {str(member.pk): member for member in members}
        self._papers = {str(paper.pk): paper for paper in papers}
        member: Any = self.fields["member"]
        member.choices = optional([(key, str(item.person)) for key, item in self._members.items()], "请选择")
        if "evidence" in self.fields:
            evidence: Any = self.fields["evidence"]
            evidence.choices = optional([(key, str(item)) for key, item in self._papers.items()], "未附")

    def clean_member(self) -> Member | None:
        """The member chosen."""
        return self._members.get(self.cleaned_data["member"] or "")

    def clean_evidence(self) -> Attachment | None:
        """The paper chosen."""
        return self._papers.get(self.cleaned_data["evidence"] or "")


class IncomeRowForm(_OfFamily):
    """收入: who, what, how much a year, by what evidence."""

    label = forms.CharField(label="项目", max_length=60, required=False)
    kind = forms.ChoiceField(label="类别", choices=optional(IncomeKind.choices, "请选择"))
    yearly_amount = AmountField(label="年金额（元）")
    evidence_note = forms.CharField(label="凭据", max_length=100, required=False)
    evidence = forms.TypedChoiceField(label="附件", required=False, empty_value=None)

    def row(self) -> IncomeData:
        """What ``services.save_incomes`` takes."""
        names = ("member", "kind", "yearly_amount", "label", "evidence_note", "evidence")
        cleaned = self.cleaned_data
        return IncomeData(**{name: cleaned[name] for name in names}, pk=cleaned["id"])


class ExpenseRowForm(_OfFamily):
    """刚性支出、就业成本: claimed, and approved after checking the papers."""

    label = forms.CharField(label="项目", max_length=60, required=False)
    kind = forms.ChoiceField(label="类别", choices=optional(ExpenseKind.choices, "请选择"))
    claimed_yearly_amount = AmountField(label="申报（元/年）", required=False)
    yearly_amount = AmountField(label="核减（元/年）")
    evidence_note = forms.CharField(label="凭据", max_length=100, required=False)
    evidence = forms.TypedChoiceField(label="附件", required=False, empty_value=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        member: Any = self.fields["member"]
        member.required = False
        member.choices = [("", "全家"), *member.choices[1:]]

    def clean(self) -> dict[str, Any]:
        """Approved spending stays within the claim."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        claimed, approved = cleaned.get("claimed_yearly_amount"), cleaned.get("yearly_amount")
        if claimed is not None and approved is not None and approved > claimed:
            self.add_error("yearly_amount", "核减额不能超过申报额。")
        return cleaned

    def row(self) -> ExpenseData:
        """What ``services.save_expenses`` takes."""
        names = ("member", "kind", "yearly_amount", "claimed_yearly_amount", "label", "evidence_note", "evidence")
        cleaned = self.cleaned_data
        return ExpenseData(**{name: cleaned[name] for name in names}, pk=cleaned["id"])


class BaseRows(forms.BaseFormSet):
    """Rows of which empty new ones and removed ones count for nothing."""

    def rows(self) -> list[Any]:
        """What the services take: every row that is filled and kept."""
        return [
            form.row()
            for form in self.forms
            if (form.has_changed() or form.initial.get("id")) and not form.cleaned_data.get("DELETE")
        ]


_ROWS: dict[str, Any] = {"formset": BaseRows, "can_delete": True, "max_num": 60, "validate_max": True}
IncomeRows = forms.formset_factory(IncomeRowForm, extra=1, **_ROWS)
ExpenseRows = forms.formset_factory(ExpenseRowForm, extra=1, **_ROWS)


def income_rows(household: Household, incomes: Iterable[Income], data: Any = None, prefix: str = "incomes") -> Any:
    """The rows of a year's incomes, to show or as sent; ``rows()`` of a valid one goes to ``save_incomes``."""
    names = ("id", "label", "kind", "yearly_amount", "evidence_note")
    return IncomeRows(data, prefix=prefix, initial=_initial(incomes, names), form_kwargs=_of_family(household))


def expense_rows(household: Household, expenses: Iterable[Expense], data: Any = None, prefix: str = "expenses") -> Any:
    """The rows of a year's approved spending; ``rows()`` of a valid one goes to ``save_expenses``."""
    names = ("id", "label", "kind", "yearly_amount", "claimed_yearly_amount", "evidence_note")
    return ExpenseRows(data, prefix=prefix, initial=_initial(expenses, names), form_kwargs=_of_family(household))


def _initial(rows: Iterable[Any], names: Iterable[str]) -> list[dict[str, Any]]:
    return [
        {name: getattr(row, name) for name in names}
        | {"member": str(row.member_id or ""), "evidence": str(row.evidence_id or "")}
        for row in rows
    ]


def _of_family(household: Household) -> dict[str, Any]:
    return {"members": list(current_members(household)), "papers": list(attachments_of(household))}


class PropertyForm(forms.Form):
    """财产 (F57 §14): what counts; what is exempted is named."""

    financial_assets = AmountField(label="金融资产（元）", help_text="存款、证券、商业保险、互联网资产合计。")
    vehicles = forms.IntegerField(label="机动车（辆）", min_value=0, max_value=99, initial=0)
    vehicle_value = AmountField(label="最贵一辆的价值（元）")
    houses = forms.IntegerField(label="住房（套）", min_value=0, max_value=99, initial=0)
    businesses = forms.IntegerField(label="经营主体（个）", min_value=0, max_value=99, initial=0)
    exempted = forms.CharField(label="豁免的生产生活必需财产", max_length=200, required=False)
    note = forms.CharField(label="说明", max_length=200, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def facts(self) -> dict[str, Any]:
        """What ``services.save_property`` takes."""
        return {name: self.cleaned_data[name] for name in PROPERTY_FACTS}


class SupporterRowForm(forms.Form):
    """家庭外法定义务人 as a row."""

    id = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = PersonNameField()
    relation = forms.CharField(label="关系", max_length=20)
    id_number = IdNumberField(required=False)
    phone = PhoneField(label="电话", required=False)
    birth_date = forms.DateField(label="出生日期", widget=DayInput({"data-id-fill": "birth_date"}))
    status = forms.ChoiceField(label="身份", choices=SupporterStatus.choices, initial=SupporterStatus.OTHER)
    yearly_income = AmountField(label="年收入（元）")
    disability_kind = forms.ChoiceField(
        label="残疾类别", required=False, choices=optional(DisabilityKind.choices, "无")
    )
    disability_level = forms.TypedChoiceField(
        label="等级", required=False, choices=optional(DisabilityLevel.choices), coerce=int, empty_value=None
    )
    incapacity = forms.ChoiceField(label="无履行能力情形", choices=Incapacity.choices, initial=Incapacity.NONE)
    property_within_limit = forms.BooleanField(label="财产合规", required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("id_number", "phone"):
            if sealed := self.initial.pop(f"{name}_sealed", ""):
                self.fields[name].widget.attrs["placeholder"] = sealed

    def clean(self) -> dict[str, Any]:
        """A disability has kind and level."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if bool(cleaned.get("disability_kind")) != bool(cleaned.get("disability_level")):
            self.add_error("disability_level", "残疾类别和等级要一起填。")
        return cleaned

    def row(self) -> SupporterData:
        """What ``services.save_supporters`` takes; a number left empty stays as it was."""
        cleaned = self.cleaned_data
        kept = {"id_number", "phone"} if cleaned["id"] else set()
        facts = {name: cleaned[name] for name in SUPPORTER_FACTS if cleaned[name] or name not in kept}
        return SupporterData(
            name=cleaned["name"],
            relation=cleaned["relation"],
            birth_date=cleaned["birth_date"],
            facts=facts,
            pk=cleaned["id"],
        )


SupporterRows = forms.formset_factory(SupporterRowForm, extra=1, **_ROWS)


class SupportersForm(forms.Form):
    """Whether everybody who owes support is known."""

    known_all = forms.BooleanField(label="家庭外法定义务人已全部查明（没有的也勾选）", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


def supporter_rows(supporters: Iterable[Supporter], data: Any = None) -> Any:
    """The rows of a member's supporters."""
    names = [name for name in SUPPORTER_FACTS if name not in ("id_number", "phone")]
    names += ["id", "name", "relation", "birth_date"]
    initial = [
        {name: getattr(row, name) for name in names}
        | {"id_number_sealed": str(row.id_number), "phone_sealed": str(row.phone)}
        for row in supporters
    ]
    return SupporterRows(data, prefix="supporters", initial=initial)
