"""Families with awards and a month's roll, for tests of the pages of payment."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import tablib
from django.core.files.uploadedfile import SimpleUploadedFile

from benefits.models import Award, MonthlyRoll, RollState
from benefits.services.sending import send_roll
from households import services as households
from households.models import Household
from tests.benefits.builders import grant
from tests.benefits.paying import Desk, desk
from tests.households.builders import data, register
from tests.support.crews import LINXI, VILLAGES

DECEMBER, JANUARY = date(2026, 12, 1), date(2027, 1, 1)
NOVEMBER_26 = date(2026, 11, 26)
ACCOUNTS = ("6217000010012345674", "6217000010012345682", "6217000010012345690")
NAMES = ("胡德旺", "汪美玲", "唐玉兰")
HEAD = ("序号", "领款人", "账号", "金额", "结果", "失败原因")


@dataclass
class Rolled:
    """A desk, the families that it pays, and their awards."""

    desk: Desk
    families: list[Household] = field(default_factory=list)
    awards: list[Award] = field(default_factory=list)

    def add(self, name: str, account: str = "", *, decided_on: date = date(2026, 11, 23), **more: Any) -> Award:
        """A family of one with an award of 515 yuan; without account where none is given."""
        clerk = self.desk.clerk
        family = register(clerk, code=VILLAGES[self.desk.township], head=data(name))
        if account:
            self.account(family, account, holder=name)
        award = grant(family, self.desk.approver, decided_on=decided_on, **more)
        self.families.append(family)
        self.awards.append(award)
        return award

    def account(self, family: Household, account: str, *, holder: str, on: date = date(2026, 11, 20)) -> None:
        """The family's account from a day on."""
        family.refresh_from_db()
        households.set_bank_account(
            family, bank="绩溪农商银行", account=account, holder=holder, by=self.desk.clerk, on=on
        )

    def send(self, roll: MonthlyRoll) -> MonthlyRoll:
        """To the bank, all having signed."""
        if roll.state == RollState.PREPARED:
            roll = self.desk.freeze(roll)
        return send_roll(roll, by=self.desk.finance, on=NOVEMBER_26)


def rolled(
    township: str = LINXI, *, names: Sequence[str] = NAMES, accounts: int = 3, decided_on: date = date(2026, 11, 23)
) -> Rolled:
    """Families that are paid 515 yuan from the month after the decision; the first few of them have accounts."""
    made = Rolled(desk(township))
    for place, name in enumerate(names):
        made.add(name, ACCOUNTS[place] if place < accounts else "", decided_on=decided_on)
    return made


def answer(*rows: Sequence[Any], name: str = "回盘.xlsx") -> SimpleUploadedFile:
    """A bank's return with those rows below its heading."""
    from openpyxl import Workbook

    book, file = Workbook(), io.BytesIO()
    for cells in (HEAD, *rows):
        book.active.append(list(cells))
    book.save(file)
    return SimpleUploadedFile(name, file.getvalue())


def rows_of(content: bytes, *, skip: int = 0) -> list[dict[str, Any]]:
    """Rows of a workbook by heading, below some lines."""
    import openpyxl

    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    values = list(sheet.iter_rows(min_row=skip + 1, values_only=True))
    return list(tablib.Dataset(*values[1:], headers=[str(title) for title in values[0]]).dict)
