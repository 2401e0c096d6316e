"""What the supervision pages ask: filters, the choice of families to archive, reasons, periods."""

from typing import Any

from django import forms

from foundation.form_fields import hide_if_alone
from foundation.lists import ListSpec, register_list
from organizations.models import Staff
from organizations.permissions import Permission
from organizations.queries import townships_for
from supervision.models import FAMILY_KINDS, RetentionPeriod

_ANY = [("", "全部")]
LARGEST_BATCH = 100


class TownshipFilter(forms.Form):
    """Filters of the families that may be archived; what cannot be read lists nothing."""

    township = forms.ChoiceField(label="乡镇", required=False)

    def __init__(self, data: Any, *, staff: Staff) -> None:
        super().__init__(data)
        field = self.fields["township"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- declared above
        field.choices = _ANY + [(area.code, area.name) for area in self._townships(staff)]
        hide_if_alone(self, "township")

    def _townships(self, staff: Staff) -> Any:
        return townships_for(staff, Permission.MANAGE_ARCHIVE)


class ArchiveFilter(TownshipFilter):
    """Filters of the archive."""

    q = forms.CharField(label="查找", max_length=30, required=False, help_text="姓名、首字母、证号后四位或家庭编号。")
    field_order = ("q", "township")

    def _townships(self, staff: Staff) -> Any:
        return townships_for(staff, Permission.MANAGE_ARCHIVE) | townships_for(staff, Permission.VIEW_TRAIL)


DUE_LIST = register_list(
    ListSpec(key="due_for_archiving", url_name="supervision:due", filters=frozenset(TownshipFilter.base_fields))
)
DUE_AID_LIST = register_list(
    ListSpec(
        key="aids_due_for_archiving", url_name="supervision:due_aids", filters=frozenset(TownshipFilter.base_fields)
    )
)
ARCHIVE_LIST = register_list(
    ListSpec(
        key="archive",
        url_name="supervision:archive",
        filters=frozenset(ArchiveFilter.base_fields),
        is_personal=lambda text: any(letter.isdigit() for letter in text),
    )
)


class TakeBackForm(forms.Form):
    reason = forms.CharField(
        label="恢复的原因",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="例如“再次申请低保”“核实信访事项”，会写进家庭的经过。",
    )


class PeriodForm(forms.Form):
    """Another period for a kind of record; the fields that its kind does not have are left out."""

    active_years = forms.IntegerField(label="满几年归档", min_value=1, max_value=100)
    keep_years = forms.IntegerField(
        label="保管期限（年）", min_value=1, max_value=200, required=False, help_text="不填为永久。"
    )
    from_day = forms.DateField(label="从哪天起", widget=forms.DateInput(attrs={"type": "date"}))
    source = forms.CharField(
        label="依据", max_length=200, help_text="文件名称、文号和条款；县里自定的，写明“本地做法”。"
    )
    is_local_practice = forms.BooleanField(label="本地做法", required=False)

    def __init__(self, data: Any, *, period: RetentionPeriod) -> None:
        names = ("active_years", "keep_years", "source", "is_local_practice")
        super().__init__(data, initial={name: getattr(period, name) for name in names})
        if period.record_kind not in FAMILY_KINDS:
            del self.fields["active_years"]
