#!/usr/bin/env python
"""Every command finds the servers that it needs, or starts the embedded ones for its own life.

What stops a command for a reason outside the program is told in one sentence, without a trace.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jixi_assist.settings")
    try:
        _execute()
    except KeyboardInterrupt:
        sys.stderr.write("\n已中断，没有做完；可以再运行一次。\n")
        sys.exit(130)
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if not missing or (ROOT / missing).exists():
            raise
        sys.exit(f"这个 Python 里缺少 {missing}。请运行 make setup 补齐，再用 .venv/bin/python manage.py …。")


def _execute() -> None:
    from django.core.management import execute_from_command_line  # noqa: PLC0415 -- may be missing

    try:
        execute_from_command_line(sys.argv)
    except ModuleNotFoundError:
        raise
    except Exception as error:
        from foundation.servers import sentence_for  # noqa: PLC0415 -- only when something went wrong

        sentence = sentence_for(error)
        if not sentence:
            raise
        sys.exit(sentence)


if __name__ == "__main__":
    main()
