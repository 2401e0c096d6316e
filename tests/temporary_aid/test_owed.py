"""后补手续: what aid by the simplified procedure owes from its approval on, until when, and how it ends."""

from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from foundation.errors import NotPermitted
from organizations.services import load_calendar_year
from temporary_aid import services
from temporary_aid.models import OwedPapers, TemporaryAid
from temporary_aid.queries.owed import missing_papers
from temporary_aid.services import NotAllowed
from temporary_aid.services.closing import close_solved
from temporary_aid.services.owed import confirm_papers
from temporary_aid.services.paying import PaymentData, pay_stage
from temporary_aid.services.relieving import set_relieved
from tests.benefits.builders import set_parameter
from tests.support.aid import NIGHT, SHANGHAI, open_urgent, photo
from tests.support.crews import Crew
from tests.temporary_aid import advances
from tests.temporary_aid.builders import MORNING, approved, proposal
from tests.temporary_aid.test_means import consented

pytestmark = pytest.mark.django_db
ALL = ["签字的申请书", "身份证明", "核查授权书"]
MONDAY = datetime(2026, 9, 14, 10, 0, tzinfo=SHANGHAI)
LAST = datetime(2026, 9, 24, 10, 0, tzinfo=SHANGHAI)
"""Ten working days after Sunday 13 September: 14–18, Sunday the 20th is worked, 21–24."""
FRIDAY_AFTER = datetime(2026, 9, 25, 10, 0, tzinfo=SHANGHAI)


def bring(aid: TemporaryAid, people: Crew, *kinds: str, at: datetime = MONDAY) -> OwedPapers:
    for kind in kinds:
        services.add_file(aid, kind=kind, upload=photo(), by=people.officer, at=at)
    return OwedPapers.objects.get(aid=aid)


def paid(people: Crew) -> TemporaryAid:
    """Approved and paid, in time, with no paper at all."""
    aid = approved(people)
    data = PaymentData("cash", MORNING + timedelta(hours=2), "胡玉兰", "许金宝", voucher="现1")
    at = MORNING + timedelta(hours=2)
    pay_stage(aid.stages.get(), data=data, by=people.officer, at=at, on=at.date())
    return TemporaryAid.objects.get(pk=aid.pk)


def end(aid: TemporaryAid, people: Crew, *, at: datetime = FRIDAY_AFTER, **more: str) -> TemporaryAid:
    return close_solved(aid, note="房屋已修好", by=people.officer, at=at, on=at.date(), **more)


# --- 批准以后欠什么 --------------------------------------------------------------------------------------------------


def test_the_approval_starts_ten_working_days_for_the_papers(people: Crew) -> None:
    aid = approved(people)
    owed = aid.owed_papers
    assert (owed.due_on, owed.due_is_provisional, owed.in_on) == (date(2026, 9, 24), False, None)
    assert missing_papers(aid, on=MONDAY.date()) == ALL


def test_a_paper_locks_the_aid_before_what_it_owes_as_every_act_does(people: Crew) -> None:
    aid = approved(people)
    with CaptureQueriesContext(connection) as asked:
        services.add_file(aid, kind="identity", upload=photo(), by=people.officer, at=MONDAY)
    held = [row["sql"].split(' FROM "')[1].split('"')[0] for row in asked if "FOR UPDATE" in row["sql"]]
    assert held == ["temporary_aid_temporaryaid", "temporary_aid_owedpapers"]


def test_the_county_sets_how_many_days(people: Crew) -> None:
    set_parameter("aid_supplement_days", 5)
    assert approved(people).owed_papers.due_on == date(2026, 9, 18)


def test_an_advance_owes_what_its_slip_says_and_nothing_beside(people: Crew) -> None:
    advances.fund(people)
    advances.approved(people)
    assert not OwedPapers.objects.exists()


def test_papers_come_in_one_by_one_and_with_the_last_nothing_is_owed(people: Crew) -> None:
    aid = approved(people)
    assert bring(aid, people, "application", "identity").in_on is None
    assert missing_papers(aid, on=MONDAY.date()) == ["核查授权书"]
    owed = bring(aid, people, "consent")
    assert (owed.in_on, owed.in_by, owed.missing) == (MONDAY.date(), people.officer, "")
    assert aid.events.get(kind="papers_in").note == "手续已补齐"


def test_a_family_on_record_with_its_authorisation_owes_the_signature_only(people: Crew) -> None:
    aid = approved(people, aid=open_urgent(people.officer, household=consented(people)))
    assert missing_papers(aid, on=MONDAY.date()) == ["签字的申请书"]


def test_what_was_signed_elsewhere_is_confirmed_by_the_clerk(people: Crew) -> None:
    aid = approved(people)
    bring(aid, people, "application", "identity")
    with pytest.raises(NotAllowed, match="还缺核查授权书"):
        confirm_papers(aid, by=people.officer, at=MONDAY)
    with pytest.raises(NotPermitted):
        confirm_papers(aid, by=people.lead, at=MONDAY)
    bring(aid, people, "consent")
    with pytest.raises(NotAllowed, match="没有待补的手续"):
        confirm_papers(aid, by=people.officer, at=MONDAY)


