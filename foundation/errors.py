"""Base errors: what a service raises when it refuses an act."""


class ServiceError(Exception):
    """An act refused, with the Chinese sentence to show: what is wrong and how to mend it.

    :param field: name of the form field the sentence belongs beside, where there is one.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class NotPermitted(ServiceError):
    """The person may not do this act here; views answer 403."""


class StaleVersion(ServiceError):
    """Somebody else saved first; the page shows both versions and loses neither."""
