"""下放与收回: a township, a scheme, the days and the county's document."""

from typing import Any

from django import forms

from applications.forms.base import ScanField
from foundation.form_fields import DayInput
from organizations.models import Area, Staff
from organizations.models.delegations import DELEGABLE
from organizations.permissions import Permission
from organizations.queries import areas_for, townships
from organizations.services import DelegationPaper


class _PaperForm(forms.Form):
    document_number = forms.CharField(label="文件文号", max_length=60)
    document_date = forms.DateField(label="文件日期", widget=DayInput)
    scan = ScanField(label="文件扫描件", help_text="PDF、JPG 或 PNG。")

    def paper(self) -> DelegationPaper:
        """The document as the services take it."""
        cleaned = self.cleaned_data
        return DelegationPaper(cleaned["document_number"], cleaned["document_date"], cleaned["scan"])


class StartForm(_PaperForm):
    """下放."""

    area = forms.ModelChoiceField(label="乡镇", queryset=Area.objects.none(), empty_label="请选择")
    scheme = forms.ChoiceField(label="险种", choices=[(scheme.value, scheme.label) for scheme in DELEGABLE])
    starts_on = forms.DateField(label="自何日起", widget=DayInput)
    field_order = ("area", "scheme", "starts_on", "document_number", "document_date", "scan")

    def __init__(self, *args: Any, staff: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = areas_for(staff, Permission.MANAGE_DELEGATIONS).values("pk")
        self.fields["area"].queryset = townships().filter(pk__in=allowed)  # type: ignore[attr-defined]


class EndForm(_PaperForm):
    """收回."""

    last_day = forms.DateField(
        label="乡镇确认的最后一天", widget=DayInput, help_text="填昨天的，从今天起由县民政局确认。"
    )
    field_order = ("last_day", "document_number", "document_date", "scan")


class WithdrawForm(_PaperForm):
    """撤销还没有开始的下放."""
