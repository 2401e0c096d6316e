"""Whom the clerk has before them: an ID number typed or read from the card, or a name."""

from typing import Any

from django.utils import timezone

from foundation.identity import parse_id_number
from households.forms.search import PersonSearchForm


class StartForm(PersonSearchForm):
    """An ID number or a name; with it the form of a new family is begun."""

    def initial_of_head(self) -> dict[str, Any]:
        """What the form of a new family is begun with."""
        text = self.cleaned_data["q"]
        if not self.is_number:
            return {"name": text}
        parsed = parse_id_number(text, on=timezone.localdate())
        return {"id_number": parsed.number, "birth_date": parsed.birth_date, "sex": parsed.sex}
