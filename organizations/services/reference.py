"""Areas, departments and roles as they come with the system."""

from collections.abc import Iterable, Mapping

from django.contrib.auth.models import Group
from django.contrib.auth.models import Permission as AuthPermission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from organizations.models import Area, Department, ReadingPurpose
from organizations.permissions import ROLE_PERMISSIONS
from organizations.queries import county


@transaction.atomic
def load_areas(rows: Iterable[Mapping[str, str]]) -> int:
    """Load the area tree (行政区划); repeated loading changes names only.

    :param rows: code, name, level, parent_code; parents before children; ``statistical_*`` levels are skipped.
    """
    known: dict[str, Area] = {}
    for row in rows:
        if row["level"].startswith("statistical"):
            continue
        known[row["code"]], _ = Area.objects.update_or_create(
            code=row["code"],
            defaults={"name": row["name"], "level": row["level"], "parent": known.get(row["parent_code"])},
        )
    return len(known)


@transaction.atomic
def load_departments(rows: Iterable[Mapping[str, str]]) -> int:
    """Load the departments that the policy names (县民政局 and others)."""
    total = 0
    for row in rows:
        Department.objects.update_or_create(code=row["code"], defaults={"name": row["name"], "area": county()})
        total += 1
    return total


@transaction.atomic
def load_reading_purposes(rows: Iterable[Mapping[str, str]]) -> int:
    """Load what personal data may be read in full for (查阅事由); what the county has entered or ended stays."""
    total = 0
    for row in rows:
        facts = {"asks_note": bool(row["asks_note"]), "starts_on": row["starts_on"]}
        ReadingPurpose.objects.get_or_create(name=row["name"], defaults=facts)
        total += 1
    return total


@transaction.atomic
def load_roles() -> None:
    """Make every role a group holding its permissions; roles not used yet exist too (handbook 0.5)."""
    content_type = ContentType.objects.get_for_model(Area)
    permissions = {item.codename: item for item in AuthPermission.objects.filter(content_type=content_type)}
    for role, allowed in ROLE_PERMISSIONS.items():
        group, _ = Group.objects.get_or_create(name=role.value)
        group.permissions.set(permissions[permission.value] for permission in allowed)
