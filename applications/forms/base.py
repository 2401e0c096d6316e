"""What the forms of all acts on a case share: version, lateness, uploads, the call of the service."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.forms import BaseFormSet, BoundField

from applications.models import Case
from applications.queries import CaseFile, is_overdue
from foundation.errors import StaleVersion
from foundation.form_fields import CameraInput, ScanField
from households import services as households
from households.models import Attachment
from organizations.models import Staff

_HIDDEN = frozenset({"version", "seen", "token"})


def long_text(label: str, *, max_length: int, required: bool = True, help_text: str = "", rows: int = 3) -> Any:
    """A text of several lines."""
    return forms.CharField(
        label=label,
        max_length=max_length,
        required=required,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class _ManyInput(CameraInput):
    allow_multiple_selected = True


class ScansField(ScanField):
    """Several scans or photos."""

    widget = _ManyInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        uploads = data if isinstance(data, list | tuple) else [data]
        found = [self._clean_one(upload, initial) for upload in uploads or [None]]
        return [upload for upload in found if upload]

    def _clean_one(self, upload: Any, initial: Any) -> Any:
        try:
            return super().clean(upload, initial)
        except ValidationError as error:
            if not upload:
                raise
            # Several files were chosen: say which one is meant.
            raise ValidationError([f"{upload.name}：{text}" for text in error.messages]) from error


class ActForm(forms.Form):
    """The form of one act: shows what is asked, and :meth:`perform` calls the one service.

    :param file: the case's file, read for this page.
    :param by: who acts.
    :param at: now; its local day is the day of the act.
    """

    late = True
    """Whether leaving the step late takes a reason."""
    body = ""
    """A template of its own for the fields, where a plain grid will not do."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    token = forms.CharField(widget=forms.HiddenInput, max_length=40)
    late_reason = long_text("超期原因", max_length=300, required=False, rows=2)

    def __init__(self, *args: Any, file: CaseFile, by: Staff, on: date, at: datetime, **kwargs: Any) -> None:
        self.file, self.by, self.on, self.at = file, by, on, at
        super().__init__(*args, **kwargs)
        self.initial.update(
            version=self.case.version, seen=file.events[0].pk if file.events else None, token=uuid4().hex
        )
        if not self.may_be_late():
            del self.fields["late_reason"]
        self.prepare()
        for name, value in self.suggested().items():
            self.initial.setdefault(name, value)

    def may_be_late(self) -> bool:
        """Whether the page asks why the act comes late."""
        return self.late and is_overdue(self.file)

    def prepare(self) -> None:
        """Cut choices to the case."""

    def suggested(self) -> dict[str, Any]:
        """What the fields hold at first."""
        return {}

    @property
    def case(self) -> Case:
        return self.file.case

    @property
    def beside(self) -> str:
        """The chosen cases of a batch that does the act for the whole village, where others wait as well."""
        return ""

    @property
    def rows(self) -> "BaseFormSet[Any] | None":
        """Rows edited in place, where the act has some."""
        return None

    @property
    def asked(self) -> Iterator[tuple[BoundField, str]]:
        """Fields that the person fills in, with their widths, without the reason for lateness."""
        for bound in self.visible_fields():
            if bound.name != "late_reason":
                yield bound, "wide" if _is_wide(bound) else ""

    @property
    def asks_nothing(self) -> bool:
        """Whether a press is all it takes."""
        return self.rows is None and self.fields.keys() <= _HIDDEN

    @property
    def hidden_values(self) -> dict[str, Any]:
        """Hidden values for a button that posts the form from another page."""
        return {name: self.initial[name] for name in sorted(_HIDDEN) if self.initial[name] is not None}

    def is_valid(self) -> bool:
        own = super().is_valid()
        return (self.rows is None or self.rows.is_valid()) and own

    def check_version(self) -> None:
        """
        :raises StaleVersion: the case went on since the page was made.
        """
        if self.cleaned_data["version"] != self.case.version:
            raise StaleVersion("您打开这一页之后，这个办件已经有人办理过。请核对最新情况后再办。")

    def perform(self) -> Any:
        """Call the service.

        :raises ServiceError: the act is refused.
        """
        raise NotImplementedError

    def theirs(self) -> dict[str, Any]:
        """What somebody else saved meanwhile, by field name, where it can be set beside what was typed."""
        return {}

    @property
    def late_reasons(self) -> dict[str, str]:
        """The reason for lateness as the services take it."""
        return {"late_reason": self.cleaned_data.get("late_reason", "")}

    @property
    def typed_version(self) -> int:
        version: int = self.cleaned_data["version"]
        return version

    def attach(self, upload: UploadedFile, kind: str) -> Attachment:
        """Keep an upload as an attachment of the family."""
        return households.add_attachment(self.case.household, kind=kind, upload=upload, by=self.by, at=self.at)

    def attach_all(self, uploads: Sequence[UploadedFile], kind: str) -> list[Attachment]:
        return [self.attach(upload, kind) for upload in uploads]


def _is_wide(bound: BoundField) -> bool:
    many = forms.Textarea | forms.FileInput | forms.CheckboxSelectMultiple | forms.RadioSelect
    return isinstance(bound.field.widget, many)


class PlainForm(ActForm):
    """An act that asks nothing."""


def not_after(day: date, today: date) -> date:
    """
    :raises ValidationError: the day lies ahead.
    """
    if day > today:
        raise ValidationError("日期不能晚于今天。", code="future")
    return day
