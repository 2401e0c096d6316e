"""What is written to logs: never a person's number, whatever message, argument or traceback would say."""

import logging

from foundation.personal_numbers import mask_long_numbers


class MaskingFormatter(logging.Formatter):
    """The last hand on a line before it is written: message, arguments and traceback alike.

    A safety net. Code says what it means by keys and never puts a number into a message.
    """

    def format(self, record: logging.LogRecord) -> str:
        return mask_long_numbers(super().format(record))
