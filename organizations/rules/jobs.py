"""How quickly long work (后台办理) goes on, and how long it will take; pure figures."""

import math
from dataclasses import dataclass

_MINUTE, _HOUR = 60, 3600
_ROUNDED_ABOVE_SECONDS = 10
"""Below, a second more or less is told; above, nobody believes it."""


@dataclass(frozen=True)
class Pace:
    """
    :param percent: 0–100, rounded down: 100 means all.
    :param per_minute: rows a minute; None before the first.
    :param seconds_left: None where nothing is known yet.
    """

    percent: int
    per_minute: int | None
    seconds_left: int | None

    @property
    def left_in_words(self) -> str:
        """约3分钟; empty where nothing is known."""
        return "" if self.seconds_left is None else f"约{in_words(self.seconds_left)}"


def pace(*, total: int, done: int, seconds: float) -> Pace:
    """
    :param total: rows in all; 0 where it is not known.
    :param done: rows done, those that failed among them.
    :param seconds: since the first row.
    """
    percent = min(100, done * 100 // total) if total else 0
    if not done or seconds <= 0:
        return Pace(percent, None, None)
    left = max(0, total - done) * seconds / done if total else None
    return Pace(percent, round(done * _MINUTE / seconds), None if left is None else math.ceil(left))


def in_words(seconds: int) -> str:
    """8秒, 40秒, 3分钟, 1小时20分钟."""
    if seconds < _MINUTE:
        step = 1 if seconds <= _ROUNDED_ABOVE_SECONDS else 10
        return f"{math.ceil(seconds / step) * step}秒" if seconds <= 50 else "1分钟"
    minutes = math.ceil(seconds / _MINUTE)
    hours, rest = divmod(minutes, _MINUTE)
    return "".join(filter(None, (f"{hours}小时" if hours else "", f"{rest}分钟" if rest else "")))
