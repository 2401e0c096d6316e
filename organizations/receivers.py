"""What follows from a migration: every role (岗位) is there before anybody signs in."""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group
from django.db import connections

from organizations.services import load_roles


def make_roles(sender: AppConfig, *, using: str, **kwargs: Any) -> None:
    """Make the roles' groups as part of every migration; a role that a release changed changes with it."""
    if Group._meta.db_table not in connections[using].introspection.table_names():
        return  # migrated back to before there were groups
    # Django makes the permissions after this receiver has run: accounts come later in the list of applications.
    create_permissions(sender, verbosity=0, using=using)
    load_roles()
