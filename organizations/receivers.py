"""What follows from a migration and from a log-in: every role (岗位) is there, every log-in (登录) is kept."""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group
from django.db import connections
from django.http import HttpRequest
from django.utils import timezone

from foundation.rates import client_address
from organizations import services
from organizations.models import Staff
from organizations.rules.devices import device_name


def make_roles(sender: AppConfig, *, using: str, **kwargs: Any) -> None:
    """Make the roles' groups as part of every migration; a role that a release changed changes with it."""
    if Group._meta.db_table not in connections[using].introspection.table_names():
        return  # migrated back to before there were groups
    # Django makes the permissions after this receiver has run: accounts come later in the list of applications.
    create_permissions(sender, verbosity=0, using=using)
    services.load_roles()


def keep_login(sender: object, request: HttpRequest, user: Staff, **kwargs: Any) -> None:
    """Keep where and on what somebody signs in."""
    if request.session.session_key is None:  # somebody else was signed in on the same browser before
        request.session.create()
    services.begin_login(
        user,
        session_key=str(request.session.session_key),
        address=client_address(request),
        device=device_name(request.META.get("HTTP_USER_AGENT", "")),
        at=timezone.now(),
    )


def keep_logout(sender: object, request: HttpRequest, **kwargs: Any) -> None:
    """Keep that a session was ended by logging out."""
    services.log_out(str(request.session.session_key or ""))
