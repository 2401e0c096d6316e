"""救助物资: filters of its pages, the county's list of items, and what is asked when goods move."""

from collections.abc import Iterable
from typing import Any

from django import forms

from foundation.form_fields import AmountField, DayInput
from foundation.lists import ListSpec, register_list
from organizations.models import Area
from temporary_aid.forms.filters import ANY, plain_text
from temporary_aid.forms.reserve import offer_townships
from temporary_aid.models import ItemKind, StockEntryKind, StockItem
from temporary_aid.services.stock import ItemData

_RECEIVED = (StockEntryKind.RECEIVED, StockEntryKind.DONATED, StockEntryKind.RETURNED)
_LINES = {"rows": 2}


class StockFilter(forms.Form):
    """Filters of the list of stocks (物资库存)."""

    township = forms.ChoiceField(label="乡镇", required=False)
    kind = forms.ChoiceField(label="类别", required=False, choices=[*ANY, *ItemKind.choices])
    show = forms.ChoiceField(
        label="只看", required=False, choices=[*ANY, ("there", "有库存的"), ("short", "没有或不够发的")]
    )

    def __init__(self, data: Any, *, townships: Iterable[Area]) -> None:
        super().__init__(data)
        offer_townships(self, townships)


class ItemFilter(forms.Form):
    """Filters of the county's list of items (物资品种)."""

    q = forms.CharField(label="名称", required=False, max_length=40)
    kind = forms.ChoiceField(label="类别", required=False, choices=[*ANY, *ItemKind.choices])
    state = forms.ChoiceField(label="状态", required=False, choices=[*ANY, ("in_use", "在用"), ("ended", "已停用")])

    def clean_q(self) -> str:
        return plain_text(self.cleaned_data["q"])

    @property
    def wanted(self) -> dict[str, str]:
        """What :func:`temporary_aid.queries.stock.stock_items` takes, once the form is valid."""
        values = dict(self.cleaned_data)
        return {"text": values.pop("q"), **values}


class ItemForm(forms.Form):
    """An item of the county's list (物资品种)."""

    name = forms.CharField(label="名称", max_length=40, help_text="例如棉被、大米。")
    kind = forms.ChoiceField(label="类别", choices=ItemKind.choices)
    unit = forms.CharField(label="单位", max_length=10, help_text="例如床、公斤、套。")
    unit_value = AmountField(label="单价（元）", help_text="实物救助按这个单价折价；已经批准的不变。")

    @property
    def data_given(self) -> ItemData:
        """Once the form is valid."""
        return ItemData(**self.cleaned_data)


class ReceiveForm(forms.Form):
    """What comes into a township's stock."""

    area = forms.ModelChoiceField(label="乡镇", queryset=Area.objects.none(), empty_label="请选择")
    item = forms.ModelChoiceField(label="物资", queryset=StockItem.objects.none(), empty_label="请选择")
    kind = forms.ChoiceField(label="种类", choices=[(kind.value, kind.label) for kind in _RECEIVED])
    count = forms.IntegerField(label="数量", min_value=1, max_value=1_000_000)
    unit_value = AmountField(label="单价（元）", required=False, help_text="不填的，按物资品种的单价。")
    aid_number = forms.CharField(
        label="退自哪件救助",
        max_length=20,
        required=False,
        help_text="退库的填救助编号，按发放时的折价退回；这件正在追回的，同时抵减应追回金额。查不到是哪件的不填。",
    )
    on = forms.DateField(label="日期", widget=DayInput())
    note = forms.CharField(label="来源", max_length=120, help_text="例如采购单号、捐赠人。")

    def __init__(self, *args: Any, townships: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area: Any = self.fields["area"]
        area.queryset = townships
        if len(townships) == 1:
            area.initial, area.empty_label = townships[0], None
        item: Any = self.fields["item"]
        item.queryset = StockItem.objects.order_by("kind", "name")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("aid_number") and cleaned.get("kind") != StockEntryKind.RETURNED:
            self.add_error("aid_number", "只有退库的才填救助编号。")
        return cleaned

    @property
    def is_of_aid(self) -> bool:
        """Whether goods of one aid come back."""
        return bool(self.cleaned_data["aid_number"])

    @property
    def returned(self) -> dict[str, Any]:
        """What :func:`temporary_aid.services.returning.return_goods` takes, once the form is valid."""
        names = ("area", "item", "count", "on", "note")
        return {name: self.cleaned_data[name] for name in names} | {"number": self.cleaned_data["aid_number"]}

    @property
    def given(self) -> dict[str, Any]:
        """What :func:`temporary_aid.services.stock.receive` takes, once the form is valid."""
        found = dict(self.cleaned_data)
        del found["aid_number"]
        found["kind"] = StockEntryKind(found["kind"])
        if found["unit_value"] is None:
            found["unit_value"] = found["item"].unit_value
        return found


class LoseForm(forms.Form):
    """What is spoilt, expired or missing."""

    count = forms.IntegerField(label="数量", min_value=1, max_value=1_000_000)
    on = forms.DateField(label="日期", widget=DayInput())
    reason = forms.CharField(label="原因", max_length=120, widget=forms.Textarea(attrs=_LINES))


class MoveForm(forms.Form):
    """What the county moves to another township."""

    to = forms.ModelChoiceField(label="调往", queryset=Area.objects.none(), empty_label="请选择乡镇")
    count = forms.IntegerField(label="数量", min_value=1, max_value=1_000_000)
    on = forms.DateField(label="日期", widget=DayInput())
    note = forms.CharField(label="原因", max_length=80, widget=forms.Textarea(attrs=_LINES))

    def __init__(self, *args: Any, townships: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to"]
        field.queryset = townships


STOCK_LIST = register_list(
    ListSpec(key="aid_stock", url_name="temporary_aid:stock", filters=frozenset(StockFilter.base_fields))
)
ITEM_LIST = register_list(
    ListSpec(key="aid_stock_items", url_name="temporary_aid:stock_items", filters=frozenset(ItemFilter.base_fields))
)
