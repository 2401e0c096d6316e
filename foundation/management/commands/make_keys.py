from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from foundation.keyring import make_key_file


class Command(BaseCommand):
    help = "生成个人信息加密密钥文件（已有则不动）。"
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.KEY_FILE)
        if make_key_file(path):
            self.stdout.write(f"已生成密钥文件 {path}(权限 0600)。请另行备份：丢失后个人信息无法解密。")
        else:
            self.stdout.write(f"密钥文件 {path} 已存在，未改动。")
