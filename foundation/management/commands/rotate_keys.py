from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from foundation.keyring import add_data_key, key_ring, retire_data_key
from foundation.rotation import (
    NOT_ENCRYPTED,
    Table,
    encrypt_files_anew,
    encrypt_rows_anew,
    standings,
    tables_of_files,
    tables_of_rows,
)
from foundation.trail import RecordedCommand, because

REASON = "密钥轮换"
_FAULTS_TOLD = 50
_READ_ONLY = (
    "密钥文件 {path} 所在的文件夹不能写，密钥没有变动。"
    "请在能写的地方运行（容器里是 docker compose --profile setup run --rm rotate …，见 docs/operations.md）。"
)


class Command(RecordedCommand):
    help = (
        "密钥轮换：把还用旧密钥加密的数据和附件分批改用现行密钥加密，不影响正在办理的业务。"
        "中断后再运行一次即接着做。变更历史和已归档的文书保留原来的密钥。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_mutually_exclusive_group()
        acts.add_argument("--add-key", action="store_true", help="先生成一版新的数据密钥，再用它重新加密")
        acts.add_argument("--status", action="store_true", help="只查看各表各版密钥的用量，不改动任何内容")
        acts.add_argument("--retire", type=int, metavar="N", help="删去第 N 版数据密钥；还有内容用它加密时不删")
        parser.add_argument("--batch", type=int, default=200, help="每批行数，默认 200")

    def handle(self, *, add_key: bool, status: bool, retire: int | None, batch: int, **options: Any) -> None:
        if batch < 1:
            raise CommandError("每批至少 1 行。")
        if status:
            self._tell_status()
        elif retire is not None:
            self._retire(retire)
        else:
            if add_key:
                self._add_key()
            self._encrypt_anew(batch)

    # --- Keys ------------------------------------------------------------------------------------------------------
    def _add_key(self) -> None:
        path = Path(settings.KEY_FILE)
        try:
            version = add_data_key(path)
        except OSError as error:
            raise CommandError(_READ_ONLY.format(path=path)) from error
        self._say(f"已生成并换用第 {version} 版数据密钥，旧密钥保留。请现在就备份 {path}。")

    def _retire(self, version: int) -> None:
        ring, path = key_ring(), Path(settings.KEY_FILE)
        if version not in ring.data_keys:
            raise CommandError(f"密钥文件里没有第 {version} 版数据密钥。")
        if version == ring.current:
            raise CommandError(f"第 {version} 版是现行密钥，不能删去。请先运行 rotate_keys --add-key。")
        using = [(standing.where, standing.versions[version]) for standing in standings() if standing.versions[version]]
        if using:
            where = "、".join(f"{name} {count} 项" for name, count in using[:3])
            more = f"等 {len(using)} 处" if len(using) > 3 else ""
            raise CommandError(f"第 {version} 版密钥还在用（{where}{more}），不能删去：删了这些内容就再也读不出来。")
        try:
            retire_data_key(path, version)
        except OSError as error:
            raise CommandError(_READ_ONLY.format(path=path)) from error
        self._say(f"已删去第 {version} 版数据密钥。它的备份要和用它加密的旧备份一起保留，否则旧备份读不出来。")

    def _tell_status(self) -> None:
        ring = key_ring()
        versions = "、".join(map(str, sorted(ring.data_keys)))
        self._say(f"现行密钥：第 {ring.current} 版；密钥文件里有第 {versions} 版。")
        total: Counter[int] = Counter()
        for standing in standings():
            total += standing.versions
            if standing.versions:
                keeps = f"（{standing.keeps}，保留原密钥）" if standing.keeps else ""
                self._say(f"  {standing.where}{keeps}：{_by_version(standing.versions)}")
        self._say(f"合计：{_by_version(total) or '没有加密内容'}")
        if unreadable := sorted(total.keys() - ring.data_keys.keys()):
            named = "、".join(
                "不是加密内容" if version == NOT_ENCRYPTED else f"第 {version} 版" for version in unreadable
            )
            raise CommandError(f"有内容读不出来，密钥文件里没有它的密钥：{named}。请用备份的密钥文件恢复。")

    # --- Content ---------------------------------------------------------------------------------------------------
    def _encrypt_anew(self, batch: int) -> None:
        tables = [(table, encrypt_rows_anew) for table in tables_of_rows()]
        tables += [(table, encrypt_files_anew) for table in tables_of_files()]
        with because(REASON):
            for table, encrypt in tables:
                told = 0
                for _ in encrypt(table, batch=batch):
                    if table.done > told:
                        self._say(f"  {table}：已重新加密 {table.done} {table.what}")
                        told = table.done
        self._sum_up([table for table, _ in tables])

    def _sum_up(self, tables: list[Table]) -> None:
        rows = sum(table.done for table in tables if table.what == "行")
        files = sum(table.done for table in tables if table.what != "行")
        if rows or files:
            self._say(f"重新加密 {rows} 行、{files} 个文件，现用第 {key_ring().current} 版密钥。")
        else:
            self._say(f"没有要重新加密的内容：都已使用第 {key_ring().current} 版密钥。要换用新密钥，请加 --add-key。")
        for table in tables:
            if table.frozen:
                self._say(f"  {table}：{len(table.frozen)} 行已随办结的办件冻结，保留原密钥")
        self._say("  变更历史和已归档的文书保留原密钥；旧密钥留在密钥文件里，不要删除。")
        faults = [fault for table in tables for fault in table.faults]
        for fault in faults[:_FAULTS_TOLD]:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"有 {len(faults)} 项读不出来，没有重新加密，其余已完成。请按上面所列逐项检查。")
        if in_use := sum(table.in_use for table in tables):
            raise CommandError(f"有 {in_use} 行一直有人在改，没有重新加密，其余已完成。请稍后再运行一次。")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def _by_version(versions: Counter[int]) -> str:
    return "，".join(f"{_version(version)} {count} 项" for version, count in sorted(versions.items()))


def _version(version: int) -> str:
    return "不是加密内容" if version == NOT_ENCRYPTED else f"第 {version} 版"
