"""Why the database or the broker cannot be used: one Chinese sentence for each way, with how to mend it.

No sentence repeats an address whole, since it holds a password.
"""

import errno
import re
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import redis
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection

from foundation.embedded import EmbeddedServerError
from foundation.processes import AlreadyRunning

SECONDS = 5
OLDEST = 150000
CREATE = "CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"
_CHINESE = re.compile("[\u4e00-\u9fff]")
_NO_RIGHT, _DISK_FULL = "42501", "53100"


class ServerUnavailable(RuntimeError):
    """The database or the broker cannot be used; the message says why and how to mend it."""


def check_servers() -> None:
    """Both servers answer, and the database can hold Chinese names.

    :raises ServerUnavailable: one of them cannot be used.
    """
    for problem in (database_problem(), broker_problem()):
        if problem:
            raise ServerUnavailable(problem)


# --- The database ----------------------------------------------------------------------------------------------
def database_problem(database: Any = connection) -> str:
    """Why the database cannot be used; empty where it can."""
    parameters = {**database.get_connection_params(), "connect_timeout": SECONDS}
    parameters.pop("cursor_factory", None)
    try:
        link = psycopg2.connect(**parameters)
    except psycopg2.OperationalError as error:
        return _unconnected(str(error).strip(), parameters)
    try:
        with link.cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('server_version_num')::int, pg_encoding_to_char(encoding), datctype"
                " FROM pg_database WHERE datname = current_database()"
            )
            return _unfit(*cursor.fetchone(), name=parameters["dbname"])
    finally:
        link.close()


def _unfit(version: int, encoding: str, locale: str, *, name: str) -> str:
    if version < OLDEST:
        return f"数据库服务器是 PostgreSQL {version // 10000}，需要 15 或更新版本。请换用新的服务器。"
    if encoding != "UTF8" or locale in ("C", "POSIX"):
        command = CREATE.format(name=name)
        return f"数据库 {name} 的编码是 {encoding}、LC_CTYPE 是 {locale}，查不到汉字。请删除后这样重建：{command}"
    return ""


_MEND = "请改正 DATABASE_URL；不设 DATABASE_URL 时自动使用内嵌数据库。"
_DATABASE_REASONS = (  # what libpq or the server says, in English or in Chinese → what to do
    ("could not translate host name", "找不到数据库主机 {host}，请检查主机名和网络。" + _MEND),
    ("Connection refused|No such file", "连不上数据库：{host}:{port} 没有程序应答。请启动 PostgreSQL，或" + _MEND[1:]),
    ("timeout expired|timed out|No route|unreachable", "数据库主机 {host} 没有回音，请检查网络和防火墙。" + _MEND),
    ("no password supplied", "数据库要密码，DATABASE_URL 里没有写。请写成 postgres://账号:密码@主机:5432/数据库名。"),
    (
        "authentication failed|认证失败",
        "数据库不认账号 {user} 或它的密码，请改正 DATABASE_URL 里的账号和密码（特殊符号要写成 %40 这样的形式）。",
    ),
    ("role .* does not exist|角色.*不存在", "数据库里没有账号 {user}。请改正 DATABASE_URL，或由管理员建立账号。"),
    ("pg_hba.conf", "数据库服务器不许账号 {user} 从本机进入数据库 {dbname}，请由管理员在 pg_hba.conf 里放行。"),
    ("database .* does not exist|数据库.*不存在", "数据库 {dbname} 还没有建。请先由管理员运行：" + CREATE),
    ("too many clients|connection slots", "数据库的连接数已满。请稍后再试，或调大 max_connections。"),
    ("starting up|shutting down|正在启动|正在关闭", "数据库正在启动或关闭，请稍后再试。"),
    ("invalid response|expected auth|closed the connection", "{host}:{port} 上应答的不是 PostgreSQL。" + _MEND),
)


def _unconnected(said: str, parameters: dict[str, Any]) -> str:
    name = parameters.get("dbname", "")
    words = {
        "host": parameters.get("host") or "本机",
        "port": parameters.get("port") or 5432,
        "user": parameters.get("user") or "（未写）",
        "dbname": name,
        "name": name,
    }
    for pattern, sentence in _DATABASE_REASONS:
        if re.search(pattern, said):
            return sentence.format(**words)
    return f"数据库拒绝了连接（{said.splitlines()[-1]}）。请检查 DATABASE_URL 和数据库服务器。"


# --- The broker ------------------------------------------------------------------------------------------------
def broker_problem() -> str:
    """Why Redis cannot be used; empty where it can."""
    parts = urlsplit(settings.REDIS_URL)
    where = f"{parts.hostname or '本机'}:{parts.port or 6379}"
    mend = "请改正 REDIS_URL；不设 REDIS_URL 时自动使用内嵌 Valkey。"
    client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=SECONDS, socket_timeout=SECONDS)
    try:
        client.ping()
    except redis.AuthenticationError:
        return f"Redis（{where}）不认 REDIS_URL 里的密码，或要密码而没有写。请写成 redis://:密码@主机:6379/0。"
    except redis.TimeoutError:
        return f"Redis（{where}）没有回音，请检查网络和防火墙。{mend}"
    except redis.ConnectionError as error:
        return _unreached(str(error), where, mend)
    except redis.RedisError as error:
        return f"Redis（{where}）拒绝了连接（{error}）。{mend}"
    finally:
        client.close()
    return ""


def _unreached(said: str, where: str, mend: str) -> str:
    if re.search("Error -[235]|Name or service", said):
        return f"找不到 Redis 主机 {where}，请检查主机名和网络。{mend}"
    if "refused" in said:
        return f"连不上 Redis：{where} 没有程序应答。请启动 Redis，或{mend[1:]}"
    return f"{where} 上应答的不是 Redis，或连接中断了。{mend}"


# --- Whatever stopped a command --------------------------------------------------------------------------------
def sentence_for(error: BaseException) -> str:
    """What to tell who started a command that ended so; empty where only the trace tells."""
    if isinstance(error, ServerUnavailable | EmbeddedServerError | AlreadyRunning):
        return str(error)
    if isinstance(error, ImproperlyConfigured):
        return str(error) if _CHINESE.search(str(error)) else ""
    if isinstance(error, DatabaseError | psycopg2.Error):
        return _database_sentence(error)
    if isinstance(error, redis.RedisError):
        return broker_problem()
    return os_sentence(error) if isinstance(error, OSError) else ""


def _database_sentence(error: BaseException) -> str:
    code = getattr(error, "pgcode", None) or getattr(error.__cause__, "pgcode", None)
    if code == _DISK_FULL:
        return "数据库服务器的磁盘已满，这一步没有做成。请清理磁盘后再运行。"
    if code == _NO_RIGHT:
        name, user = connection.settings_dict["NAME"], connection.settings_dict["USER"]
        if "create database" in str(error):
            return f"数据库账号 {user} 没有建库的权限。请由管理员运行：ALTER ROLE {user} CREATEDB"
        return f"数据库账号 {user} 没有这样做的权限。请由管理员运行：ALTER DATABASE {name} OWNER TO {user}"
    return database_problem()


def os_sentence(error: OSError) -> str:
    """A full disk or a missing right on a file, said in Chinese; empty for anything else."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "磁盘已满，没有做完。请清理磁盘后再运行一次，做完的部分会接着用。"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS) and error.filename:
        return f"当前账号不能写 {error.filename}。请换用建立这个目录的账号，或改正它的属主后再运行。"
    return ""