def test_papers_in_already_at_the_approval_are_not_owed(people: Crew) -> None:
    aid = open_urgent(people.officer)
    for kind in ("application", "identity", "consent"):
        services.add_file(aid, kind=kind, upload=photo(), by=people.officer, at=MORNING)
    assert approved(people, aid=aid).owed_papers.in_on == MORNING.date()


# --- 急难解除日 ------------------------------------------------------------------------------------------------------


def test_the_days_run_from_the_end_of_the_emergency(people: Crew) -> None:
    aid = approved(people)
    set_relieved(aid, relieved_on=date(2026, 9, 14), by=people.officer, at=MONDAY)
    owed = OwedPapers.objects.get()
    assert (owed.relieved_on, owed.due_on) == (date(2026, 9, 14), date(2026, 9, 28))
    note = aid.events.filter(kind="changed").first().note
    assert note == "急难于2026年9月14日解除，补手续期限由2026年9月24日改为2026年9月28日"


def test_another_day_is_told_with_its_reason_and_both_due_days(people: Crew) -> None:
    aid = approved(people)
    set_relieved(aid, relieved_on=date(2026, 9, 14), by=people.officer, at=MONDAY)
    tuesday = MONDAY + timedelta(days=1)
    with pytest.raises(NotAllowed, match="更正的理由") as error:
        set_relieved(aid, relieved_on=date(2026, 9, 15), by=people.officer, at=tuesday)
    assert error.value.field == "relieved_reason"
    assert OwedPapers.objects.get().due_on == date(2026, 9, 28)
    set_relieved(aid, relieved_on=date(2026, 9, 15), reason="当天仍有余震", by=people.officer, at=tuesday)
    note = aid.events.filter(kind="changed").first().note
    assert note == (
        "急难于2026年9月15日解除，补手续期限由2026年9月28日改为2026年9月29日；"
        "原登记2026年9月14日，更正理由：当天仍有余震"
    )


def test_of_what_is_overdue_no_later_day_is_kept(people: Crew) -> None:
    aid = approved(people)
    with pytest.raises(NotAllowed, match="已经逾期"):
        set_relieved(aid, relieved_on=date(2026, 9, 25), by=people.officer, at=FRIDAY_AFTER)


def test_without_papers_to_come_there_is_no_such_day(people: Crew) -> None:
    aid = approved(people)
    bring(aid, people, "application", "identity", "consent")
    with pytest.raises(NotAllowed, match="没有要补的手续"):
        set_relieved(aid, relieved_on=date(2026, 9, 14), by=people.officer, at=MONDAY)


def test_a_due_day_counted_without_the_years_holidays_is_counted_anew(people: Crew) -> None:
    """Approved on Thursday 24 December 2026: by weekdays 7 January, with New Year's Day off the 8th."""
    report = NIGHT + timedelta(days=102)
    aid = open_urgent(people.officer, at=report, first_reported_at=report, occurred_on=report.date())
    at = report + timedelta(hours=9)
    aid = services.propose_aid(aid, proposal(), by=people.officer, at=at)
    services.approve_aid(aid, opinion="同意", by=people.lead, at=at)
    owed = OwedPapers.objects.get()
    assert (owed.due_on, owed.due_is_provisional) == (date(2027, 1, 7), True)
    load_calendar_year(2027, days=[(date(2027, 1, day), False, "元旦") for day in (1, 2, 3)], source="国办发明电")
    owed.refresh_from_db()
    assert (owed.due_on, owed.due_is_provisional) == (date(2027, 1, 8), False)


# --- 办结 ------------------------------------------------------------------------------------------------------------


def test_money_never_waits_for_papers(people: Crew) -> None:
    assert paid(people).first_paid_at == MORNING + timedelta(hours=2)


def test_the_end_asks_for_what_is_missing_or_why(people: Crew) -> None:
    aid = paid(people)
    bring(aid, people, "identity")
    with pytest.raises(NotAllowed, match="还缺签字的申请书、核查授权书") as error:
        end(aid, people)
    assert error.value.field == "papers_reason"
    ended = end(aid, people, papers_reason="本人已外出，电话确认")
    owed = OwedPapers.objects.get()
    assert (ended.state, owed.in_on, owed.missing) == (
        "closed",
        FRIDAY_AFTER.date(),
        "缺签字的申请书、核查授权书：本人已外出，电话确认",
    )
    assert aid.events.get(kind="papers_in").note.endswith("，超过补手续期限")


def test_with_all_papers_it_ends_without_a_word(people: Crew) -> None:
    aid = paid(people)
    bring(aid, people, "application", "identity", "consent", at=LAST)
    assert aid.events.get(kind="papers_in").note == "手续已补齐"
    assert end(aid, people).state == "closed"


def test_what_was_settled_stays(people: Crew) -> None:
    bring(approved(people), people, "application", "identity", "consent")
    with pytest.raises(DatabaseError), transaction.atomic():
        OwedPapers.objects.update(in_on=None, in_by=None)
    with pytest.raises(DatabaseError), transaction.atomic():
        OwedPapers.objects.update(missing="改写")
