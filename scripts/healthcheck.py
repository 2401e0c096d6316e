"""Is a program of ours well? For the containers' health checks: ``web`` (behind the proxy's headers) or ``beat``."""

import http.client
import os
import sys
import time
from pathlib import Path

PAGE = "/healthz/"
BEAT_FILE = "beat.alive"
BEAT_SECONDS = 120


def check_web() -> None:
    connection = http.client.HTTPConnection("127.0.0.1", 8000, timeout=8)
    host = os.environ.get("JIXI_ALLOWED_HOSTS", "localhost").split(",")[0]
    connection.request("GET", PAGE, headers={"Host": host, "X-Forwarded-Proto": "https"})
    response = connection.getresponse()
    if response.status != http.HTTPStatus.OK:
        sys.exit(f"{PAGE} answers {response.status}: {response.read(200).decode(errors='replace')}")


def check_beat() -> None:
    """Beat touches its file at every turn (foundation/beat.py); one that hangs no longer does."""
    file = Path(os.environ.get("JIXI_VAR_DIR", "var"), BEAT_FILE)
    age = time.time() - file.stat().st_mtime if file.exists() else None
    if age is None or age > BEAT_SECONDS:
        sys.exit(f"beat has not turned for {BEAT_SECONDS} s" if age else "beat has not turned yet")


if __name__ == "__main__":
    {"web": check_web, "beat": check_beat}[sys.argv[1]]()
