from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.db import transaction

from foundation.trail import RecordedCommand
from organizations import services
from organizations.models import Staff


class Command(RecordedCommand):
    help = "取消一个账号的两步验证：唯一的系统管理员手机和备用码都丢了时，由运行维护人员在服务器上办理。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("staff_number", help="工号")
        parser.add_argument("--reason", required=True, help="原因，记入变更留痕")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        account = Staff.objects.select_for_update(of=("self",)).filter(staff_number=options["staff_number"]).first()
        if account is None or account.second_factor_at is None:
            raise CommandError(f"工号{options['staff_number']}没有启用两步验证的账号。")
        services.take_off_second_factor(account, reason=options["reason"])
        self.stdout.write(f"{account.name}（{account.staff_number}）的两步验证已取消，凭密码登录后请重新设置。")
