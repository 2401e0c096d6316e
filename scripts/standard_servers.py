"""Name the PostgreSQL and Redis that answer on the standard ports of this machine, for the CI's second walk.

Prints shell assignments with a database made fresh for this run, or nothing where either server is missing.
"""

import hashlib
import socket
import sys
from pathlib import Path

import psycopg2

ROOT = Path(__file__).resolve().parent.parent
DATABASE = f"jixi_ci_walk_{hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]}"  # another checkout has its own
ROLES = ("root", "postgres")


def main() -> None:
    with socket.socket() as redis:
        redis.settimeout(2)
        if redis.connect_ex(("127.0.0.1", 6379)):
            return
    for role in ROLES:
        try:
            connection = psycopg2.connect(host="127.0.0.1", port=5432, user=role, dbname="postgres", connect_timeout=2)
        except psycopg2.OperationalError:
            continue
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
            cursor.execute(
                f"CREATE DATABASE {DATABASE} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"
            )
        connection.close()
        sys.stdout.write(f"STANDARD_DATABASE_URL=postgres://{role}@127.0.0.1:5432/{DATABASE}\n")
        sys.stdout.write("STANDARD_REDIS_URL=redis://127.0.0.1:6379/5\n")
        return


if __name__ == "__main__":
    main()
