"""另购: goods that the stock does not have are bought for the family and given on a receipt."""

from decimal import Decimal

import pytest
from django.db import transaction
from django.db.utils import IntegrityError

from temporary_aid.forms.plans import stage_rows
from temporary_aid.models import StockEntry
from temporary_aid.papers import temp_aid_form
from temporary_aid.queries.stock import needed_by_stages
from temporary_aid.rules.plans import PlannedItem, PlannedStage
from temporary_aid.services import NotAllowed
from tests.support.crews import county_data
from tests.temporary_aid.granted import Helped, helped
from tests.temporary_aid.reserves import Purse, quilt

pytestmark = pytest.mark.django_db
WHEELCHAIR = PlannedItem(None, "轮椅", "辆", 2, Decimal("780.00"))


@pytest.fixture
def story() -> Helped:
    county_data()
    return helped(PlannedStage("in_kind", WHEELCHAIR.value, items=(WHEELCHAIR,)))


def row(**more: str) -> dict[str, str]:
    head = {"stages-TOTAL_FORMS": "1", "stages-INITIAL_FORMS": "0", "stages-0-form": "in_kind"}
    return head | {f"stages-0-{name}": value for name, value in more.items()}


def test_what_is_bought_is_given_on_a_receipt_and_not_out_of_the_stock(story: Helped) -> None:
    with pytest.raises(NotAllowed, match="请填购物票据号") as refused:
        story.pay(method="handed", voucher=" ")
    assert refused.value.field == "voucher"
    stage = story.pay(method="handed", voucher="发票00123")
    assert (stage.source, stage.voucher, stage.amount) == ("county", "发票00123", Decimal("1560.00"))
    assert not StockEntry.objects.filter(stage=stage).exists()
    assert needed_by_stages([story.aid.area]) == {}
    assert temp_aid_form(story.fresh()).stages[0].what == "另购轮椅2辆"


def test_the_database_wants_a_receipt_of_what_is_bought_and_no_stock(story: Helped) -> None:
    paid = {"state": "paid", "method": "handed", "received_by": "许金宝", "second_hand": "章建国"}
    for source, voucher, name in (("county", "", "bought_on_receipt"), ("stock", "发票1", "bought_not_from_stock")):
        stage = story.stage()
        stage.paid_at, stage.paid_by = story.aid.decided_at, story.people.officer
        for field, value in paid.items():
            setattr(stage, field, value)
        stage.source, stage.voucher = source, voucher
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            stage.save()


def test_one_row_is_not_partly_bought() -> None:
    county_data()
    both = (WHEELCHAIR, PlannedItem(1, "棉被", "床", 1, Decimal("120.00")))
    with pytest.raises(NotAllowed, match="请分成两行"):
        helped(PlannedStage("in_kind", Decimal("1680.00"), items=both))


def test_the_row_shows_count_and_value_and_takes_what_is_bought(reserve: Purse) -> None:
    item = quilt(reserve.officer)
    reserve.receive(item, 5)
    rows = stage_rows(row(item="bought", bought="轮椅", unit="辆", unit_value="780", count="2"), area=reserve.fund.area)
    assert rows.is_valid(), rows.errors
    assert [stage.items for stage in rows.stages()] == [(WHEELCHAIR,)]
    shown = dict(rows.forms[0].fields["item"].choices)
    assert shown[str(item.pk)] == "棉被（120.00元/床，库存5）"
    listed = stage_rows(row(item=str(item.pk), count="2"), area=reserve.fund.area)
    assert listed.is_valid(), listed.errors
    assert [stage.amount for stage in listed.stages()] == [Decimal("240.00")]


def test_what_is_bought_is_named_and_valued_beside_the_fields(reserve: Purse) -> None:
    rows = stage_rows(row(item="bought", count="2"), area=reserve.fund.area)
    assert not rows.is_valid()
    assert set(rows.errors[0]) == {"bought", "unit", "unit_value"}
    first = stage_rows(
        row(item="bought", bought="米", unit="袋", unit_value="9", count="1", together="on"), area=reserve.fund.area
    )
    assert not first.is_valid()
    assert set(first.errors[0]) == {"together"}
