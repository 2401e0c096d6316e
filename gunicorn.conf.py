"""How the web server serves, in the demo as in the county; gunicorn reads this file by itself."""

import logging
import os
import sys
from typing import Any

from gunicorn.glogging import Logger

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from foundation.logs import MaskingFormatter


class MaskingLogger(Logger):
    """Errors and requests through the same masking as everything else that is written to logs."""

    def _set_handler(self, log: logging.Logger, output: Any, fmt: logging.Formatter, stream: Any = None) -> None:
        super()._set_handler(log, output, MaskingFormatter(fmt._fmt, fmt.datefmt), stream)


logger_class = MaskingLogger
# The path without its query, and no Referer: addresses name nobody, and if one did, it is not kept here.
access_log_format = '%(h)s %(t)s "%(m)s %(U)s %(H)s" %(s)s %(B)sB %(D)sus'
worker_class = "gthread"
# More than the connections that a browser opens ahead and leaves idle: a worker that waits for one of them still
# answers the others (docs/decisions/0011-threads-for-idle-connections.md).
threads = int(os.environ.get("WEB_THREADS") or 8)
control_socket_disable = True
