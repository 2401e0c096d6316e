import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection

from foundation.errors import NotPermitted, ServiceError, StaleVersion
from foundation.trail import acting
from households import services
from households.models import Household, HouseholdEvent, Member, Person
from households.queries import annotate_head, current_members, search, visible_to
from organizations.models import AccessRecord, Staff
from organizations.permissions import Role
from tests.households.builders import data, head, join, newborn, register
from tests.support.factories import AT, LINXI, ON, area, make_id_number, make_staff
from tests.support.reference import load_once

pytestmark = pytest.mark.django_db


def test_a_registered_family_has_a_number_a_head_and_an_event(clerk: Staff) -> None:
    family = register(clerk, phone="13905632207")
    assert family.number == "H101000001"
    assert head(family).person.name == "胡德旺"
    assert str(Household.objects.get(pk=family.pk).phone) == "139****2207"
    event = family.events.get()
    assert (event.kind, event.on, event.by) == ("registered", ON, clerk)


def test_numbers_go_on_when_a_family_has_moved_away(clerk: Staff, neighbour: Staff) -> None:
    first = register(clerk)
    transfer = services.propose_transfer(first, area=area("341824100001"), address="新村", by=clerk, on=ON, at=AT)
    services.accept_transfer(transfer, by=neighbour, on=ON, at=AT)
    assert register(clerk).number == "H101000002"
    assert register(neighbour, code="341824100001").number == "H100000001"


def test_a_family_is_registered_in_a_village(clerk: Staff) -> None:
    with pytest.raises(services.NotAllowedNow, match="村（社区）") as refusal:
        register(clerk, code="341824101")
    assert refusal.value.field == "area"


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"id_number": "341899196803120016"}, "id_number", "校验位"),
        ({"id_number": "34189919680312001"}, "id_number", "18位"),
        ({"id_number": "341899202711240013"}, "id_number", "晚于今天"),
        ({"id_number": "341899196802300011"}, "id_number", "出生日期"),
        ({"name": "  "}, "name", "姓名"),
        ({"name": "长" * 61}, "name", "60"),
        ({"sex": "female"}, "sex", "性别"),
        ({"birth_date": date(1970, 1, 1)}, "birth_date", "1968年3月12日"),
        ({"id_number": "", "missing_id_reason": ""}, "id_number", "无证号原因"),
        ({"id_number": "", "missing_id_reason": "newborn", "birth_date": ON + timedelta(1)}, "birth_date", "今天"),
    ],
)
def test_what_is_wrong_of_a_person_is_said_beside_the_field(
    clerk: Staff, typed: dict[str, object], field: str, sentence: str
) -> None:
    number = make_id_number()
    fields = {"name": "胡德旺", "relation": "head", "sex": "male", "birth_date": date(1968, 3, 12), "id_number": number}
    with pytest.raises(ServiceError, match=sentence) as refusal:
        register(clerk, head=services.MemberData(**fields | typed))
    assert refusal.value.field == field
    assert not Household.objects.exists()


def test_a_residence_permit_family_needs_its_number(clerk: Staff) -> None:
    with pytest.raises(services.NotAllowedNow, match="居住证号"):
        register(clerk, registration_kind="residence_permit")


def test_a_form_cannot_write_fields_that_are_not_open(clerk: Staff) -> None:
    with pytest.raises(ValueError, match="number"):
        register(clerk, number="H999000001")


def test_somebody_of_the_own_area_is_named_with_the_family(clerk: Staff) -> None:
    number = make_id_number()
    family = register(clerk, head=data(id_number=number))
    with pytest.raises(services.AlreadyRegistered, match=family.number):
        register(clerk, head=data(id_number=number.lower()))
    assert not AccessRecord.objects.exists()


