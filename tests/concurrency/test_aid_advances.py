"""Two clerks at one report and at one aid: it is taken once, and the money is paid once."""

from datetime import timedelta

import pytest

from organizations.permissions import Role
from temporary_aid.models import PettyAdvance, ReserveFund, TemporaryAid
from temporary_aid.services.advancing import pay_advance
from temporary_aid.services.reports import TakeData, enter_report, mark_duplicate, take_report
from tests.concurrency.together import refusals, together
from tests.support.crews import LINXI, Crew, county_data, crew
from tests.support.factories import make_staff
from tests.temporary_aid.advances import SOON, advance_data, asked, fund, report_data

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people() -> Crew:
    county_data()
    return crew()


def test_two_clerks_take_the_same_report(people: Crew) -> None:
    other = make_staff(Role.TOWNSHIP_OFFICER, LINXI, name="胡玉兰", on=SOON.date() - timedelta(days=30))
    report = enter_report(report_data(), by=people.assistant, at=SOON)
    told = TakeData(missing_id_reason="unidentified")
    acts = [lambda by=by: take_report(report, by=by, at=SOON, data=told) for by in (people.officer, other)]
    (refusal,) = refusals(together(*acts))
    assert "已转为临时救助" in str(refusal)
    assert TemporaryAid.objects.count() == 1


def test_two_clerks_mark_two_reports_as_each_other_s_duplicate(people: Crew) -> None:
    other = make_staff(Role.TOWNSHIP_OFFICER, LINXI, name="胡玉兰", on=SOON.date() - timedelta(days=30))
    for _ in range(5):  # so that two which lock in their own order do meet
        first, second = (enter_report(report_data(), by=people.assistant, at=SOON) for _ in range(2))
        acts = [
            lambda one=one, two=two, by=by: mark_duplicate(one, of=two, reason="同一件事", by=by, at=SOON)
            for one, two, by in ((first, second, people.officer), (second, first, other))
        ]
        (refusal,) = refusals(together(*acts))
        assert "重复" in str(refusal)


def test_two_clerks_pay_the_same_aid(people: Crew) -> None:
    other = make_staff(Role.TOWNSHIP_OFFICER, LINXI, name="胡玉兰", on=SOON.date() - timedelta(days=30))
    fund(people)
    aid = asked(people)
    data = advance_data(second_hand="江文斌")
    acts = [lambda by=by: pay_advance(aid, data=data, by=by, at=SOON) for by in (people.officer, other)]
    (refusal,) = refusals(together(*acts))
    assert "已先行救助" in str(refusal)
    assert PettyAdvance.objects.count() == 1
    assert str(ReserveFund.objects.get().balance) == "17660.00"
