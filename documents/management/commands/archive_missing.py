from typing import Any

from django.core.management.base import CommandError

from documents import services
from foundation.trail import RecordedCommand


class Command(RecordedCommand):
    help = "补存归档里缺少的文书（每小时也会自动补存）；升级之前先运行一次。"

    def handle(self, **options: Any) -> None:
        archived, failed = services.archive_missing()
        if failed:
            raise CommandError(
                f"补存 {archived} 份，还有 {failed} 份没有存上。请看日志：磁盘或权限有问题的，处理后再运行；"
                "“cannot be printed as it was”的，从备份里恢复文件。"
            )
        self.stdout.write(f"归档齐全，补存 {archived} 份。")
