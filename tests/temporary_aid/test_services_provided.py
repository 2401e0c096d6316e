"""转介服务: who provides it to whom, who took them in, how long a shelter lasts, and what became of it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import IntegrityError, InternalError

from temporary_aid.forms.stages import PaymentForm
from temporary_aid.papers import temp_aid_form
from temporary_aid.rules.plans import PlannedStage
from temporary_aid.services import NotAllowed
from tests.support.crews import county_data
from tests.temporary_aid.granted import PAID, Helped, helped

pytestmark = pytest.mark.django_db
DAY = PAID.date()
SAID: dict[str, Any] = {
    "method": "served",
    "voucher": "",
    "provider": "县救助站",
    "contact": "葛文斌",
    "contact_phone": "05638160000",
    "served_from": DAY,
    "served_to": DAY + timedelta(days=10),
    "outcome": "settled",
}


@pytest.fixture(autouse=True)
def _told() -> None:
    county_data()


def served(service: str = "shelter") -> Helped:
    return helped(PlannedStage("service", Decimal("0.00"), service=service))


def test_a_shelter_says_who_took_them_in_how_long_and_what_became() -> None:
    stage = served().pay(**SAID)
    assert (stage.provider, stage.contact, stage.contact_phone.reveal()) == ("县救助站", "葛文斌", "05638160000")
    assert (stage.served_from, stage.served_to, stage.outcome) == (DAY, DAY + timedelta(days=10), "settled")
    outcome = temp_aid_form(stage.aid).stages[0].outcome
    assert outcome == "2026年9月13日已安置，接收人葛文斌，2026年9月13日至2026年9月23日"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("provider", " ", "请填提供服务的单位"),
        ("contact", " ", "请填接收人姓名"),
        ("contact_phone", "", "请填接收人电话"),
        ("served_from", None, "请填安置起始日"),
        ("served_from", DAY + timedelta(days=1), "不能晚于到手时间"),
        ("served_to", None, "请填安置截止日"),
        ("served_to", DAY - timedelta(days=1), "不能早于起始日"),
        ("outcome", "admitted", "请选择临时住所的服务结果"),
        ("outcome", "", "请选择临时住所的服务结果"),
    ],
)
def test_what_is_missing_is_told_beside_its_field(field: str, value: Any, sentence: str) -> None:
    with pytest.raises(NotAllowed, match=sentence) as refused:
        served().pay(**SAID | {field: value})
    assert refused.value.field == field


def test_each_service_asks_only_what_fits_it() -> None:
    asked = {}
    for service in ("shelter", "hospital", "meals"):
        stage = served(service).stage()
        form = PaymentForm(stage=stage, has_account=False, is_late=False, on=DAY)
        asked[service] = set(form.fields) & {
            "provider",
            "contact",
            "contact_phone",
            "served_from",
            "served_to",
            "outcome",
        }
    whole = {"provider", "contact", "contact_phone", "outcome"}
    assert asked == {
        "shelter": whole | {"served_from", "served_to"},
        "hospital": whole,
        "meals": {"provider", "outcome"},
    }
    meals = SAID | {"contact": "", "contact_phone": "", "outcome": "provided"}
    stage = served("meals").pay(**meals)
    assert (stage.outcome, stage.served_from) == ("provided", None)


def test_the_database_holds_outcome_and_days() -> None:
    story = served()
    stage = story.stage()
    stage.state, stage.source, stage.method = "paid", "none", "served"
    stage.received_by, stage.second_hand, stage.paid_at, stage.paid_by = "许金宝", "章建国", PAID, story.people.officer
    with pytest.raises(InternalError, match="what became of it"), transaction.atomic():
        stage.save()
    stage.outcome, stage.served_from, stage.served_to = "settled", DAY, DAY - timedelta(days=1)
    with pytest.raises(IntegrityError, match="days_of_shelter"), transaction.atomic():
        stage.save()
    other = helped(people=story.people).stage()
    other.outcome = "settled"
    with pytest.raises(IntegrityError, match="outcome_of_service"), transaction.atomic():
        other.save()
