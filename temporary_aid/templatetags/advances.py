"""What the page of an aid shows of its advance, its papers and what comes back, and what may be done next."""

from typing import Any

from django import template
from django.template.context import Context
from django.utils import timezone

from temporary_aid.models import TemporaryAid
from temporary_aid.queries.panel import advance_panel

register = template.Library()


@register.simple_tag(takes_context=True)
def advance_of(context: Context, aid: TemporaryAid) -> Any:
    """``{% advance_of aid as advance %}``: see :class:`temporary_aid.queries.panel.AdvancePanel`."""
    return advance_panel(aid, staff=context["request"].user, at=timezone.now())
