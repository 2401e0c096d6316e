"""An entrusted village helps by itself (村级委托): entered on the phone, decided there, paid by the township."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from temporary_aid import services
from temporary_aid.models import TemporaryAid
from temporary_aid.services import EntrustmentData
from tests.benefits.builders import set_parameter
from tests.support.aid import HUAYANG, LINXI, NIGHT, open_urgent
from tests.support.cases import Desk, errors_of
from tests.support.crews import VILLAGES, Crew, county_data, crew
from tests.support.factories import area, make_id_number
from tests.temporary_aid.builders import approved
from tests.temporary_aid.test_advance_views import quick_form
from tests.temporary_aid.test_deciding_pages import address, stages, words

pytestmark = pytest.mark.django_db
SUNDAY = NIGHT.date() + timedelta(days=1)
DECIDE = "村级决定救助"


@pytest.fixture
def people(county: None) -> Crew:
    county_data()
    return crew()


def entrusted(people: Crew) -> None:
    """临溪村, within 2 × 780 = 1560.00 yuan."""
    set_parameter("village_temp_limit", "2")
    data = EntrustmentData(NIGHT.date(), None, "绩民〔2026〕18号")
    services.entrust_village(area(VILLAGES[LINXI]), data, by=people.approver, on=NIGHT.date())


def entered(people: Crew, desk: Desk | None = None, **more: Any) -> TemporaryAid:
    """From the phone, within the village's limit: a fire of the lightest grade."""
    desk = desk or Desk(people.assistant, on=SUNDAY)
    answer = desk.post(address("quick"), quick_form(desk, grade="light", **more))
    assert answer.status_code == 302, errors_of(answer)
    return TemporaryAid.objects.latest("pk")


def decided(people: Crew, aid: TemporaryAid, amount: str = "1560", **more: str) -> Any:
    given = {"grade": "light", "opinion": "情况属实", "below_reason": "", "difference_reason": ""}
    sent = given | stages({"form": "money", "amount": amount}) | more
    return Desk(people.assistant, on=SUNDAY).post(address("decide_in_village", aid.pk), sent)


def test_from_the_phone_to_the_money_in_the_hand(people: Crew) -> None:
    entrusted(people)
    village, township = Desk(people.assistant, on=SUNDAY), Desk(people.officer, on=SUNDAY)
    aid = entered(people, village)
    shown = words(village.fetch(address("detail", aid.pk)))
    assert "本村受县里委托，1,560.00元以内" in shown
    assert address("decide_in_village", aid.pk) in shown
    form = village.fetch(address("decide_in_village", aid.pk))
    assert "不再由乡镇先行" in words(form)
    assert form.context["rows"].forms[0]["amount"].value() == "1,560.00"
    assert form.context["form"]["opinion"].value() == aid.advance_requests.get().word

    assert decided(people, aid).status_code == 302
    aid.refresh_from_db()
    assert (aid.state, aid.decided_level, aid.amount) == ("approved", "village", Decimal("1560.00"))
    request = aid.advance_requests.get()
    assert (request.declined_by, request.declined_reason) == (people.assistant, "改由受委托的村（社区）直接决定救助")
    steps = aid.events.exclude(to_state="").order_by("pk").values_list("kind", "from_state", "to_state")
    assert list(steps)[-2:] == [
        ("advance_declined", "advance_asked", "opened"),
        ("approved", "opened", "approved"),
    ]
    assert DECIDE not in words(village.fetch(address("detail", aid.pk)))

    pay = address("pay_stage", aid.stages.get().pk)
    assert pay in township.fetch(address("detail", aid.pk)).content.decode()
    paid = {
        "method": "cash",
        "paid_at": "2026-09-13T10:00",
        "second_hand": "章建国",
        "received_by": "许金宝",
        "voucher": "现付1",
    }
    assert township.post(pay, paid).status_code == 302
    assert aid.stages.get().state == "paid"


def test_another_township_finds_nothing(people: Crew) -> None:
    entrusted(people)
    aid, other = entered(people), crew(HUAYANG)
    for staff in (other.assistant, other.officer):
        desk = Desk(staff, on=SUNDAY)
        assert desk.fetch(address("detail", aid.pk)).status_code == 404
    assert Desk(other.assistant, on=SUNDAY).post(address("decide_in_village", aid.pk), {}).status_code == 404


def test_a_village_that_is_not_entrusted_is_told_to_ask_the_township(people: Crew) -> None:
    village = Desk(people.assistant, on=SUNDAY)
    aid = entered(people, village)
    shown = words(village.fetch(address("detail", aid.pk)))
    assert "受县里委托" not in shown
    assert DECIDE not in shown
    assert "没有委托" in words(village.fetch(address("decide_in_village", aid.pk)))
    refused = decided(people, aid)
    assert refused.status_code == 422
    assert "请提请乡镇办理" in words(refused)
    aid.refresh_from_db()
    assert (aid.state, aid.advance_requests.get().declined_at) == ("advance_asked", None)


def test_a_fen_above_the_ceiling_is_the_townships_and_its_request_stays(people: Crew) -> None:
    entrusted(people)
    aid = entered(people)
    refused = decided(people, aid, "1560.01", difference_reason="伤者住院")
    assert refused.status_code == 422
    assert "超过村级委托限额1,560.00元，请提请乡镇办理" in words(refused)
    aid.refresh_from_db()
    assert (aid.state, aid.advance_requests.get().declined_at) == ("advance_asked", None)


def test_a_family_helped_as_often_as_allowed_is_the_townships(people: Crew) -> None:
    entrusted(people)
    number = make_id_number()
    approved(people, aid=open_urgent(people.officer, id_number=number))
    aid = entered(people, id_number=number)
    refused = decided(people, aid)
    assert refused.status_code == 422
    assert "村里不能直接决定，请提请乡镇办理" in words(refused)
    aid.refresh_from_db()
    assert aid.state == "advance_asked"
