"""Every test writes as an actor, as the application does."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from pytest_django import DjangoDbBlocker

from foundation.template_database import use_template
from foundation.trail import acting
from organizations.models import Area


@pytest.fixture(autouse=True)
def _actor(request: pytest.FixtureRequest) -> Iterator[None]:
    if "db" in request.fixturenames or "transactional_db" in request.fixturenames:
        with acting(actor="system:test"):
            yield
    else:
        yield


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    """The hash that guards real accounts takes a third of a second each."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session", autouse=True)
def _private_files(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Uploads and archived papers of tests stay out of ``var/private``."""
    default_storage._location = str(tmp_path_factory.mktemp("private"))
    for cached in ("base_location", "location"):
        default_storage._wrapped.__dict__.pop(cached, None)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Each worker's database is copied from one migrated template, and may be emptied between tests."""
    use_template()
    connection.settings_dict["OPTIONS"]["options"] = "-c jixi.may_empty=yes"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Load the county once; tests that empty the tables load it again for themselves."""
    with django_db_blocker.unblock():
        call_command("load_county", verbosity=0)


@pytest.fixture
def county(db: None) -> None:
    """The county's areas, departments, roles and working calendar."""
    if not Area.objects.exists():
        call_command("load_county", verbosity=0)
