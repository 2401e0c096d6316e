"""Who was granted aid stays who it was: a number entered later neither moves the money nor hides other aid."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.utils import InternalError
from django.urls import reverse

from documents.services import record_of, void_document
from foundation.errors import NotPermitted
from foundation.trail import acting
from households import services as households
from households.models import Household
from households.services import MemberData
from temporary_aid import services
from temporary_aid.models import AidPaper, TemporaryAid
from temporary_aid.rules.states import DecidedBy
from temporary_aid.services import NotAllowed
from tests.support.aid import aid_data, open_urgent
from tests.support.cases import Desk, errors_of
from tests.support.crews import LINXI, START, VILLAGES, Crew, county_data, instant
from tests.support.factories import area, make_id_number
from tests.temporary_aid import advances, builders
from tests.temporary_aid.granted import PAID, Helped, granted, helped, money
from tests.temporary_aid.test_expenditure import NINE, spending

pytestmark = pytest.mark.django_db
LATER = PAID + timedelta(days=2)
BORN = date(1971, 2, 3)


@pytest.fixture(autouse=True)
def _told() -> None:
    county_data()


def family_of(people: Crew, number: str = "", *, name: str = "张伟", born: date = BORN) -> Household:
    with acting(actor="system:test"):
        return households.register_household(
            area=area(VILLAGES[LINXI]),
            head=MemberData(
                name=name,
                relation="head",
                sex="male",
                birth_date=born,
                id_number=number,
                missing_id_reason="" if number else "unregistered",
                facts={"health": "good"},
            ),
            facts={"address": "二组3号", "residence": "rural", "phone": "13905630102"},
            by=people.officer,
            on=START,
            at=instant(START),
        )


def of_family(story: Helped, household: Household) -> TemporaryAid:
    """Granted to a member of a family who has no number on record."""
    aid = open_urgent(story.people.officer, household=household, cause="traffic")
    return granted(aid, money("1560.00"), people=story.people)


def test_a_namesakes_number_does_not_move_decided_aid_to_another_family() -> None:
    story = helped()
    ours, other = family_of(story.people), family_of(story.people, make_id_number(birth_date=BORN))
    aid = of_family(story, ours)
    number = str(other.members.get(relation="head").person.id_number.reveal())
    with pytest.raises(NotAllowed, match="不是关联家庭的成员") as refused:
        services.identify_recipient(aid, id_number=number, by=story.people.officer, at=LATER)
    assert refused.value.field == "id_number"
    aid.refresh_from_db()
    assert (aid.household, aid.recipient_id_index) == (ours, "")


def test_the_number_of_nobody_on_record_is_written_and_the_family_stays() -> None:
    story = helped()
    ours = family_of(story.people)
    aid = of_family(story, ours)
    number = make_id_number(birth_date=BORN)
    done = services.identify_recipient(aid, id_number=number, by=story.people.officer, at=LATER)
    assert (done.household, done.recipient_id_number.reveal()) == (ours, number)


def test_the_database_keeps_the_family_that_was_granted_and_what_was_counted() -> None:
    story = helped()
    ours, other = family_of(story.people), family_of(story.people, make_id_number(birth_date=BORN))
    aid = of_family(story, ours)
    for field, value in (
        ("household", other),
        ("is_beyond_frequency", True),
        ("counted_before", {"all": 9}),
        ("cause", "fire"),
        ("grade", "severe"),
        ("difference_reason", "另写"),
        ("suggested_amount", "1.00"),
    ):
        row = TemporaryAid.objects.get(pk=aid.pk)
        setattr(row, field, value)
        if field == "household":
            row.applicant = None
        with pytest.raises(InternalError), transaction.atomic(), acting(actor="system:test"):
            row.save()


def test_an_approver_corrects_a_wrong_number_and_is_told_what_it_brings_up() -> None:
    story = helped()
    right = make_id_number(birth_date=BORN)
    before = granted(open_urgent(story.people.officer, id_number=right), money("1560.00"), people=story.people)
    with acting(actor="system:test"):
        aid = services.open_aid(
            aid_data(id_number=make_id_number(birth_date=date(1972, 3, 4))), by=story.people.officer, at=PAID
        )
    aid = granted(aid, money("1560.00"), people=story.people, at=PAID)
    with pytest.raises(NotAllowed, match="已经登记过身份证号"):
        services.identify_recipient(aid, id_number=right, by=story.people.officer, at=LATER)
    terms = {"id_number": right, "by": story.people.lead, "at": LATER}
    with pytest.raises(NotAllowed, match="请写明更正的原因") as refused:
        services.correct_number(aid, reason=" ", **terms)
    assert refused.value.field == "reason"
    done = services.correct_number(aid, reason="窗口录错一位", **terms)
    assert done.recipient_id_number.reveal() == right
    assert (done.recipient_birth_date, done.counted_before["all"]) == (BORN, 0)  # as it was decided
    note = done.events.get(kind="number_corrected").note
    assert "窗口录错一位" in note
    assert before.number in note
    assert "超过" in note


def test_whoever_handled_it_does_not_correct_the_number_and_not_before_the_decision() -> None:
    story = helped()
    right = make_id_number(birth_date=BORN)
    terms = {"id_number": right, "reason": "录错", "at": LATER}
    with pytest.raises(NotPermitted):
        services.correct_number(story.aid, by=story.people.officer, **terms)
    waiting = open_urgent(story.people.officer, id_number=make_id_number(birth_date=date(1980, 1, 1)))
    with pytest.raises(NotAllowed, match="不能这样办理"):
        services.correct_number(waiting, by=story.people.lead, **terms)


def test_a_correction_is_to_the_same_person_too() -> None:
    story = helped()
    other = family_of(story.people, make_id_number(birth_date=BORN), name="张小伟")
    number = str(other.members.get(relation="head").person.id_number.reveal())
    with pytest.raises(NotAllowed, match="不能改成别人"):
        services.correct_number(story.aid, id_number=number, reason="录错", by=story.people.lead, at=LATER)
    same = str(story.aid.recipient_id_number.reveal())
    with pytest.raises(NotAllowed, match="与原来登记的相同"):
        services.correct_number(story.aid, id_number=same, reason="录错", by=story.people.lead, at=LATER)


def test_the_approver_corrects_it_on_its_page_and_the_clerk_is_not_let_in() -> None:
    story = helped()
    address = reverse("temporary_aid:correct_number", args=[story.aid.pk])
    detail = reverse("temporary_aid:detail", args=[story.aid.pk])
    lead, clerk = Desk(story.people.lead, on=LATER.date()), Desk(story.people.officer, on=LATER.date())
    assert address in lead.fetch(detail).content.decode()
    assert address not in clerk.fetch(detail).content.decode()
    assert clerk.fetch(address).status_code == 403
    typed = {"id_number": make_id_number(birth_date=BORN), "reason": ""}
    assert errors_of(lead.post(address, typed)).keys() == {"reason"}
    assert lead.post(address, typed | {"reason": "对照户口簿，录错一位"}).status_code == 302
    assert "录错一位" in lead.fetch(detail).content.decode()


def _standing(aid: TemporaryAid) -> dict[str, str]:
    """The papers that stand, each with the ID number that it prints."""
    rows = aid.papers.filter(document__voided_on=None).select_related("document").order_by("pk")
    told = {row.document.kind: record_of(row.document) for row in rows}
    return {kind: record.recipient.id_number for kind, record in told.items() if hasattr(record, "recipient")}


def test_the_papers_go_out_anew_with_the_right_number_and_all_else_as_it_was(people: Crew) -> None:
    advances.fund(people)
    aid = advances.approved(people)
    right, at = make_id_number(birth_date=BORN, male=False), advances.SOON + timedelta(days=5)
    before = aid.papers.get(document__kind="temp_aid_form")
    done = services.correct_number(aid, id_number=right, reason="录错一位", by=people.approver, at=at)
    assert _standing(done) == dict.fromkeys(("petty_advance_slip", "supplement_statement", "temp_aid_form"), right)
    before.document.refresh_from_db()
    assert (before.document.voided_on, before.document.voided_by) == (at.date(), people.approver)
    assert before.document.voided_reason == "更正身份证号：录错一位"
    anew = done.papers.get(document__kind="temp_aid_form", document__voided_on=None).document
    assert anew.number in done.events.get(kind="number_corrected").note
    old, new = record_of(before.document), record_of(anew)
    assert new.recipient.sex == "女"  # type: ignore[attr-defined]
    assert replace(new, recipient=old.recipient) == old  # type: ignore[attr-defined]
    assert done.papers.filter(document__kind="temp_aid_notice").count() == 1  # it prints no number


def test_a_paper_voided_before_goes_out_again_with_the_right_number_too(people: Crew) -> None:
    aid = builders.approved(people)
    form = aid.papers.get(document__kind="temp_aid_form")
    void_document(form.document, reason="盖错章", by=people.lead, on=LATER.date())
    right = make_id_number(birth_date=BORN, male=False)
    done = services.correct_number(aid, id_number=right, reason="录错一位", by=people.lead, at=LATER)
    assert _standing(done) == {}
    form = AidPaper.objects.get(pk=form.pk)
    services.reissue_paper(form, by=people.lead, at=LATER)
    assert _standing(done) == {"temp_aid_form": right}


def test_papers_of_an_archived_family_are_not_touched_before_it_is_taken_back(people: Crew) -> None:
    with acting(actor="system:test"):
        ours = family_of(people)
    aid = builders.approved(people, aid=open_urgent(people.officer, household=ours))
    services.identify_recipient(aid, id_number=make_id_number(birth_date=BORN), by=people.officer, at=LATER)
    terms = {"id_number": make_id_number(birth_date=BORN), "reason": "录错", "by": people.lead, "at": LATER}
    file = {"by": people.officer, "on": LATER.date(), "at": LATER}
    households.archive_household(ours, note="已过保管期", **file)
    with pytest.raises(NotAllowed, match="先从归档库恢复"):
        services.correct_number(aid, **terms)
    households.take_back_household(ours, reason="更正", **file)
    assert services.correct_number(aid, **terms).recipient_id_number.reveal() == terms["id_number"]


def test_what_the_county_decided_the_county_corrects(people: Crew) -> None:
    story = helped(people=people)
    county = granted(open_urgent(people.officer), money("1560.00"), people=people, level=DecidedBy.COUNTY)
    terms = {"id_number": make_id_number(birth_date=BORN), "reason": "录错", "at": LATER}
    with pytest.raises(NotPermitted):
        services.correct_number(county, by=people.lead, **terms)
    assert services.correct_number(county, by=people.approver, **terms).version > county.version
    assert services.correct_number(story.aid, by=people.lead, **terms).version > story.aid.version


def test_the_family_of_aid_in_a_case_is_not_changed_by_mending(people: Crew) -> None:
    aid = spending(people)
    services.open_expenditure(aid, by=people.officer, at=NINE)
    other = family_of(people, make_id_number(birth_date=BORN))
    data = aid_data(
        kind="expenditure",
        household=other,
        self_paid_amount=Decimal("21000.00"),
        occurred_on=date(2026, 8, 20),
        first_reported_at=NINE,
    )
    with acting(actor="system:test"), pytest.raises(NotAllowed, match="不能改关联的家庭"):
        services.mend_aid(aid, data, by=people.officer, at=NINE)
