#!/usr/bin/env python
"""Every command finds the servers that it needs, or starts the embedded ones for its own life.

What stops a command for a reason outside the program is told in one sentence, without a trace.
"""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jixi_assist.settings")
    try:
        from django.core.management import execute_from_command_line  # noqa: PLC0415 -- settings first
    except ModuleNotFoundError:
        sys.exit("这个 Python 里没有 Django。请先运行 make setup，再用 .venv/bin/python manage.py …。")
    try:
        execute_from_command_line(sys.argv)
    except KeyboardInterrupt:
        sys.stderr.write("\n已中断，没有做完；可以再运行一次。\n")
        sys.exit(130)
    except Exception as error:
        from foundation.servers import sentence_for  # noqa: PLC0415 -- only when something went wrong

        sentence = sentence_for(error)
        if not sentence:
            raise
        sys.exit(sentence)


if __name__ == "__main__":
    main()
