"""Notices after 提标: one a family that it changed, issued once, printed by village, voided with it."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from benefits.models import Award, AwardPaper
from benefits.services import AwardChange, CoveredPerson, change_award
from documents.models import DeliveryWay, Document
from documents.services import archived_pdf, record_delivery, record_of
from dynamic_review import services
from dynamic_review.models import Uplift
from dynamic_review.queries.uplift_notices import notices_of
from dynamic_review.services import UpliftRefused, uplift_notices
from foundation.errors import NotPermitted
from households import services as households
from households.services import IncomeData
from organizations.models import Job, Staff
from organizations.permissions import Role
from organizations.services import carry_out
from tests.benefits.paying import desk
from tests.documents.reading import pages_of, text_of
from tests.dynamic_review.uplifting import (
    CARE,
    GRANTED,
    NOVEMBER,
    NOW,
    OCTOBER,
    TODAY,
    D,
    alone,
    applied,
    approved,
    assessed,
    done,
    entered,
    previewed,
    rolled_back,
    standard,
    tekun,
    three_people,
    through,
)
from tests.support.awards import account_for
from tests.support.crews import HUAYANG, LINXI, Crew, county_data, crew, instant
from tests.support.factories import make_staff

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def people(county: None) -> Crew:
    county_data()
    return crew()


@pytest.fixture
def officer(people: Crew) -> Staff:
    return people.visitor


def issued(uplift: Uplift) -> Uplift:
    done(services.start_issuing_notices(uplift, by=uplift.entered_by, at=NOW))
    return uplift


def notice_of(award: Award) -> Document:
    return AwardPaper.objects.get(award=award, occasion="uplift", document__voided_on=None).document


def test_each_family_that_changed_has_a_notice_that_says_everything(people: Crew, officer: Staff) -> None:
    award, apart = three_people(people), alone(people, name="程有定", amount="800.00")
    issued(through(entered(officer)))
    document = notice_of(award)
    assert (document.number, document.area) == ("绩民救提〔2026〕1号", award.area)
    assert pages_of(archived_pdf(document)) == 1
    said = text_of(archived_pdf(document))
    for words in (
        "胡德旺：",
        "宣政秘〔2026〕12号",
        "原755.00",
        "自2026年10月起，由每月2,143.00元调整为每月2,265.00元",
        "增加122.00元",
        "国务院令第649号",
        "60日内",
        "6个月内",
    ):
        assert words in said, words
    assert "补发" not in said
    assert not AwardPaper.objects.filter(award=apart).exists()


def test_months_that_a_roll_paid_by_the_old_standard_are_named_with_their_sum(people: Crew, officer: Staff) -> None:
    award = three_people(people)
    account_for(award.household, people, on=GRANTED)
    desk(LINXI).pay(OCTOBER, NOVEMBER)
    issued(through(entered(officer)))
    assert pages_of(archived_pdf(notice_of(award))) == 1
    notice = record_of(notice_of(award))
    # 2,265 − 2,143 = 122 a month for October and November; December is not paid yet.
    assert (notice.back_months, notice.back_payment_amount) == (2, D("244.00"))
    assert (notice.back_from, notice.back_to) == (OCTOBER, NOVEMBER)


def test_a_notice_of_tekun_says_care_and_level(people: Crew, officer: Staff) -> None:
    award = tekun(people)
    rates = {"home_based": CARE, "institutional": CARE}
    issued(through(entered(officer, standard(rates, key="tekun_care_monthly", residence="both"))))
    said = text_of(archived_pdf(notice_of(award)))
    assert "特困人员救助供养金调整通知书" in said
    assert "基本生活786.00元，照料护理60.00元" in said


def test_a_worker_lost_in_the_middle_leaves_no_family_twice_and_none_out(
    people: Crew, officer: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("汪大年", "汪二年", "汪三年"):
        alone(people, name=name)
    uplift = through(entered(officer))
    monkeypatch.setattr(uplift_notices, "_PIECE", 1)
    job = services.start_issuing_notices(uplift, by=officer, at=NOW)
    real, calls = uplift_notices._issue, []

    def lost(*args: object) -> int:
        if len(calls) == 2:
            raise KeyboardInterrupt
        calls.append(args)
        return real(*args)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(uplift_notices, "_issue", lost)
        with pytest.raises(KeyboardInterrupt):
            carry_out(job.pk, clock=lambda: NOW)
    assert Document.objects.filter(kind="uplift_notice").count() == 2
    done(job)
    numbers = Document.objects.filter(kind="uplift_notice").order_by("serial").values_list("serial", flat=True)
    assert list(numbers) == [1, 2, 3]
    assert AwardPaper.objects.values("award").distinct().count() == 3
    with pytest.raises(UpliftRefused, match="都已经制发"):
        services.start_issuing_notices(uplift, by=officer, at=NOW)


def test_the_database_files_no_second_notice_of_a_version(people: Crew, officer: Staff) -> None:
    alone(people)
    issued(through(entered(officer)))
    paper = AwardPaper.objects.get()
    other = Document.objects.exclude(pk=paper.document_id).first() or paper.document
    with pytest.raises(DatabaseError, match="one paper that stands"), transaction.atomic():
        AwardPaper.objects.create(award=paper.award, version=paper.version, occasion="uplift", document=other)


def test_one_more_family_costs_no_more_queries(
    people: Crew, officer: Staff, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for name in ("汪大年", "汪二年", "汪三年", "汪四年"):
        alone(people, name=name)
    uplift = through(entered(officer))
    job = services.start_issuing_notices(uplift, by=officer, at=NOW)
    with django_assert_max_num_queries(50):
        carry_out(job.pk, clock=lambda: NOW)
    assert Document.objects.filter(kind="uplift_notice").count() == 4


def test_rolling_back_voids_the_notices_and_tells_who_has_one_in_hand(people: Crew, officer: Staff) -> None:
    first, second = alone(people, name="汪大年"), alone(people, name="汪二年")
    uplift = issued(through(entered(officer)))
    today = timezone.localdate(NOW)
    record_delivery(
        notice_of(first),
        delivered_on=today,
        way=DeliveryWay.DIRECT,
        received_by="汪大年",
        by=people.officer,
        on=today,
    )
    uplift = rolled_back(uplift, Staff.objects.get(pk=uplift.run.approvals.first().by_id))
    for award in (first, second):
        document = AwardPaper.objects.get(award=award).document
        assert document.voided_reason == "提标已回退：文件作废"
    browser = signed_in(officer)
    page = browser.get(reverse("dynamic_review:uplift", args=[uplift.pk])).content.decode()
    assert "有1份已经送达家庭后作废" in page
    assert "制发通知书" not in page
    with pytest.raises(UpliftRefused, match="已回退"):
        services.start_issuing_notices(uplift, by=officer, at=NOW)


def test_a_notice_of_a_sum_that_was_laid_anew_is_void_and_another_tells_the_new_one(
    people: Crew, officer: Staff
) -> None:
    award, january = alone(people, yearly="1200.00"), date(2027, 1, 1)
    uplift = issued(through(entered(officer, standard("790.00", since=date(2027, 2, 1)))))
    former = notice_of(award)
    member = award.household.members.get()
    income = IncomeData(member=member, kind="wage", yearly_amount=D("2400.00"), label="零工")
    households.save_incomes(award.household, year=2026, rows=[income], by=people.officer, at=instant(TODAY))
    found = assessed(award.household, people.officer, on=TODAY)
    terms = AwardChange("cut", D("555.00"), [CoveredPerson(member.person)], "B", "household", assessment=found)
    change_award(award, change=terms, from_month=january, reason="复核减发", by=people.approver, on=TODAY)
    former.refresh_from_db()
    assert former.voided_reason == "复核减发后，提标的金额已重新核定"
    assert notices_of(uplift).missing == 1
    notice = record_of(notice_of(issued(uplift).run.lines.get().award))
    assert (notice.before_amount, notice.after_amount) == (D("555.00"), D("590.00"))
    assert (notices_of(uplift).missing, notices_of(uplift).standing) == (0, 1)
    rolled_back(uplift, people.approver)
    assert notices_of(uplift).standing == 0


def signed_in(staff: Staff) -> Client:
    browser = Client()
    browser.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    return browser


def test_the_page_issues_them_and_leads_to_printing_each_township(people: Crew, officer: Staff) -> None:
    alone(people, name="汪大年")
    alone(crew(HUAYANG), name="汪二年", township=HUAYANG)
    uplift = through(entered(officer))
    browser, url = signed_in(officer), reverse("dynamic_review:uplift", args=[uplift.pk])
    assert "有2户还没有制发调整通知书" in browser.get(url).content.decode()
    answer = browser.post(reverse("dynamic_review:issue_uplift_notices", args=[uplift.pk]))
    job = Job.objects.get(kind=uplift_notices.NOTICES, parameters__uplift=uplift.pk)
    assert answer["Location"] == reverse("organizations:job", args=[job.pk])
    done(job)
    page = browser.get(url).content.decode()
    assert "已制发2份" in page
    link = f"{reverse('documents:batch')}?kind=uplift_notice&amp;township={LINXI}"
    assert link in page
    printing = browser.get(reverse("documents:batch"), {"kind": "uplift_notice", "township": LINXI})
    assert [row.kind for row in printing.context["page"]] == ["uplift_notice"]


def test_who_may_not_enter_uplifts_issues_none(people: Crew, officer: Staff) -> None:
    alone(people)
    uplift = approved(previewed(entered(officer)))
    with pytest.raises(UpliftRefused, match="执行完了"):
        services.start_issuing_notices(uplift, by=officer, at=NOW)
    uplift = applied(uplift)
    with pytest.raises(NotPermitted):
        services.start_issuing_notices(uplift, by=make_staff(Role.COUNTY_APPROVER, "341824"), at=NOW)
