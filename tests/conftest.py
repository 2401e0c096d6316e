"""Every test writes as an actor, as the application does."""

import inspect
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import hypothesis
import psycopg2
import pytest
from django.conf import settings as project_settings
from django.core.cache import caches
from django.core.files.storage import default_storage
from django.db import connection
from pytest_django import DjangoDbBlocker
from whitenoise.middleware import WhiteNoiseMiddleware

from foundation.processes import AlreadyRunning, only_one
from foundation.servers import broker_problem, sentence_for
from foundation.template_database import administration, checkout, use_template
from foundation.trail import acting
from jixi_assist.celery import app
from tests.support.reference import load_once
from tests.support.replay import replaying

_RUNNING = "这个目录里的另一次测试正在运行，两次会用同一个测试数据库。请等它结束再运行。"
_lock = ExitStack()
# How long drawing an example takes says how busy the machine is, nothing of the rules.
hypothesis.settings.register_profile(
    "whatever_the_machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("whatever_the_machine")


def pytest_sessionstart(session: pytest.Session) -> None:
    """One run a checkout, and only where the servers answer; the workers of a run are part of it."""
    if hasattr(session.config, "workerinput"):
        return
    try:
        _lock.enter_context(only_one(Path(project_settings.VAR_DIR) / "tests.lock", _RUNNING))
        with administration():
            problem = broker_problem()
    except (AlreadyRunning, psycopg2.OperationalError) as error:
        problem = sentence_for(error) or str(error)
    if problem:
        pytest.exit(problem, returncode=1)


def pytest_sessionfinish() -> None:
    _lock.close()


def _own_name(request: pytest.FixtureRequest) -> str:
    """Of this checkout and this worker of the run: nobody else on the servers uses it."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "")
    return "_".join(filter(None, ("test_jixi", checkout(), worker)))


@pytest.fixture(autouse=True)
def _actor(request: pytest.FixtureRequest) -> Iterator[None]:
    uses_database = {"db", "transactional_db"} & set(request.fixturenames) or request.node.get_closest_marker(
        "django_db"
    )
    if uses_database:
        with acting(actor="system:test"):
            yield
    else:
        yield


@pytest.fixture(autouse=True)
def _replayed(request: pytest.FixtureRequest) -> Iterator[None]:
    own = set(inspect.signature(request.function).parameters)
    with replaying(set(request.fixturenames), own):
        yield


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    """The hash that guards real accounts takes a third of a second each."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session", autouse=True)
def _work_at_once() -> None:
    """Long work is done where it is started: no worker listens, and a demo's beside the tests knows no such job."""
    app.conf.update(task_always_eager=True, task_eager_propagates=True)


@pytest.fixture(scope="session", autouse=True)
def _own_cache(request: pytest.FixtureRequest) -> None:
    """Clearing the cache leaves what others keep in the same Redis, such as the queue of a demo beside the tests."""
    project_settings.CACHES["default"].update(BACKEND="tests.support.cache.OwnKeysCache", KEY_PREFIX=_own_name(request))
    with suppress(AttributeError):  # a connection made before would go on with Django's, whose clear empties all
        del caches["default"]


@pytest.fixture(autouse=True)
def _nothing_counted(_own_cache: None) -> None:
    """What one test asked of the system holds up no other: all of them come from one address."""
    caches["default"].clear()


@pytest.fixture(scope="session", autouse=True)
def _private_files(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Uploads and archived papers of tests stay out of ``var/private``."""
    default_storage._location = str(tmp_path_factory.mktemp("private"))
    for cached in ("base_location", "location"):
        default_storage._wrapped.__dict__.pop(cached, None)


@pytest.fixture(scope="session", autouse=True)
def _static_files_listed_once() -> None:
    """Every new client builds the middleware anew, and listing the folders costs more than a page."""
    list_files, files = WhiteNoiseMiddleware.add_files_from_finders, {}

    def list_once(self: WhiteNoiseMiddleware) -> None:
        if not files:
            list_files(self)
            files.update(self.files)
        self.files.update(files)

    WhiteNoiseMiddleware.add_files_from_finders = list_once


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest) -> None:
    """Each worker's database is copied from one migrated template, and may be emptied between tests."""
    use_template(name=_own_name(request))
    connection.settings_dict["OPTIONS"]["options"] += " -c jixi.may_empty=yes"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Load the county, its terms and prefixes once; tests that empty the tables load them again for themselves."""
    with django_db_blocker.unblock():
        load_once()


@pytest.fixture
def county(db: None) -> None:
    """The county's areas, departments, roles, working calendar, terms of the steps and number prefixes."""
    load_once()
