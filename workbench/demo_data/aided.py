"""Everything of temporary aid (临时救助) in the demo: reserves and goods, reports, aids, months reconciled."""

from collections.abc import Sequence
from datetime import date

from organizations.queries import working_calendar
from temporary_aid.models import TemporaryAid
from workbench.demo_data.aid_converted import make_converted
from workbench.demo_data.aid_plans import CHANGAN, LINXI
from workbench.demo_data.aid_reports import make_reports
from workbench.demo_data.aid_reserves import fill_stocks, open_reserves, reconcile
from workbench.demo_data.aid_spending import make_spending
from workbench.demo_data.aiding import make_aids
from workbench.demo_data.officers import Offices
from workbench.demo_data.registering import DemoFamily


def make_temporary_aid(
    families: Sequence[DemoFamily], offices: Offices, *, on: date, others: Sequence[DemoFamily] = ()
) -> list[TemporaryAid]:
    """Open the reserves, tell every need, and reconcile the months that are over in two townships but the last.

    :param families: those of long standing.
    :param others: those of which one that has applied for nothing is helped.
    """
    funds = open_reserves(offices, on=on)
    items = fill_stocks(offices, on=on)
    made = make_aids(offices, items, on=on)
    made += make_spending(families, offices, on=on, calendar=working_calendar())
    made += make_converted(others, offices, on=on)
    make_reports(offices, on=on)
    for code in (CHANGAN, LINXI):
        reconcile(funds[code], offices, on=on)
    return made