def test_somebody_of_another_township_is_not_named_and_the_look_up_is_recorded(clerk: Staff, neighbour: Staff) -> None:
    number = make_id_number()
    family = register(neighbour, code="341824100001", head=data("唐玉兰", id_number=number))
    with pytest.raises(services.AlreadyRegistered) as refusal:
        join(register(clerk), clerk, id_number=number)
    assert refusal.value.message == "已在华阳镇登记，请发起迁移或与该乡镇联系。"
    assert "唐玉兰" not in refusal.value.message and family.number not in refusal.value.message
    record = AccessRecord.objects.get()
    assert (record.kind, record.staff, record.subject_id) == ("foreign_lookup", clerk, head(family).person_id)


def test_looking_up_says_the_family_at_home_and_only_the_township_elsewhere(clerk: Staff, neighbour: Staff) -> None:
    number = make_id_number()
    family = register(neighbour, code="341824100001", head=data("唐玉兰", id_number=number))
    at_home = services.look_up_person(number, by=neighbour, at=AT)
    assert at_home is not None and at_home.household == family
    elsewhere = services.look_up_person(number, by=clerk, at=AT)
    assert elsewhere is not None
    assert (elsewhere.person, elsewhere.household, elsewhere.elsewhere) == (None, None, "华阳镇")
    assert AccessRecord.objects.filter(kind="foreign_lookup", staff=clerk).count() == 1
    assert services.look_up_person(make_id_number(), by=clerk, at=AT) is None


def test_looking_up_strangers_is_limited_by_the_hour(clerk: Staff, neighbour: Staff, settings: Any) -> None:
    settings.FOREIGN_LOOKUPS_PER_HOUR = 2
    number = make_id_number()
    register(neighbour, code="341824100001", head=data(id_number=number))
    for _ in range(2):
        services.look_up_person(number, by=clerk, at=AT)
    for text in (number, make_id_number()):
        with pytest.raises(services.TooManyLookups, match="小时"):
            services.look_up_person(text, by=clerk, at=AT)
    assert services.look_up_person(number, by=clerk, at=AT + timedelta(hours=1, seconds=1)) is not None
    assert services.look_up_person(number, by=neighbour, at=AT) is not None


@pytest.mark.parametrize("act", ["register", "add", "correct", "identify", "marry"])
def test_registering_strangers_is_limited_as_looking_them_up(
    clerk: Staff, neighbour: Staff, family: Household, settings: Any, act: str
) -> None:
    settings.FOREIGN_LOOKUPS_PER_HOUR = 2
    number = make_id_number()
    register(neighbour, code="341824100001", head=data("唐玉兰", id_number=number))
    child = services.add_member(family, data=newborn(), by=clerk, on=ON, at=AT)
    stranger, when = data("试探", "other", id_number=number), {"by": clerk, "on": ON, "at": AT}
    acts: dict[str, Callable[[], object]] = {
        "register": lambda: register(clerk, head=data("试探", id_number=number)),
        "add": lambda: services.add_member(family, data=stranger, **when),
        "correct": lambda: services.correct_member(head(family), data=data(id_number=number), by=clerk, on=ON),
        "identify": lambda: services.identify(child, id_number=number, **when),
        "marry": lambda: services.marry(family, member=head(family), spouse=stranger, **when),
    }
    with time_machine.travel(AT, tick=False):
        for _ in range(2):
            with pytest.raises(services.AlreadyRegistered, match="华阳镇"):
                acts[act]()
        with pytest.raises(services.TooManyLookups) as refusal:
            acts[act]()
    assert "华阳镇" not in refusal.value.message
    assert AccessRecord.objects.filter(kind="foreign_lookup", staff=clerk).count() == 2


def test_who_met_too_many_strangers_still_corrects_what_needs_no_look_up(
    clerk: Staff, family: Household, settings: Any
) -> None:
    settings.FOREIGN_LOOKUPS_PER_HOUR = 0
    number = head(family).person.id_number.reveal()
    corrected = data("胡德旺", id_number=number, facts={"health": "chronic"})
    services.correct_member(head(family), data=corrected, by=clerk, on=ON)
    assert head(family).person.health == "chronic"
    assert services.add_member(family, data=newborn(), by=clerk, on=ON, at=AT)


