"""救助时限 (24小时): clock hours from the first report, nights and holidays included (handbook 10.4). Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

EARLIEST = datetime(2020, 1, 1, tzinfo=UTC)
"""Nothing was reported or paid before; the database holds it, so that no slip of the pen (0001年) gets into a list."""
EARLIEST_DAY = date(2000, 1, 1)
"""The same of the day on which it befell: an illness may have begun long before the family asks."""
REPORTED_WITHIN = timedelta(days=365)
"""How long ago a first report (首次报告) may lie when it is registered; 本系统的录入检查，不是政策口径."""


def is_out_of_mind(reported_at: datetime, *, at: datetime) -> bool:
    """Whether a first report lies longer ago than is believed; a year to the second still is."""
    return reported_at < max(EARLIEST, at - REPORTED_WITHIN)


def help_due(first_reported_at: datetime, *, hours: int) -> datetime:
    """The instant until which urgent aid has to reach the family; included."""
    return first_reported_at + timedelta(hours=hours)


def clock_in_words(hours: int | None) -> str:
    """From when the clock runs, beside the field of the first report; nothing where no hours are in force."""
    return f"{hours}小时（本地做法）从这时起算，夜间和节假日照算。" if hours is not None else ""


def is_late(at: datetime, *, due: datetime) -> bool:
    """Whether an instant is past the due one; the due instant itself is in time."""
    return at > due


def hours_between(start: datetime, end: datetime) -> Decimal:
    """Hours with one place, rounded half up."""
    hours = Decimal((end - start).total_seconds()) / 3600
    return hours.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class Clock:
    """How an aid's clock stands at an instant."""

    due: datetime
    at: datetime

    @property
    def is_late(self) -> bool:
        return is_late(self.at, due=self.due)

    @property
    def in_words(self) -> str:
        """还剩 or 已超 so many hours and minutes."""
        seconds = int(abs((self.due - self.at).total_seconds()))
        hours, minutes = divmod(seconds // 60, 60)
        span = f"{hours}小时{minutes}分" if hours else f"{minutes}分钟"
        return f"已超{span}" if self.is_late else f"还剩{span}"
