import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import override_settings

from applications.management.walk import Walk, WalkFailed
from foundation.errors import ServiceError
from foundation.processes import only_one
from foundation.template_database import checkout, use_template
from foundation.trail import RecordedCommand


class Command(RecordedCommand):
    help = (
        "走一遍主线：fixtures/walk.json 里的家庭从受理到确认，每步由有权的人办理，文书写到 var/walk/。"
        "用自己的临时数据库，办完删除，不动县里的数据。"
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--keep", action="store_true", help="保留临时数据库，供查看")

    def handle(self, *args: Any, **options: Any) -> None:
        with only_one(Path(settings.VAR_DIR) / "walk.lock", "这个目录里的另一次 walk 正在运行，请等它结束再运行。"):
            self._walk(keep=options["keep"])

    def _walk(self, *, keep: bool) -> None:
        output = Path(settings.VAR_DIR) / "walk"
        shutil.rmtree(output, ignore_errors=True)
        output.mkdir(parents=True)
        story = json.loads((settings.FIXTURES_ROOT / "walk.json").read_text(encoding="utf-8"))
        with _own_database(keep=keep) as name, override_settings(PRIVATE_ROOT=output / "private"):
            for command in ("load_county", "load_parameters", "load_terms", "load_number_prefixes"):
                call_command(command, stdout=self.stdout)
            try:
                walk = Walk(story, output=output, say=self.stdout.write)
                award = walk.run()
            except (ServiceError, WalkFailed) as error:
                raise CommandError(f"主线没有走通：{error}") from error
            version = award.versions.get()
            self.stdout.write(
                self.style.SUCCESS(
                    f"主线走通：{walk.steps}步，{walk.printed}份文书在 {output}；"
                    f"待遇 {award.number} 每月{version.monthly_amount:,.2f}元，{award.starts_month:%Y年%-m月}起。"
                )
            )
            if keep:
                self.stdout.write(f"临时数据库保留为 {name}")


@contextmanager
def _own_database(*, keep: bool) -> Iterator[str]:
    """A fresh database beside the county's, made and dropped by Django's own means for test databases."""
    county = connection.settings_dict["NAME"]
    use_template(name=f"{county}_walk_{checkout()}")
    name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield name
    finally:
        if keep:
            connection.close()
        else:
            connection.creation.destroy_test_db(county, verbosity=0)
