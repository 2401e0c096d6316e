"""The whole system on one machine: database, broker, web, worker and beat, until Ctrl-C."""

import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentTypeError
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands, load_command_class
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections
from django.urls import reverse

from foundation.processes import ending_with_parent, only_one
from foundation.servers import check_servers

READY_SECONDS = 60
STOP_SECONDS = 20
PORTS_TRIED = 20
LAST_PORT = 65535
_RUNNING = "这个目录里的演示正在运行。请用已打开的那一个，或先在那边按 Ctrl-C 停止。"
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_PREPARING = (
    "migrate",
    "load_county",
    "load_number_prefixes",
    "load_parameters",
    "load_terms",
    "load_retention",
    "load_demo",
)
_CELERY = ["celery", "--app", "jixi_assist"]


@dataclass(frozen=True)
class Service:
    """A child process in a group of its own, with its log."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def tail(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-20:])


class Command(BaseCommand):
    help = "启动演示：准备数据，同时启动网页、后台任务和定时任务；Ctrl-C 全部停止。"
    requires_system_checks: list[str] = []  # run below, once the tables are there

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="监听地址，默认只供本机使用")
        parser.add_argument("--port", type=_port, default=8000, help="端口，被占用时顺延")

    def handle(self, *, host: str, port: int, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("演示不能在生产环境运行：它会写入虚构的家庭和公开的密码。")
        for number in _ENDING:
            signal.signal(number, _interrupt)
        try:
            with only_one(Path(settings.VAR_DIR) / "demo.lock", _RUNNING):
                check_servers()
                chosen = _free_port(host, port)
                if chosen != port:
                    self.stdout.write(f"端口 {port} 已被占用，改用 {chosen}（要指定端口：make demo PORT=端口）。")
                self._prepare()
                self._serve(host, chosen)
        except KeyboardInterrupt:
            self.stdout.write("\n演示已停止。")

    def _prepare(self) -> None:
        for name in _PREPARING:
            if name in get_commands():
                self.stdout.write(f"· {name}")
                call_command(name, verbosity=0, stdout=self.stdout)
        call_command("check", databases=["default"], stdout=self.stdout)
        connections.close_all()

    def _serve(self, host: str, port: int) -> None:
        with _running(host, port) as services:
            _wait_until_healthy(host, port, services)
            self.stdout.write(self._welcome(host, port))
            while True:
                _raise_if_ended(services)
                time.sleep(0.5)

    def _welcome(self, host: str, port: int) -> str:
        lines = ["", f"绩溪救助演示已就绪：http://{host}:{port}/", *_where_to_begin()]
        return "\n".join([*lines, f"日志在 {_log_dir()}。按 Ctrl-C 停止。", ""])


def _interrupt(*_: object) -> None:
    for number in _ENDING:  # an impatient second Ctrl-C must not leave half of the servers behind
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _where_to_begin() -> list[str]:
    """What ``load_demo`` says about its accounts, one line each."""
    app = get_commands().get("load_demo")
    if app is None:
        return []
    tell = getattr(load_command_class(str(app), "load_demo"), "where_to_begin", None)
    return list(tell()) if tell else []


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= LAST_PORT:
        raise ArgumentTypeError(f"端口应是 1 到 {LAST_PORT} 的整数，例如 make demo PORT=8080。")
    return int(text)


def _free_port(host: str, wanted: int) -> int:
    last = min(wanted + PORTS_TRIED - 1, LAST_PORT)
    for port in range(wanted, last + 1):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except PermissionError as error:
                raise CommandError(f"当前账号不能使用端口 {port}。请选 1024 以上的：make demo PORT=8080。") from error
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise CommandError(f"本机没有地址 {host}，请改正 --host，通常用 127.0.0.1。") from error
                continue
            return port
    raise CommandError(f"端口 {wanted} 到 {last} 都被占用。请另选一个，例如 make demo PORT={_elsewhere(wanted)}。")


def _elsewhere(wanted: int) -> int:
    return wanted + 1000 if wanted + 1000 <= LAST_PORT else 8000


@contextmanager
def _running(host: str, port: int) -> Iterator[list[Service]]:
    services: list[Service] = []
    try:
        for name, arguments in _commands(host, port).items():
            services.append(_start(name, arguments))
        yield services
    finally:
        _stop(services)


def _commands(host: str, port: int) -> dict[str, list[str]]:
    web = ["gunicorn", "jixi_assist.wsgi", "--bind", f"{host}:{port}", "--workers", "2"]
    return {
        "web": web,
        "worker": [*_CELERY, "worker", "--concurrency", "2", "--loglevel", "WARNING"],
        "beat": [*_CELERY, "beat", "--pidfile", "", "--loglevel", "WARNING"],
    }


def _start(name: str, arguments: list[str]) -> Service:
    log = _log_dir() / f"{name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 -- a fixed list of our own
            [sys.executable, "-m", *arguments],
            cwd=settings.BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C comes to this process alone, which then stops the others in order
            preexec_fn=ending_with_parent(signal.SIGTERM),
        )
    return Service(name, process, log)


def _stop(services: list[Service]) -> None:
    _signal(services, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while time.monotonic() < deadline and any(service.process.poll() is None for service in services):
        time.sleep(0.05)
    _signal(services, signal.SIGKILL)
    for service in services:
        service.process.wait()


def _signal(services: list[Service], number: signal.Signals) -> None:
    for service in services:
        try:
            os.killpg(service.process.pid, number)
        except ProcessLookupError:
            continue


def _raise_if_ended(services: list[Service]) -> None:
    for service in services:
        if service.process.poll() is not None:
            message = f"{service.name} 意外停止，演示已全部关闭。日志 {service.log} 的末尾："
            raise CommandError(f"{message}\n{service.tail()}")


def _wait_until_healthy(host: str, port: int, services: list[Service]) -> None:
    path = reverse("healthz")
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        _raise_if_ended(services)
        if _status(host, port, path) == http.HTTPStatus.OK:
            return
        time.sleep(0.2)
    web = services[0]
    raise CommandError(f"网页在 {READY_SECONDS} 秒内没有就绪。日志 {web.log} 的末尾：\n{web.tail()}")


def _status(host: str, port: int, path: str) -> int | None:
    connection = http.client.HTTPConnection(host, port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


def _log_dir() -> Path:
    return Path(settings.VAR_DIR) / "log"
