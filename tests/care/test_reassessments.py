"""自理能力变化: assessed by two within ten working days, decided by a third from the next month on (F43 §§22–23)."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from benefits.models import AwardVersion
from benefits.services import Care, NotChangeable, change_care, end_award
from care import queries, services
from care.models import SelfCareReassessment
from care.services import NotAllowed
from documents.models import DocumentKind
from documents.records import record_from
from documents.services import preview_pdf, void_document
from foundation.errors import NotPermitted, ServiceError
from organizations.models import Staff
from organizations.permissions import Role
from organizations.services import appoint
from tests.care.builders import TODAY, found, reported, supported
from tests.documents.reading import text_of
from tests.support.crews import HUAYANG, Crew, crew
from tests.support.factories import make_staff

pytestmark = pytest.mark.django_db


def test_a_reported_change_is_due_after_ten_working_days(people: Crew) -> None:
    report = reported(supported(people), people.assistant)
    assert report.due_on == date(2026, 12, 7)
    for staff in (people.officer, people.visitor):
        assert queries.reassessments_due(staff).get() == report
    for staff in (people.assistant, people.approver, crew(HUAYANG).officer):
        assert not queries.reassessments_due(staff).exists()


def test_one_report_at_a_time_and_none_of_tomorrow(people: Crew) -> None:
    award = supported(people)
    with pytest.raises(NotAllowed) as refused:
        reported(award, people.assistant, on=date(2026, 11, 24))
    assert refused.value.field == "reported_on"
    reported(award, people.assistant)
    with pytest.raises(NotAllowed, match="没有办结"):
        reported(award, people.officer)


def test_the_same_level_and_mode_settle_the_report(people: Crew) -> None:
    award = supported(people)
    report = reported(award, people.assistant)
    made = services.assess_self_care(report, data=found(people, unable=["walking"]), by=people.officer, on=TODAY)
    report.refresh_from_db()
    assert (made.record.level, report.settled_on) == ("semi_disabled", TODAY)
    assert award.versions.count() == 1
    assert award.persons.get().person.unable_self_care == ["walking"]


def test_another_level_pays_the_care_in_force_from_the_month_after_the_decision(people: Crew) -> None:
    award = supported(people, level="semi_disabled", care="356.00")
    report = reported(award, people.assistant)
    assessment = services.assess_self_care(report, data=found(people), by=people.visitor, on=TODAY)
    assert assessment.record.level == "disabled"
    assert queries.decisions_due(people.approver).get() == report
    assert not queries.reassessments_due(people.officer).exists()
    decision = services.decide_care(assessment, by=people.approver, on=date(2026, 11, 30))
    version = award.versions.latest("serial")
    assert decision.version == version
    assert (version.serial, version.from_month) == (2, date(2026, 12, 1))
    assert (version.care_monthly_amount, version.monthly_amount) == (Decimal("623.00"), Decimal("1523.00"))
    assert (version.care_level, version.support_mode) == ("disabled", "home_based")
    report.refresh_from_db()
    assert report.settled_on == date(2026, 11, 30)
    assert queries.current_version(award, on=TODAY).care_level == "semi_disabled"


def test_another_mode_pays_the_care_of_an_institution(people: Crew) -> None:
    award = supported(people)
    data = found(people, unable=["walking"], support_mode="institutional")
    report = reported(award, people.assistant)
    assessment = services.assess_self_care(report, data=data, by=people.officer, on=TODAY)
    services.decide_care(assessment, by=people.approver, on=TODAY)
    assert award.versions.latest("serial").care_monthly_amount == Decimal("534.00")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"unable": ["seeing"]}, "unable"),
        ({"support_mode": "alone"}, "support_mode"),
        ({"assessed_on": date(2026, 11, 24)}, "assessed_on"),
        ({"assessed_on": date(2026, 11, 20)}, "assessed_on"),
        ({"opinion": " "}, "opinion"),
        ({"place": " "}, "place"),
        ({"mode_said_by": ""}, "mode_said_by"),
    ],
)
def test_what_is_no_assessment_is_refused_beside_its_field(people: Crew, wrong: dict[str, Any], field: str) -> None:
    report = reported(supported(people), people.assistant)
    with pytest.raises(ServiceError) as refused:
        services.assess_self_care(report, data=found(people, **wrong), by=people.officer, on=TODAY)
    assert refused.value.field == field


def test_township_and_county_assess_together(people: Crew) -> None:
    report, elsewhere = reported(supported(people), people.assistant), crew(HUAYANG)
    for wrong, name in (
        ({"township_assessor": elsewhere.officer}, "township_assessor"),
        ({"county_assessor": people.approver}, "county_assessor"),
    ):
        by = people.visitor if name == "township_assessor" else people.officer
        with pytest.raises(NotAllowed) as refused:
            services.assess_self_care(report, data=found(people, **wrong), by=by, on=TODAY)
        assert refused.value.field == name
    for stranger in (elsewhere.officer, people.second_visitor, people.approver):
        with pytest.raises(NotPermitted):
            services.assess_self_care(report, data=found(people), by=stranger, on=TODAY)


def test_who_assessed_does_not_decide(people: Crew) -> None:
    report = reported(supported(people), people.assistant)
    both = make_staff(Role.COUNTY_OFFICER, "341824", name="方文", on=date(2026, 1, 1))
    assessment = services.assess_self_care(report, data=found(people, county_assessor=both), by=both, on=TODAY)

    both = Staff.objects.get(pk=both.pk)
    appoint(both, role=Role.COUNTY_APPROVER, area=people.approver.posts.get().area, on=TODAY)
    with pytest.raises(NotPermitted, match="不能再由您决定"):
        services.decide_care(assessment, by=both, on=TODAY)
    assert not queries.decisions_due(both).exists()
    with pytest.raises(NotPermitted):
        services.decide_care(assessment, by=people.lead, on=TODAY)


def test_an_assessment_that_was_sent_back_is_made_again(people: Crew) -> None:
    award = supported(people)
    report = reported(award, people.assistant)
    first = services.assess_self_care(report, data=found(people), by=people.officer, on=TODAY)
    with pytest.raises(NotAllowed, match="等县里决定"):
        services.assess_self_care(report, data=found(people), by=people.officer, on=TODAY)
    with pytest.raises(NotAllowed, match="写明原因"):
        services.send_back(first, reason=" ", by=people.approver, on=TODAY)
    services.send_back(first, reason="请补充医院诊断", by=people.approver, on=TODAY)
    assert award.persons.get().person.unable_self_care == []
    assert queries.reassessments_due(people.officer).get() == report
    second = services.assess_self_care(report, data=found(people), by=people.officer, on=TODAY)
    services.decide_care(second, by=people.approver, on=TODAY)
    assert award.versions.count() == 2
    with pytest.raises(NotAllowed, match="已经办结"):
        services.decide_care(second, by=people.approver, on=TODAY)


def test_an_assessment_is_written_once(people: Crew) -> None:
    report = reported(supported(people), people.assistant)
    made = services.assess_self_care(report, data=found(people), by=people.officer, on=TODAY)
    with pytest.raises(DatabaseError), transaction.atomic():
        SelfCareReassessment.objects.filter(pk=made.pk).delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        made.record.assessors.update(is_of_county=True)


def test_its_form_is_numbered_by_the_township_and_names_both_assessors(people: Crew) -> None:
    report = reported(supported(people), people.assistant)
    made = services.assess_self_care(report, data=found(people), by=people.officer, on=TODAY)
    form = made.record.document
    assert form is not None and (form.kind, form.number) == ("selfcare_form", "绩临救能〔2026〕1号")
    written = json.loads(form.record.reveal())["fields"]["result"]
    assert (written["township_assessors"], written["county_assessors"]) == (["程晓燕"], ["许文斌"])


@pytest.mark.parametrize(
    ("level", "care", "words"),
    [
        ("semi_disabled", "356.00", ("1256.00", "1523.00", "比调整前增加267.00元")),
        ("disabled", "800.00", ("1700.00", "1523.00", "比调整前减少177.00元")),
    ],
)
def test_a_notice_says_the_sums_before_and_after_the_clauses_and_the_remedies(
    people: Crew, level: str, care: str, words: tuple[str, str, str]
) -> None:
    award = supported(people, level=level, care=care, mode="institutional" if level == "disabled" else "home_based")
    report = reported(award, people.assistant)
    assessment = services.assess_self_care(report, data=found(people), by=people.officer, on=TODAY)
    notice = services.decide_care(assessment, by=people.approver, on=TODAY).notice
    assert notice is not None and notice.number == "绩民救护调〔2026〕1号"
    written = json.loads(notice.record.reveal())["fields"]
    before, after, difference = words
    assert (written["before"]["monthly_amount"], written["after"]["monthly_amount"]) == (before, after)
    text = text_of(preview_pdf(DocumentKind.CARE_CHANGE_NOTICE, record_from(DocumentKind.CARE_CHANGE_NOTICE, written)))
    for sentence in (difference, "自2026年12月起", "第二十一条至第二十三条", "申请行政复议", "摔伤以后"):
        assert sentence in text


def test_the_papers_of_a_re_assessment_stand(people: Crew) -> None:
    report = reported(supported(people), people.assistant)
    assessment = services.assess_self_care(report, data=found(people), by=people.officer, on=TODAY)
    notice = services.decide_care(assessment, by=people.approver, on=TODAY).notice
    for document, by in ((assessment.record.document, people.officer), (notice, people.approver)):
        assert document is not None
        with pytest.raises(ServiceError, match="不能作废"):
            void_document(document, reason="印错", by=by, on=TODAY)


# --- 待遇版本 ----------------------------------------------------------------------------------------------------


def test_care_never_changes_before_the_month_after_the_decision_nor_of_a_stopped_award(people: Crew) -> None:
    award = supported(people)
    terms: dict[str, Any] = {
        "care": Care(Decimal("623.00"), "disabled", "home_based"),
        "monthly_amount": Decimal("1523.00"),
        "reason": "复核评估",
        "by": people.approver,
        "on": TODAY,
    }
    with pytest.raises(NotChangeable, match="次月"):
        change_care(award, from_month=date(2026, 11, 1), **terms)
    later = change_care(award, from_month=date(2027, 2, 1), **terms)
    with pytest.raises(NotChangeable, match="已经决定"):
        change_care(award, from_month=date(2027, 1, 1), **terms)
    with pytest.raises(DatabaseError), transaction.atomic():
        AwardVersion.objects.filter(pk=later.pk).update(monthly_amount=1)
    end_award(award, last_month=date(2027, 2, 1), reason="自愿放弃", decided_by=people.approver, decided_on=TODAY)
    with pytest.raises(NotChangeable, match="停发"):
        change_care(award, from_month=date(2027, 3, 1), **terms)
