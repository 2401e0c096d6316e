"""JSON documents that commands read: from a file or standard input, as bytes that may be anything."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from eligibility.rules import Fault, InvalidInput

BOM = b"\xef\xbb\xbf"
STANDARD_INPUT = "-"


@contextmanager
def opened(name: str) -> Iterator[IO[bytes]]:
    if name == STANDARD_INPUT:
        yield sys.stdin.buffer
        return
    with Path(name).open("rb") as file:
        yield file


def parsed(content: bytes) -> Any:
    """
    :raises InvalidInput: not JSON.
    """
    # The line's own end is no second line to be named in a fault.
    content = content.rstrip(b" \t\r\n")
    if not content:
        raise InvalidInput([Fault("$", "是空的；应为一个JSON对象")])
    try:
        return json.loads(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise InvalidInput([Fault("$", "不是UTF-8编码；应为UTF-8编码的JSON对象")]) from error
    except json.JSONDecodeError as error:
        place = f"第{error.lineno}行第{error.colno}个字符"
        raise InvalidInput([Fault("$", f"{place}起不是有效的JSON；应为一个JSON对象")]) from error
    except (RecursionError, ValueError) as error:
        raise InvalidInput([Fault("$", "嵌套太深或数字太长；应为一个JSON对象")]) from error


def unreadable(name: str, error: OSError) -> Fault:
    return Fault(name, f"读不到这个文件（{error.strerror}）；应为可读的文件，或用-从标准输入读")
