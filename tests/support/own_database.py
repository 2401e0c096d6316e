"""A database beside the test's, for what must be committed to be seen from outside."""

from collections.abc import Iterator

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections

from foundation.template_database import administration


@pytest.fixture
def own_database(db: None) -> Iterator[None]:
    """Migrated and empty, with commits that last until the test ends."""
    former = connections["default"]
    own = former.copy()
    name = f"{former.settings_dict['NAME']}_own"
    with administration() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{former.settings_dict["TEST"]["TEMPLATE"]}"')
    own.settings_dict["NAME"] = name
    own.execute_wrappers = former.execute_wrappers  # who acts
    connections["default"] = own
    ContentType.objects.clear_cache()
    try:
        yield
    finally:
        connection.close()
        connections["default"] = former
        ContentType.objects.clear_cache()
        with administration() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
