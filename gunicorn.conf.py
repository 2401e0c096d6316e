"""How the web server serves, in the demo as in the county; gunicorn reads this file by itself."""

import os

worker_class = "gthread"
# More than the connections that a browser opens ahead and leaves idle: a worker that waits for one of them still
# answers the others (docs/decisions/0011-threads-for-idle-connections.md).
threads = int(os.environ.get("WEB_THREADS") or 8)
control_socket_disable = True
