"""What the list of failed log-ins keeps of what was typed for a name."""

import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import HttpRequest

from foundation.crypto import blind_index

_PERSONAL_NUMBER = re.compile(r"\d{11}")


def kept_username(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str | None:
    """The name for django-axes: as typed, but an ID, telephone or account number typed by mistake as a keyed hash.

    The same number has the same hash, so whoever tries one too often is locked out all the same.
    """
    field = settings.AXES_USERNAME_FORM_FIELD
    typed = (credentials or {}).get(field) or request.POST.get(field)
    if not typed or not _PERSONAL_NUMBER.search(typed) or _is_an_account(typed):
        return typed
    return f"号码 {blind_index(typed, purpose='username')[:16]}"


def _is_an_account(name: str) -> bool:
    model = get_user_model()
    return model._default_manager.filter(**{model.USERNAME_FIELD: name}).exists()
