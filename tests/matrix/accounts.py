"""Who may go through the doors of accounts, sessions, lists kept and long work."""

from typing import Any

from organizations.permissions import Permission
from tests.matrix.acts import NOBODY
from tests.matrix.rule import BOTH, POST, Rule, any_of, each, plain
from tests.matrix.world import World

P = Permission
LISTS = any_of(P.VIEW_CASE, P.VIEW_HOUSEHOLD, P.ANSWER_MEANS_CHECK, P.VIEW_PARAMETERS, P.VIEW_CARE, P.VIEW_REVIEW)
KEEPERS = any_of(P.MANAGE_STAFF)
ACCOUNT_ACTS = ("suspend", "resume", "reset-password", "unlock", "end-sessions", "reset-second-factor")


def _login(world: World) -> list[dict[str, Any]]:
    return [{"pk": world.login().pk}]


def _job(world: World) -> list[dict[str, Any]]:
    return [{"pk": world.job().pk}]


def _saved_filter(world: World) -> list[dict[str, Any]]:
    return [{"pk": world.saved_filter().pk}]


def _account(world: World) -> list[dict[str, Any]]:
    return [{"pk": world.story.people.officer.pk}]


def _post(world: World) -> list[dict[str, Any]]:
    officer = world.story.people.officer
    return [{"pk": officer.pk, "post_pk": officer.posts.get().pk}]


ACCOUNTS = {
    "staff": Rule(KEEPERS),
    "export_staff": Rule(KEEPERS, methods=POST),
    "open_account": Rule(KEEPERS, methods=BOTH),
    "staff_account": Rule(KEEPERS, kwargs=_account),
    "correct_account": Rule(KEEPERS, kwargs=_account, methods=BOTH),
    "appoint": Rule(KEEPERS, kwargs=_account, methods=BOTH),
    "end_post": Rule(KEEPERS, kwargs=_post, methods=BOTH),
    "staff_act": Rule(KEEPERS, kwargs=each("name", ACCOUNT_ACTS, _account), methods=BOTH),
    "login": Rule(frozenset(), methods=BOTH, for_all="public"),
    "logout": Rule(frozenset(), methods=POST, for_all="public"),
    "password_change": Rule(frozenset(), methods=BOTH, for_all="signed in"),
    "second_step": Rule(frozenset(), methods=BOTH, for_all="signed in"),
    "second_factor": Rule(frozenset(), for_all="signed in"),
    "start_second_factor": Rule(frozenset(), methods=POST, for_all="signed in"),
    "confirm_second_factor": Rule(frozenset(), methods=POST, for_all="signed in"),
    "renew_recovery": Rule(frozenset(), methods=POST, for_all="signed in"),
    "jobs": Rule(frozenset(), for_all="signed in"),
    "job": Rule(frozenset(), kwargs=_job, for_all="their own"),
    "job_file": Rule(frozenset(), kwargs=_job, for_all="their own"),
    "cancel_job": Rule(frozenset(), kwargs=_job, methods=POST, for_all="their own"),
    "export_job_faults": Rule(frozenset(), kwargs=_job, methods=POST, for_all="their own"),
    "sessions": Rule(frozenset(), for_all="signed in"),
    "end_session": Rule(frozenset(), kwargs=_login, methods=POST, for_all="their own"),
    "end_other_sessions": Rule(frozenset(), methods=POST, for_all="signed in"),
    "calendar": Rule(any_of(P.MANAGE_CALENDAR)),
    "calendar_year": Rule(any_of(P.MANAGE_CALENDAR), kwargs=lambda world: [{"year": 2027}], methods=BOTH),
    "digests": Rule(any_of(P.MANAGE_STAFF, P.VIEW_TRAIL)),
    "account": Rule(frozenset(), for_all="signed in"),
    "readings": Rule(any_of(P.VIEW_TRAIL)),
    "export_readings": Rule(any_of(P.VIEW_TRAIL), methods=POST),
    "choose_columns": Rule(LISTS, kwargs=each("key", ("cases",), plain), methods=POST),
    "save_filter": Rule(LISTS, kwargs=each("key", ("cases",), plain), methods=POST),
    "saved_filter": Rule(LISTS, NOBODY, None, _saved_filter, BOTH),
    "delete_filter": Rule(LISTS, NOBODY, None, _saved_filter, POST),
}
