"""Where an account is signed in (登录): kept from log-in on, and ended there or from afar."""

from datetime import date, datetime

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from organizations.models import LoginSession, SessionEnd, Staff, StaffEventKind
from organizations.services.events import note


@transaction.atomic
def begin_login(staff: Staff, *, session_key: str, address: str, device: str, at: datetime) -> LoginSession:
    """Keep that a log-in began (登录); the same browser logging in again begins anew."""
    _end(LoginSession.objects.filter(session_key=session_key), SessionEnd.LOGGED_OUT, keep_sessions=True)
    return LoginSession.objects.create(
        staff=staff, session_key=session_key, began_at=at, address=address, device=device
    )


def follow_login(before: str, after: str) -> None:
    """A log-in goes on under another cookie: Django changes it with a password or a second step."""
    LoginSession.objects.filter(session_key=before).update(session_key=after)


def log_out(session_key: str) -> None:
    """Keep that a log-in was ended by logging out (退出登录); the session itself Django ends."""
    _end(LoginSession.objects.filter(session_key=session_key), SessionEnd.LOGGED_OUT, keep_sessions=True)


@transaction.atomic
def end_own_login(login: LoginSession, *, by: Staff, on: date) -> None:
    """End one of one's own log-ins from afar (结束一处登录)."""
    _end(LoginSession.objects.filter(pk=login.pk, staff=by), SessionEnd.BY_OWNER)
    note(by, StaffEventKind.SESSION_ENDED, by=by, on=on, note=login.device)


@transaction.atomic
def end_own_logins(staff: Staff, *, keep: str, on: date) -> None:
    """End all of one's log-ins but one (结束其他登录)."""
    end_logins(staff, SessionEnd.BY_OWNER, keep=keep)
    note(staff, StaffEventKind.SESSIONS_ENDED, by=staff, on=on, note="本人结束其他登录")


def end_logins(staff: Staff, how: SessionEnd, *, keep: str = "") -> None:
    """End every session of an account, also those that no log-in was kept of; within an act's transaction.

    :param keep: the session that goes on; its view signs it in anew (``update_session_auth_hash``).
    """
    staff.session_round += 1
    staff.save(update_fields=["session_round"])
    _end(LoginSession.objects.filter(staff=staff, ended_at=None).exclude(session_key=keep), how)


def _end(logins: QuerySet[LoginSession], how: SessionEnd, *, keep_sessions: bool = False) -> None:
    if not keep_sessions:
        Session.objects.filter(session_key__in=list(logins.values_list("session_key", flat=True))).delete()
    logins.update(ended_at=Now(), ended_how=how, session_key=None)