def test_who_left_a_family_is_named_only_where_that_family_lives(clerk: Staff, neighbour: Staff) -> None:
    number = make_id_number()
    gone = join(register(clerk), clerk, "胡小雨", "child", id_number=number)
    services.leave(gone, reason="moved", by=clerk, on=ON, at=AT)
    at_home = services.look_up_person(number, by=clerk, at=AT)
    assert at_home is not None and (at_home.person, at_home.household) == (gone.person, None)
    assert services.look_up_person(number, by=neighbour, at=AT) is None


def test_a_known_number_under_another_name_is_asked_about_without_telling_strangers(
    clerk: Staff, neighbour: Staff
) -> None:
    number = make_id_number()
    gone = join(register(clerk), clerk, "胡小雨", "child", id_number=number)
    services.leave(gone, reason="moved", by=clerk, on=ON, at=AT)
    for staff, code, is_named in ((clerk, LINXI, True), (neighbour, "341824100001", False)):
        with pytest.raises(services.NotAllowedNow, match="姓名") as refusal:
            register(staff, code=code, head=data("胡晓宇", id_number=number))
        assert ("胡小雨" in refusal.value.message) is is_named
    assert Person.objects.get(pk=gone.person_id).name == "胡小雨"
    assert register(neighbour, code="341824100001", head=data("胡 小雨", id_number=number))


def test_who_comes_back_keeps_what_the_form_does_not_say(clerk: Staff) -> None:
    number = make_id_number()
    facts = {"serious_illness": True, "illness_name": "尿毒症", "employment": "none"}
    disability = {"kind": "physical", "level": 1}
    sick = join(register(clerk), clerk, "胡小雨", "child", id_number=number, facts=facts, disability=disability)
    services.leave(sick, reason="moved", by=clerk, on=ON, at=AT)
    blank = {"serious_illness": False, "illness_name": "", "employment": "flexible"}
    back = head(register(clerk, head=data("胡小雨", id_number=number, facts=blank)))
    assert (back.person.serious_illness, back.person.illness_name) == (True, "尿毒症")
    assert back.person.employment == "flexible"
    assert back.person.disabilities.get(ended_on=None).level == 1


def test_somebody_who_left_every_family_joins_as_the_same_person(clerk: Staff) -> None:
    number = make_id_number()
    family = register(clerk)
    daughter = join(family, clerk, "胡小雨", "child", id_number=number)
    services.leave(daughter, reason="married_out", by=clerk, on=ON, at=AT)
    assert head(register(clerk, head=data("胡小雨", id_number=number))).person_id == daughter.person_id


def test_the_dead_join_no_family(clerk: Staff) -> None:
    number = make_id_number()
    member = join(register(clerk), clerk, id_number=number)
    services.record_death(member, died_on=ON, by=clerk, at=AT)
    with pytest.raises(services.NotAllowedNow, match="死亡"):
        register(clerk, head=data(id_number=number))


def test_a_family_has_one_head(clerk: Staff, family: Household) -> None:
    with pytest.raises(services.NotAllowedNow, match="已有户主") as refusal:
        join(family, clerk, relation="head")
    assert refusal.value.field == "relation"


def test_members_come_head_first_and_in_order(clerk: Staff, family: Household) -> None:
    join(family, clerk, "汪秋菊", "spouse")
    join(family, clerk, "胡小雨", "child")
    assert [str(member) for member in current_members(family)] == ["胡德旺", "汪秋菊", "胡小雨"]


def test_correcting_a_member_keeps_what_was_not_wrong(clerk: Staff, family: Household) -> None:
    disability = {"kind": "physical", "level": 2}
    number = make_id_number()
    member = join(family, clerk, id_number=number, disability=disability)
    first = member.person.disabilities.get()
    corrected = data("汪秋玲", "spouse", id_number=number, facts={"health": "chronic"}, disability=disability)
    services.correct_member(member, data=corrected, by=clerk, on=ON)
    person = Person.objects.get(pk=member.person_id)
    assert (person.name, person.health, person.pinyin_initials) == ("汪秋玲", "chronic", "wql")
    assert person.disabilities.get(ended_on=None) == first
    services.correct_member(member, data=data("汪秋玲", "spouse", id_number=number), by=clerk, on=ON)
    assert not person.disabilities.filter(ended_on=None).exists()


