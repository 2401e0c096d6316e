"""小额先行救助 on the page of an aid: its panel, and the buttons of what may be done next."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from organizations.models import Staff
from temporary_aid.models import TemporaryAid
from temporary_aid.queries.panel import advance_panel


def advance_part(aid: TemporaryAid, staff: Staff, at: datetime) -> dict[str, Any]:
    """The panel as ``advance``, and its acts among the ``offers`` at the head of the page."""
    panel = advance_panel(aid, staff=staff, at=at)
    offers = [
        (words, reverse(f"temporary_aid:{name}", args=[pk]), "primary" if is_usual else "")
        for name, pk, words, is_usual in panel.offers
    ]
    return {"advance": panel, "offers": offers}
