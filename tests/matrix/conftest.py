from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import time_machine
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from foundation.trail import acting
from tests.matrix.overview import Overview, overview_of
from tests.matrix.world import MORNING, World, everybody, linxis_families, neighbours_family
from tests.support.reference import load_once


@dataclass
class Made:
    """The two townships, and what the people elsewhere read before 临溪镇 had any families."""

    world: World
    before: dict[str, Overview]


@pytest.fixture(scope="package")
def made(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Made]:
    """One transaction for the whole matrix, so that the families are made once; it is rolled back at the end."""
    quick = override_settings(
        PRIVATE_ROOT=tmp_path_factory.mktemp("private"),
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    )
    with quick, django_db_blocker.unblock(), transaction.atomic(), time_machine.travel(MORNING, tick=False):
        with acting(actor="system:test"):
            load_once()
            neighbours_family()
            visitors = everybody()
            before = {one.label: overview_of(one) for one in visitors if not one.is_here}
            story, waiting = linxis_families()
        yield Made(World(story, waiting, visitors), before)
        transaction.set_rollback(True)


@pytest.fixture
def world(made: Made, db: None) -> World:
    """The doors and who tries them; what one test does is undone before the next."""
    return made.world