def test_an_id_number_once_given_is_not_dropped(clerk: Staff, family: Household) -> None:
    with pytest.raises(services.NotAllowedNow, match="不能清空"):
        services.correct_member(head(family), data=newborn("胡德旺", "head"), by=clerk, on=ON)


def test_correcting_to_the_number_of_somebody_else_is_refused(clerk: Staff, family: Household) -> None:
    number = make_id_number()
    join(family, clerk, id_number=number)
    with pytest.raises(services.AlreadyRegistered):
        services.correct_member(head(family), data=data(id_number=number), by=clerk, on=ON)


def test_a_member_who_left_is_not_corrected(clerk: Staff, family: Household) -> None:
    member = join(family, clerk)
    services.leave(member, reason="moved", by=clerk, on=ON, at=AT)
    with pytest.raises(services.NotAllowedNow, match="已不在"):
        services.correct_member(member, data=data("汪秋菊", "spouse"), by=clerk, on=ON)


def test_the_head_is_not_changed_by_a_correction(clerk: Staff, family: Household) -> None:
    with pytest.raises(services.NotAllowedNow, match="变更户主"):
        services.correct_member(head(family), data=data("胡德旺", "spouse"), by=clerk, on=ON)


def test_changing_the_head_turns_every_relation(clerk: Staff, family: Household) -> None:
    old, wife = head(family), join(family, clerk)
    son = join(family, clerk, "胡小雨", "child")
    services.change_head(family, member=wife, relations={old.pk: "spouse", son.pk: "child"}, by=clerk, on=ON, at=AT)
    order = [(str(member), member.relation) for member in current_members(family)]
    assert order == [("汪秋菊", "head"), ("胡德旺", "spouse"), ("胡小雨", "child")]


def test_changing_the_head_needs_every_relation_and_a_member_of_the_family(clerk: Staff, family: Household) -> None:
    wife, stranger = join(family, clerk), head(register(clerk))
    with pytest.raises(services.NotAllowedNow, match="每名成员"):
        services.change_head(family, member=wife, relations={}, by=clerk, on=ON, at=AT)
    with pytest.raises(services.NotAllowedNow, match="已不在"):
        services.change_head(family, member=stranger, relations={}, by=clerk, on=ON, at=AT)
    with pytest.raises(services.NotAllowedNow, match="已是户主"):
        services.change_head(family, member=head(family), relations={wife.pk: "spouse"}, by=clerk, on=ON, at=AT)


def test_whoever_saves_second_is_told(clerk: Staff, family: Household) -> None:
    services.change_facts(family, facts={"address": "二组3号"}, by=clerk, version=family.version)
    with pytest.raises(StaleVersion, match="两个版本"):
        services.change_facts(family, facts={"address": "三组4号"}, by=clerk, version=family.version)
    assert Household.objects.get(pk=family.pk).address == "二组3号"


