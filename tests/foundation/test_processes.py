"""Work for one process at a time, and children that end with their parent."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings

from foundation.processes import AlreadyRunning, only_one

PARENT = """
import signal, subprocess, sys, time
from foundation.processes import ending_with_parent
asleep = [sys.executable, "-c", "import time; time.sleep(60)"]
child = subprocess.Popen(asleep, preexec_fn=ending_with_parent(signal.SIGTERM))
print(child.pid, flush=True)
time.sleep(60)
"""
HOLDER = """
import sys, time
from pathlib import Path
from foundation.processes import only_one
with only_one(Path(sys.argv[1]), ""):
    print("held", flush=True)
    time.sleep(60)
"""


def start(program: str, *arguments: str) -> tuple[subprocess.Popen[str], str]:
    process = subprocess.Popen(
        [sys.executable, "-c", program, *arguments], cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def end(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()


def test_a_child_ends_with_its_parent_even_when_that_is_killed() -> None:
    parent, child = start(PARENT)
    assert is_alive(int(child))
    end(parent)
    deadline = time.monotonic() + 10
    while is_alive(int(child)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_alive(int(child))


def test_a_second_one_is_told_and_the_lock_goes_with_its_holder(tmp_path: Path) -> None:
    lock = tmp_path / "new" / "x.lock"
    holder, said = start(HOLDER, str(lock))
    assert said == "held"
    with pytest.raises(AlreadyRunning, match="正在运行"), only_one(lock, "正在运行"):
        pytest.fail("the lock was given twice")
    end(holder)
    with only_one(lock, "正在运行"):
        assert os.path.exists(lock)
    with only_one(lock, "正在运行"):
        pass
