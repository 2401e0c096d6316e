"""What is done in the supervision room: who calls what is read off the names."""

from supervision.services.archiving import NotArchivable, archive, take_back
from supervision.services.retention import NotAPeriod, change_period, load_retention_periods

__all__ = ["NotAPeriod", "NotArchivable", "archive", "change_period", "load_retention_periods", "take_back"]