def test_a_neighbouring_clerk_changes_nothing(clerk: Staff, neighbour: Staff, family: Household) -> None:
    wife = join(family, clerk)
    theirs = register(neighbour, code="341824100001")
    acts: list[Callable[[], object]] = [
        lambda: register(neighbour),
        lambda: join(family, neighbour, "陌生人", "child"),
        lambda: services.correct_member(wife, data=data("x", "spouse"), by=neighbour, on=ON),
        lambda: services.change_facts(family, facts={}, by=neighbour, version=2),
        lambda: services.change_head(family, member=wife, relations={}, by=neighbour, on=ON, at=AT),
        lambda: services.record_birth(family, child=newborn(), parents=[], by=neighbour, on=ON, at=AT),
        lambda: services.marry(family, member=wife, spouse=data("x", "other"), by=neighbour, on=ON, at=AT),
        lambda: services.divorce(wife, by=neighbour, on=ON, at=AT),
        lambda: services.leave(wife, reason="moved", by=neighbour, on=ON, at=AT),
        lambda: services.record_death(wife, died_on=ON, by=neighbour, at=AT),
        lambda: services.split_household(
            family, leaving={wife.pk: "head"}, area=area(LINXI), address="x", by=neighbour, on=ON, at=AT
        ),
        lambda: services.split_household(
            family, leaving={wife.pk: "head"}, area=area("341824100001"), address="x", by=clerk, on=ON, at=AT
        ),
        lambda: services.merge_households(family, into=theirs, relations={}, by=neighbour, on=ON, at=AT),
        lambda: services.merge_households(theirs, into=family, relations={}, by=neighbour, on=ON, at=AT),
        lambda: services.move(family, area=area("341824101201"), address="x", by=neighbour, on=ON, at=AT),
        lambda: services.propose_transfer(family, area=area("341824100001"), address="x", by=neighbour, on=ON, at=AT),
        lambda: services.identify(wife, id_number=make_id_number(), by=neighbour, on=ON, at=AT),
        lambda: services.save_incomes(family, year=2026, rows=[], by=neighbour, at=AT),
        lambda: services.save_expenses(family, year=2026, rows=[], by=neighbour, at=AT),
        lambda: services.save_property(family, facts={}, by=neighbour),
        lambda: services.save_supporters(wife, rows=[], known_all=True, by=neighbour, on=ON),
        lambda: services.set_bank_account(
            family, bank="农行", account="6217001234567890", holder="x", by=neighbour, on=ON
        ),
        lambda: services.set_agent(family, name="x", relation="y", by=neighbour, on=ON),
        lambda: services.end_agent(family, by=neighbour, on=ON),
        lambda: services.record_consent(family, signed_on=ON, signers={wife.pk: ""}, by=neighbour, on=ON),
    ]
    before = (Member.objects.count(), HouseholdEvent.objects.count(), family.members.filter(left_on=None).count())
    for act in acts:
        with pytest.raises(NotPermitted):
            act()
    assert before == (
        Member.objects.count(),
        HouseholdEvent.objects.count(),
        family.members.filter(left_on=None).count(),
    )


def test_looking_is_not_changing(family: Household) -> None:
    auditor = make_staff(Role.AUDITOR, "341824")
    assert visible_to(auditor).get() == family
    with pytest.raises(NotPermitted):
        services.change_facts(family, facts={}, by=auditor, version=1)


@pytest.mark.parametrize("typed", ["胡德旺", "胡", "hdw", "HD", "the number", "tail", "139 0563 2207", "H101000001"])
def test_families_are_found_by_what_people_say(clerk: Staff, neighbour: Staff, typed: str) -> None:
    number = make_id_number()
    family = register(clerk, head=data(id_number=number), phone="13905632207")
    register(clerk, head=data("程晓燕"))
    text = {"the number": number.lower(), "tail": number[-4:]}.get(typed, typed)
    assert list(search(clerk, text)) == [family]
    assert not search(neighbour, text).exists()


def test_a_list_row_knows_the_head_and_how_many(clerk: Staff, family: Household) -> None:
    join(family, clerk)
    services.leave(join(family, clerk, "胡小雨", "child"), reason="moved", by=clerk, on=ON, at=AT)
    row = annotate_head(visible_to(clerk)).get()
    assert (row.head_name, row.member_count) == ("胡德旺", 2)


@pytest.mark.django_db(transaction=True)
def test_two_clerks_register_the_same_id_number_at_once(transactional_db: None) -> None:
    load_once()
    clerks = [make_staff(Role.TOWNSHIP_OFFICER, "341824101"), make_staff(Role.TOWNSHIP_OFFICER, "341824101")]
    number, gate, outcomes = make_id_number(), threading.Barrier(2), []

    def work(by: Staff) -> None:
        try:
            with acting(actor="system:test"):
                gate.wait(timeout=10)
                outcomes.append(register(by, head=data(id_number=number)).number)
        except ServiceError as error:
            outcomes.append(error.message)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(by,)) for by in clerks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(outcomes)[0] == "H101000001"
    assert "已登记在家庭H101000001" in sorted(outcomes)[1] and len(outcomes) == 2
    assert Person.objects.count() == Household.objects.count() == 1
