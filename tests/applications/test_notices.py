"""What a clerk is told early: near relatives to be asked about, members covered by another family's award."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from applications import services
from applications.models import Case, RelativeDeclaration
from applications.queries import CaseFile, cases_with_family
from applications.rules.process import CaseState
from foundation.errors import ServiceError
from households import services as households
from households.services import SupporterData
from organizations.permissions import Role
from organizations.services import appoint, open_account
from tests.applications.telling import relative
from tests.benefits.builders import grant
from tests.households.builders import data, register
from tests.support.cases import Desk
from tests.support.crews import HUAYANG, VILLAGES, instant
from tests.support.factories import area, make_id_number, make_staff
from tests.support.stories import Story, case_in, new_story

pytestmark = pytest.mark.usefixtures("county")
S = CaseState
SINCE = date(2026, 1, 1)


def notices(story: Story) -> list[str]:
    case = cases_with_family(story.people.officer).get(pk=story.case.pk)
    return [str(found) for found in CaseFile(case, on=story.today).namesakes]


def page(story: Story) -> str:
    return str(Desk(story.people.officer, on=story.today).get("detail", story.case.pk).content.decode())


# --- 近亲属 -------------------------------------------------------------------------------------------------------


def test_a_member_with_the_name_of_staff_of_any_township_is_to_be_asked_about() -> None:
    story = case_in(S.SUBMITTED)
    assert notices(story) == []
    make_staff(Role.VILLAGE_ASSISTANT, VILLAGES[HUAYANG], name="汪 秋菊", on=SINCE)
    (found,) = notices(story)
    place = f"{area(VILLAGES[HUAYANG])}・{Role.VILLAGE_ASSISTANT.label}"
    assert found == f"成员汪秋菊与经办人员汪 秋菊（{place}）同名，请核对是否近亲属"
    assert found in page(story)


def test_who_joins_the_family_later_and_a_legal_supporter_are_compared_too() -> None:
    story = case_in(S.SUBMITTED)
    make_staff(Role.TOWNSHIP_OFFICER, HUAYANG, name="胡德才", on=SINCE)
    when = {"by": story.people.officer, "on": story.today}
    households.add_member(story.household, data=data("胡德才", "sibling"), at=instant(story.today), **when)
    make_staff(Role.COUNTY_OFFICER, "341824", name="汪长根", on=SINCE)
    head = story.household.members.get(relation="head")
    father = SupporterData("汪长根", "子女", date(1990, 1, 1), {"status": "other"})
    households.save_supporters(head, rows=[father], known_all=True, **when)
    assert [found.split("（")[0] for found in notices(story)] == [
        "成员胡德才与经办人员胡德才",
        "胡德旺的法定义务人汪长根与经办人员汪长根",
    ]


def test_an_id_number_tells_more_than_a_name_and_is_shown_nowhere() -> None:
    story = case_in(S.SUBMITTED)
    number = story.household.members.get(relation="spouse").person.id_number.reveal()
    staff = open_account(
        staff_number="S77777", name="汪菊", area=area(HUAYANG), on=SINCE, password=None, id_number=number.lower()
    )
    assert notices(story) == []
    appoint(staff, role=Role.TOWNSHIP_OFFICER, area=area(HUAYANG), on=SINCE)
    assert notices(story) == ["成员汪秋菊与经办人员汪菊（华阳镇・乡镇经办人）同证号，请核对是否近亲属"]
    assert number not in page(story)
    with pytest.raises(ServiceError) as refusal:
        open_account(staff_number="S7", name="x", area=area(HUAYANG), on=SINCE, password=None, id_number="123")
    assert refusal.value.field == "id_number"


def test_who_is_registered_already_or_works_no_more_is_not_asked_about() -> None:
    story = case_in(S.SUBMITTED)
    make_staff(Role.TOWNSHIP_OFFICER, HUAYANG, name="汪秋菊", on=SINCE)
    gone = make_staff(Role.TOWNSHIP_OFFICER, HUAYANG, name="胡小雨", on=SINCE)
    gone.active_to = date(2026, 8, 1)
    gone.save()
    assert len(notices(story)) == 1
    relative(story, "汪秋菊")
    assert notices(story) == []


@pytest.mark.parametrize("relation", ["叔侄", "uncle", ""])
def test_only_near_relatives_are_registered(relation: str) -> None:
    story = new_story()
    told = {
        "member": story.household.members.get(relation="head"),
        "relative_name": "胡德财",
        "relative_unit": "临溪村委会",
        "relative_position": "委员",
        "relation": relation,
    }
    with pytest.raises(services.NotOpenable, match="不是近亲属") as refusal:
        services.declare_relative(story.intake, **told, by=story.people.officer, on=story.today)
    assert refusal.value.field == "relation"
    with pytest.raises(IntegrityError, match="relative_is_near"), transaction.atomic():
        RelativeDeclaration.objects.create(
            intake=story.intake, **told, registered_by=story.people.officer, registered_on=story.today
        )
    assert not Case.objects.get().county_visit_required


# --- 别处的待遇 ---------------------------------------------------------------------------------------------------


def covered_in_huayang(story: Story) -> None:
    """胡德才, covered with a family of 华阳镇, joins the family of the story."""
    neighbour = make_staff(Role.TOWNSHIP_OFFICER, HUAYANG, name="唐工", on=SINCE)
    number, when = make_id_number(), {"on": story.today, "at": instant(story.today)}
    theirs = register(neighbour, code=VILLAGES[HUAYANG], head=data("唐玉兰"))
    child = households.add_member(
        theirs,
        data=data("胡德才", "child", id_number=number),
        by=neighbour,
        on=theirs.members.get().joined_on,
        at=when["at"],
    )
    grant(theirs, story.people.approver, decided_on=SINCE)
    households.leave(child, reason="moved", by=neighbour, on=child.joined_on, at=when["at"])
    households.add_member(
        story.household, data=data("胡德才", "sibling", id_number=number), by=story.people.officer, **when
    )


def test_who_is_covered_elsewhere_is_told_when_registering_and_on_the_page() -> None:
    story = new_story()
    covered_in_huayang(story)
    told = "1名成员正在华阳镇的另一个家庭享受低保"
    assert told in page(story)
    story.sign_papers().submit()
    assert told in page(story)
    assert "唐玉兰" not in page(story)
    story.accept()
    notes = story.case.events.filter(kind__in=["submitted", "accepted"]).values_list("note", flat=True)
    assert list(notes) == [f"提示：{told}，请先与该乡镇核实"] * 2


def test_a_family_covered_nowhere_else_is_told_nothing() -> None:
    story = case_in(S.ACCEPTED)
    assert "的另一个家庭享受" not in page(story)
    assert set(story.case.events.filter(kind__in=["submitted", "accepted"]).values_list("note", flat=True)) == {""}
