"""A form sent twice acts once: every form that makes something new carries a token, the first to bring it acts."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.core.cache import cache
from django.db.models import Model
from django.http import HttpRequest

_KEEP_SECONDS = 24 * 3600


def fresh_token() -> str:
    """A token for a form that is about to be shown."""
    return uuid.uuid4().hex


def act_once(token: str, act: Callable[[], Model]) -> tuple[int, bool]:
    """Act for the first to bring the token.

    :returns: primary key of what was made (0 while the first is still at it), and whether it was made before.
    """
    key = f"once:{token}"
    if not cache.add(key, 0, _KEEP_SECONDS):
        return int(cache.get(key) or 0), True
    try:
        made = act()
    except BaseException:
        # A refused act may be sent again after mending.
        cache.delete(key)
        raise
    cache.set(key, made.pk, _KEEP_SECONDS)
    return int(made.pk), False


def tell_once(request: HttpRequest, answer: tuple[int, bool], *, what: str, done: str) -> None:
    """Say how :func:`act_once` ended: done, done before, or still under way and perhaps refused yet."""
    made, again = answer
    if not again:
        messages.success(request, done)
    elif made:
        messages.info(request, f"“{what}”已经办好，没有重复办理。")
    else:
        messages.info(request, f"“{what}”正在办理，不用重复提交；请稍候刷新本页查看结果。")
