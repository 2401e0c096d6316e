"""Pays in the simulation: rolls signed by three, the bank's answers, what is issued anew, what is taken back."""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal

from django.db import connection

from benefits.models import (
    Award,
    AwardCheck,
    AwardPerson,
    AwardPlace,
    AwardSuspension,
    AwardVersion,
    AwardVersionPerson,
    MonthlyRoll,
    PhaseOut,
    Recoupment,
    RecoupmentMonth,
    RollItem,
    RollLine,
    RollState,
)
from benefits.queries.overpayments import overpaid_months_of
from benefits.services import rolls
from benefits.services.bank_returns import read_bank_return, take_bank_return
from benefits.services.recouping import RecoupmentRefused, approve_recoupment, propose_recoupment
from benefits.services.sending import send_roll
from eligibility.models import Assessment
from households.models import BankAccount, Household, Income, Member, Person
from organizations.models import Area
from tests.benefits.rolled import answer
from tests.simulation.driver import at
from tests.simulation.office import CountyOffice
from tests.simulation.world import Family
from tests.support.factories import area

_GROWING = (
    *(Person, Member, Household, BankAccount, Income, Assessment, AwardCheck),
    *(Award, AwardVersion, AwardVersionPerson, AwardPerson, AwardPlace, AwardSuspension, PhaseOut),
    *(MonthlyRoll, RollLine, RollItem, Recoupment, RecoupmentMonth),
)
Lines = dict[tuple[int, int], RollLine]
"""Lines of a month by family and township."""


class Treasury:
    """Makes and freezes the rolls of both townships, sends them to the bank and takes its answers."""

    def __init__(self, office: CountyOffice, townships: Sequence[str]) -> None:
        self.office = office
        self.townships: list[Area] = [area(code) for code in townships]

    def pay(self, month: date, *, on: date) -> Lines:
        """Make, sign and freeze the month's rolls."""
        _keep_statistics()
        found: Lines = {}
        for place, township in enumerate(self.townships):
            try:
                roll = rolls.prepare_roll(month, "dibao", township, by=self.office.officer, on=on)
            except rolls.NothingOwed:
                continue
            self._sign(roll, place, on=on)
            found |= self._lines(roll, place)
        return found

    def answer(self, month: date, failing: Collection[int], *, on: date) -> Lines:
        """The bank answers for the month's rolls; what failed is issued anew and paid then.

        :param failing: numbers of the families whose account the bank does not know that month.
        :returns: the lines that were issued anew.
        """
        again: Lines = {}
        for place, township in enumerate(self.townships):
            roll = MonthlyRoll.objects.filter(month=month, area=township, kind="regular").first()
            if roll is None:
                continue
            if not self._take_answer(roll, place, failing, on=on):
                continue
            fresh = rolls.reissue_roll(month, "dibao", township, by=self.office.officer, on=on)
            self._sign(fresh, place, on=on)
            again |= self._lines(fresh, place)
            assert not self._take_answer(fresh, place, (), on=on)
        return again

    def _take_answer(self, roll: MonthlyRoll, place: int, failing: Collection[int], *, on: date) -> int:
        send_roll(roll, by=self.office.finance, on=on)
        accounts, rows, failed = self.office.registrar.accounts(), [], 0
        for number, line in enumerate(roll.lines.order_by("pk"), start=1):
            family, account = accounts[line.household_id]
            result = ("失败", "账户异常") if family in failing else ("成功", "")
            failed += family in failing
            rows.append((number, line.payee_name, account, str(line.amount), *result))
        draft = read_bank_return(roll, upload=answer(*rows), by=self.office.finance, on=on)
        take_bank_return(draft, only_good=False, by=self.office.finance, on=on)
        roll.refresh_from_db()
        assert roll.state == RollState.SETTLED
        return failed

    def _lines(self, roll: MonthlyRoll, place: int) -> Lines:
        numbers = {key: number for number, key in self.office.registrar.keys.items()}
        return {(numbers[line.household_id], place): line for line in RollLine.objects.filter(roll=roll)}

    def _sign(self, roll: MonthlyRoll, place: int, *, on: date) -> None:
        lead = self.office.registrar.offices[place].lead
        rolls.check_roll_township(roll, opinion="已核对", by=lead, on=on)
        rolls.check_roll_county(roll, opinion="同意", by=self.office.approver, on=on)
        rolls.freeze_roll(roll, opinion="同意拨付", by=self.office.finance, at=at(on))

    def order_back(self, family: Family, *, on: date) -> bool:
        """Order back what was overpaid, where that is so and nothing is being taken back yet."""
        try:
            order = propose_recoupment(self.office.award(family), reason="多发", by=self.office.officer, on=on)
        except RecoupmentRefused:
            return False
        approve_recoupment(order, by=self.office.approver, on=on)
        return True

    def overpaid(self) -> dict[int, dict[date, Decimal]]:
        """What is paid above what is owed, by family and month."""
        found = overpaid_months_of(self.office.awards.values())
        return {number: {row.month: row.above for row in found[award]} for number, award in self.office.awards.items()}


def _keep_statistics() -> None:
    """What the database does by itself over three years, and cannot inside one transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(model._meta.db_table for model in _GROWING)}")
