"""What every view of uplifts and drafts opens with: who asks, and how an act is tried."""

from collections.abc import Callable
from typing import TypeVar, cast

from django.forms import BaseForm
from django.http import HttpRequest

from foundation.errors import NotPermitted, ServiceError
from foundation.pages import show_refusal
from foundation.trail import because
from organizations.models import Staff

REFUSED = 422
ResultT = TypeVar("ResultT")


def staff_of(request: HttpRequest) -> Staff:
    return cast("Staff", request.user)


def attempt(form: BaseForm, title: str, act: Callable[[], ResultT], *, reason: str = "") -> ResultT | None:
    """Try a service inside the act's own name; a refusal stands beside its field, and what was typed stays."""
    try:
        with because(title, reason):
            return act()
    except NotPermitted:
        raise
    except ServiceError as error:
        show_refusal(form, error)
        return None
