from collections.abc import Sequence
from typing import Any

from django import forms

from households.records import RecordKind


class RecordFilter(forms.Form):
    """Which part of the record (档案变动) is shown."""

    kind = forms.ChoiceField(label="种类", required=False)

    def __init__(self, *args: Any, kinds: Sequence[RecordKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["kind"]
        field.choices = [("", "全部"), *((kind.value, kind.label) for kind in kinds)]
