from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection, transaction

from foundation.emptying import tables_kept, tables_written_once
from foundation.trail import RecordedCommand


class Command(RecordedCommand):
    help = "让网页和后台任务的数据库角色（JIXI_APP_ROLE）只能读写数据：不能改表结构、不能清空表、不能改变更记录。"

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.APP_ROLE:
            self.stdout.write("没有设置 JIXI_APP_ROLE，网页和后台任务与迁移用同一个数据库角色。")
            return
        role = connection.ops.quote_name(settings.APP_ROLE)
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [settings.APP_ROLE])
            if cursor.fetchone() is None:
                raise CommandError(f"数据库里没有角色 {settings.APP_ROLE}。请先按 docs/operations.md 建立。")
            for statement in _statements(role, set(connection.introspection.table_names(cursor))):
                cursor.execute(statement)
        self.stdout.write(f"已设置角色 {settings.APP_ROLE} 的权限。")


def _statements(role: str, there: set[str]) -> list[str]:
    quote = connection.ops.quote_name
    granted = [
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
    ]
    granted += [f"REVOKE DELETE ON {quote(table)} FROM {role}" for table in sorted(set(tables_kept()) & there)]
    granted += [f"REVOKE UPDATE ON {quote(table)} FROM {role}" for table in sorted(set(tables_written_once()) & there)]
    return granted
