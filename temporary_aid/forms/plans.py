"""拟发放计划: the stages of an aid as rows, and the proposal or decision that they belong to."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms

from eligibility.rules.choices import AidGrade
from foundation.form_fields import AmountField, DayInput
from foundation.money import in_figures
from organizations.models import Area
from temporary_aid.models import ServiceKind, StageForm, TemporaryAid
from temporary_aid.queries.planning import bought_item, planned_item
from temporary_aid.queries.stock import ItemInStock, items_for
from temporary_aid.rules.plans import PlannedItem, PlannedStage, read_plan
from temporary_aid.services import ProposalData, Reasons

_GRADES = [("", "请选择"), *((grade.value, grade.label) for grade in AidGrade)]
MOST_STAGES = 12
BOUGHT = "bought"
"""The choice of goods that the stock does not have (另购)."""
_ASKED_OF_BOUGHT = {"bought": "另购的，请填物资名称。", "unit": "请填单位。", "unit_value": "请填单价。"}


class StageRow(forms.Form):
    """一期: money, goods or a service, on a day or under a condition, or together with the row before."""

    form = forms.ChoiceField(label="方式", choices=[("", "请选择"), *StageForm.choices])
    together = forms.BooleanField(label="与上一行同时发放", required=False)
    amount = AmountField(label="金额（元）", required=False)
    item = forms.ChoiceField(label="物资", required=False)
    bought = forms.CharField(label="另购物资名称", required=False, max_length=40)
    unit = forms.CharField(label="单位", required=False, max_length=10)
    unit_value = AmountField(label="单价（元）", required=False)
    count = forms.IntegerField(label="数量", required=False, min_value=1, max_value=9999)
    service = forms.ChoiceField(label="转介服务", required=False, choices=[("", "—"), *ServiceKind.choices])
    provider = forms.CharField(label="提供单位", required=False, max_length=60)
    planned_on = forms.DateField(label="计划日期", required=False, widget=DayInput)
    condition = forms.CharField(label="发放条件", required=False, max_length=120)

    def __init__(self, *args: Any, items: Sequence[ItemInStock] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._items = {str(item.item): item for item in items}
        field: Any = self.fields["item"]
        field.choices = [("", "—"), *((key, _in_stock(item)) for key, item in self._items.items()), (BOUGHT, "另购")]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        check = {"money": self._check_money, "in_kind": self._check_goods, "service": self._check_service}
        if cleaned.get("form") in check:
            check[cleaned["form"]](cleaned)
        if cleaned.get("together"):
            self._check_together(cleaned)
        return cleaned

    def _check_money(self, cleaned: dict[str, Any]) -> None:
        if not cleaned.get("amount") and "amount" not in self.errors:
            self.add_error("amount", "发放资金的，请填金额。")

    def _check_goods(self, cleaned: dict[str, Any]) -> None:
        if not cleaned.get("item") and "item" not in self.errors:
            self.add_error("item", "发放实物的，请选择物资；库存里没有的，选“另购”。")
        if not cleaned.get("count") and "count" not in self.errors:
            self.add_error("count", "请填数量。")
        if cleaned.get("item") == BOUGHT:
            for name, sentence in _ASKED_OF_BOUGHT.items():
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, sentence)

    def _check_service(self, cleaned: dict[str, Any]) -> None:
        if not cleaned.get("service"):
            self.add_error("service", "转介服务的，请选择哪种服务。")

    def _check_together(self, cleaned: dict[str, Any]) -> None:
        for name in ("planned_on", "condition"):
            if cleaned.get(name):
                self.add_error(name, "与上一行同时发放的，随上一行，这里不填。")

    def _goods(self) -> tuple[PlannedItem, ...]:
        row = self.cleaned_data
        if row["form"] != StageForm.IN_KIND:
            return ()
        if row["item"] == BOUGHT:
            return (bought_item(row["bought"].strip(), row["unit"].strip(), row["count"], row["unit_value"]),)
        return (planned_item(self._items[row["item"]], row["count"]),)

    def stage(self) -> PlannedStage:
        """The row as the services take it; goods count by their value, whatever amount is typed."""
        row = self.cleaned_data
        items = self._goods()
        amount = sum((item.value for item in items), Decimal(0)) if items else row["amount"] or Decimal("0.00")
        is_service = row["form"] == StageForm.SERVICE
        return PlannedStage(
            form=row["form"],
            amount=amount,
            planned_on=row["planned_on"],
            condition=row["condition"].strip(),
            service=row["service"] if is_service else "",
            provider=row["provider"].strip(),
            items=items,
            together=row["together"],
        )


class BaseStageRows(forms.BaseFormSet):
    """Stages in their order; empty and removed rows count for nothing."""

    def clean(self) -> None:
        kept = self._kept()
        if kept and kept[0].cleaned_data.get("together"):
            kept[0].add_error("together", "第1行前面没有别的期次，请不要勾选。")

    def stages(self) -> list[PlannedStage]:
        """What is filled and kept."""
        return [form.stage() for form in self._kept()]

    def _kept(self) -> list[Any]:
        rows: list[Any] = list(self.forms)
        return [
            form
            for form in rows
            if getattr(form, "cleaned_data", {}).get("form") and not form.cleaned_data.get("DELETE")
        ]


StageRows = forms.formset_factory(
    StageRow, formset=BaseStageRows, extra=1, can_delete=True, max_num=MOST_STAGES, validate_max=True
)


def stage_rows(
    data: Any = None, *, area: Area, plan: Sequence[dict[str, Any]] = (), suggested: Decimal | None = None
) -> Any:
    """The rows of a plan as kept, or one row of money with what is suggested; or as sent.

    :param area: whose township's stock is offered.
    """
    initial: list[dict[str, Any]]
    if plan:
        initial = [_initial(stage) for stage in read_plan(plan)]
    else:
        initial = [{"form": StageForm.MONEY, "amount": suggested}]
    return StageRows(data, prefix="stages", initial=initial, form_kwargs={"items": items_for(area)})


def _in_stock(item: ItemInStock) -> str:
    return f"{item.name}（{in_figures(item.unit_value)}元/{item.unit}，库存{item.count}）"


def _initial(stage: PlannedStage) -> dict[str, Any]:
    return {
        "form": stage.form,
        "together": stage.together,
        "amount": stage.amount,
        "service": stage.service,
        "provider": stage.provider,
        "planned_on": stage.planned_on,
        "condition": stage.condition,
    } | (_initial_goods(stage.items[0]) if stage.items else {})


def _initial_goods(item: PlannedItem) -> dict[str, Any]:
    if item.item is not None:
        return {"item": str(item.item), "count": item.count}
    return {
        "item": BOUGHT,
        "bought": item.name,
        "unit": item.unit,
        "unit_value": item.unit_value,
        "count": item.count,
    }


class ProposalForm(forms.Form):
    """拟救助意见: how bad it is, and why so much."""

    grade = forms.ChoiceField(label="困难程度", choices=_GRADES)
    opinion = forms.CharField(label="救助意见", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    below_reason = forms.CharField(label="低于下限的理由", required=False, max_length=200)
    difference_reason = forms.CharField(
        label="与建议金额不同的理由",
        required=False,
        max_length=200,
        help_text="没有身份证号、同村有疑似同一人获过救助的，写明核实结果。",
    )
    late_reason = forms.CharField(label="超过应救助时间的原因", required=False, max_length=200)

    def __init__(
        self, data: Any = None, *, aid: TemporaryAid, is_late: bool = False, asks_opinion: bool = True
    ) -> None:
        initial = {
            "grade": aid.grade,
            "opinion": aid.proposal_opinion,
            "below_reason": aid.below_reason,
            "difference_reason": aid.difference_reason,
        }
        super().__init__(data, initial=initial)
        if not is_late:
            del self.fields["late_reason"]
        if not asks_opinion:
            del self.fields["opinion"]

    def proposal(self, stages: Sequence[PlannedStage]) -> ProposalData:
        """As the services take it, once the form and its rows are valid."""
        given = self.cleaned_data
        return ProposalData(
            grade=given["grade"],
            stages=stages,
            opinion=given.get("opinion", ""),
            reasons=Reasons(below=given["below_reason"], difference=given["difference_reason"]),
            late_reason=given.get("late_reason", ""),
        )
