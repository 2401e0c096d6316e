"""The web server answers while a browser holds connections open that it does not use."""

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest
from django.conf import settings

IDLE = 6
"""Connections that Chromium opens to one host at most; those it opens ahead may stay silent for minutes."""


def application(environ: object, start_response: object) -> list[bytes]:
    """The smallest page there is."""
    start_response("200 OK", [("Content-Type", "text/plain")])  # type: ignore[operator]
    return [b"here"]


@pytest.fixture
def port() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        chosen = probe.getsockname()[1]
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "gunicorn", "tests.scripts.test_serving:application"),
            *("--bind", f"127.0.0.1:{chosen}", "--workers", "1", "--log-level", "warning"),
        ],
        cwd=settings.BASE_DIR,
    )
    try:
        _wait_for(chosen)
        yield chosen
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the web server does not start")


def test_a_page_comes_at_once_beside_connections_that_stay_silent(port: int) -> None:
    with ExitStack() as opened:
        for _ in range(IDLE):
            opened.enter_context(socket.create_connection(("127.0.0.1", port)))
        time.sleep(0.5)  # the server has taken them all
        page = opened.enter_context(closing(http.client.HTTPConnection("127.0.0.1", port, timeout=4)))
        page.request("GET", "/")
        assert page.getresponse().read() == b"here"
