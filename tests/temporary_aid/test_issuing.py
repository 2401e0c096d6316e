"""制发文书: whose number a paper bears, who sees, voids and issues it anew."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from documents.models import DocumentKind
from documents.services import record_of, void_document
from foundation.errors import NotPermitted
from foundation.trail import acting
from organizations.models import Staff
from organizations.models.records import AccessRecord
from organizations.permissions import Role
from temporary_aid import queries, services
from temporary_aid.models import AidEventKind, AidPaper, TemporaryAid
from temporary_aid.rules.plans import PlannedStage
from tests.support.aid import HUAYANG, LINXI, open_urgent, photo
from tests.support.aid_papers import MORNING, advanced, fund, granted
from tests.support.crews import Crew
from tests.support.factories import make_staff
from tests.temporary_aid import advances

pytestmark = pytest.mark.django_db
ON = MORNING.date()


def browser_of(staff: Staff) -> Client:
    browser = Client()
    browser.force_login(staff)
    return browser


def _issued(people: Crew, kind: str = "temp_aid_notice", *, level: str = "township") -> AidPaper:
    lead = people.lead if level == "township" else people.approver
    aid = granted(people.officer, lead, decided_level=level)
    with acting(actor="system:test"):
        return services.issue_paper(aid, kind, by=lead, on=ON)


def test_the_township_numbers_what_it_decides_and_the_county_what_it_decides(people: Crew) -> None:
    assert _issued(people).document.number == "绩临救临告〔2026〕1号"
    assert _issued(people, "temp_aid_form").document.number == "绩临救临审〔2026〕1号"


def test_a_decision_of_the_county_takes_its_number(people: Crew) -> None:
    assert _issued(people, level="county").document.number == "绩民救临告〔2026〕1号"


def test_slip_and_statement_are_the_townships_papers(people: Crew) -> None:
    with acting(actor="system:test"):
        of = fund(people.approver)
    aid = advanced(people.officer, people.lead, people.assistant, of)
    with acting(actor="system:test"):
        kinds = (DocumentKind.PETTY_ADVANCE_SLIP, DocumentKind.SUPPLEMENT_STATEMENT)
        numbers = [services.issue_paper(aid, kind, by=people.officer, on=ON).document.number for kind in kinds]
    assert numbers == ["绩临救临先〔2026〕1号", "绩临救临补〔2026〕1号"]


def test_papers_of_the_reserve_are_not_issued(people: Crew) -> None:
    with pytest.raises(KeyError):
        _issued(people, "reserve_ledger")


def test_a_notice_waits_to_be_handed_over_and_a_form_does_not(people: Crew) -> None:
    notice = _issued(people)
    with acting(actor="system:test"):
        services.issue_paper(notice.aid, "temp_aid_form", by=people.lead, on=ON)  # type: ignore[arg-type]
    rows = queries.papers_of(notice.aid, staff=people.officer)  # type: ignore[arg-type]
    assert [(row.paper.document.kind, row.is_owed) for row in rows] == [
        ("temp_aid_notice", True),
        ("temp_aid_form", False),
    ]


def test_only_who_decides_voids_a_paper_of_the_decision(people: Crew) -> None:
    notice = _issued(people)
    with acting(actor="system:test"):
        with pytest.raises(NotPermitted):
            void_document(notice.document, reason="写错", by=people.officer, on=ON)
        void_document(notice.document, reason="写错", by=people.lead, on=ON)
    notice.document.refresh_from_db()
    assert notice.document.voided_on == ON


def test_the_county_officer_does_not_void_what_the_county_approver_decided(people: Crew) -> None:
    notice = _issued(people, level="county")
    with acting(actor="system:test"):
        with pytest.raises(NotPermitted):
            void_document(notice.document, reason="写错", by=people.visitor, on=ON)
        void_document(notice.document, reason="写错", by=people.approver, on=ON)


def test_a_voided_paper_goes_out_again_once_with_what_it_said(people: Crew) -> None:
    notice = _issued(people)
    with acting(actor="system:test"):
        with pytest.raises(services.NotAllowed, match="没有作废后待重新制发"):
            services.reissue_paper(notice, by=people.lead, at=MORNING)
        void_document(notice.document, reason="盖错章", by=people.lead, on=ON)
        notice = AidPaper.objects.get(pk=notice.pk)
        with pytest.raises(NotPermitted):
            services.reissue_paper(notice, by=people.officer, at=MORNING)
        made = services.reissue_paper(notice, by=people.lead, at=MORNING + timedelta(days=1))
        with pytest.raises(services.NotAllowed, match="没有作废后待重新制发"):
            services.reissue_paper(notice, by=people.lead, at=MORNING)
    assert (made.document.number, made.document.issued_on) == ("绩临救临告〔2026〕2号", date(2026, 9, 14))
    assert notice.aid is not None
    assert notice.aid.events.filter(kind=AidEventKind.DOCUMENT_ISSUED).count() == 1
    rows = queries.papers_of(notice.aid, staff=people.lead)
    assert [row.may_reissue for row in rows] == [False, False]


def test_papers_fall_with_the_act_that_they_told_of(people: Crew) -> None:
    notice = _issued(people)
    assert notice.aid is not None
    with acting(actor="system:test"):
        kinds = [DocumentKind.TEMP_AID_NOTICE]
        assert services.void_papers(notice.aid, kinds, reason="退回", by=people.lead, on=ON) == 1
        assert services.void_papers(notice.aid, kinds, reason="退回", by=people.lead, on=ON) == 0


def test_who_sees_the_aid_opens_its_papers_and_it_is_on_record(people: Crew) -> None:
    address = reverse("temporary_aid:paper", args=[_issued(people).pk])
    finance = make_staff(Role.FINANCE_OFFICER, "341824", on=date(2026, 1, 1))
    neighbour = make_staff(Role.TOWNSHIP_OFFICER, HUAYANG, on=date(2026, 1, 1))
    answer = browser_of(finance).get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert AccessRecord.objects.filter(subject_type="document", reason="查看").count() == 1
    assert browser_of(neighbour).get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_the_ledger_is_printed_for_a_period_that_makes_sense(people: Crew) -> None:
    with acting(actor="system:test"):
        of = fund(people.approver, township=LINXI)
    address = reverse("temporary_aid:print_ledger", args=[of.pk])
    clerk = browser_of(people.officer)
    assert clerk.get(address).status_code == 200
    wrong = clerk.post(address, {"first_day": "2026-09-30", "last_day": "2026-09-01"})
    assert wrong.status_code == 422
    assert "结束日期不能早于开始日期" in wrong.content.decode()
    printed = clerk.post(address, {"first_day": "2026-09-01", "last_day": "2026-09-13"})
    assert printed["Content-Type"] == "application/pdf"


def _papers(aid: TemporaryAid) -> list[str]:
    return list(aid.papers.order_by("pk").values_list("document__kind", flat=True))


def test_the_slip_goes_out_with_the_money_and_the_rest_with_the_supplements_approval(people: Crew) -> None:
    with acting(actor="system:test"):
        advances.fund(people)
        waiting = advances.advanced(people)
        assert _papers(waiting) == ["petty_advance_slip"]
        found = advances.submit_supplement(
            waiting,
            data=advances.SupplementData("失火属实"),
            papers=[photo()],
            by=people.officer,
            at=advances.SOON + timedelta(days=2),
        )
        advances.accept_supplement(found, opinion="同意", by=people.lead, at=advances.SOON + timedelta(days=3))
    assert _papers(waiting) == ["petty_advance_slip", "supplement_statement", "temp_aid_form", "temp_aid_notice"]


def test_an_approval_goes_out_with_form_and_notice_and_a_refusal_with_its_reasons(people: Crew) -> None:
    first, second = open_urgent(people.officer), open_urgent(people.officer, cause="traffic")
    money = services.ProposalData("moderate", [PlannedStage("money", Decimal("2340.00"))], "情况属实")
    with acting(actor="system:test"):
        for aid in (first, second):
            services.propose_aid(aid, money, by=people.officer, at=MORNING)
        services.approve_aid(first, opinion="同意", by=people.lead, at=MORNING)
        services.refuse_aid(second, reason="已由保险赔付", by=people.lead, at=MORNING)
    assert _papers(first) == ["temp_aid_form", "temp_aid_notice"]
    assert _papers(second) == ["temp_aid_refusal"]
    (notice,) = second.papers.all()
    assert "已由保险赔付" in str(record_of(notice.document))


def test_minutes_go_out_with_the_resolution_and_fall_with_it(people: Crew) -> None:
    aid = open_urgent(people.officer)
    who = [services.Participant(name, "县民政局", "成员") for name in ("方文娟", "石庆丰")]
    meeting = services.MeetingData(
        "绩救联〔2026〕3号", ON, "三楼会议室", "方文娟", who, "重大困难", "一致同意", True, Decimal("6000.00"), photo()
    )
    with acting(actor="system:test"):
        decision = services.record_decision(aid, meeting, by=people.visitor, at=MORNING)
        assert _papers(aid) == ["collective_minutes"]
        services.void_decision(decision, reason="金额登记错", by=people.visitor, at=MORNING)
    (minutes,) = aid.papers.select_related("document")
    assert minutes.document.number == "绩民救临议〔2026〕1号"
    assert minutes.document.voided_reason == "金额登记错"


def test_the_aids_page_lists_its_papers_and_offers_to_issue_a_voided_one_anew(people: Crew) -> None:
    notice = _issued(people)
    assert notice.aid is not None
    address = reverse("temporary_aid:detail", args=[notice.aid.pk])
    page = browser_of(people.lead).get(address).content.decode()
    assert "绩临救临告〔2026〕1号" in page and "待送达" in page and "重新制发" not in page
    with acting(actor="system:test"):
        void_document(notice.document, reason="盖错章", by=people.lead, on=ON)
    assert "重新制发" in browser_of(people.lead).get(address).content.decode()
    assert "重新制发" not in browser_of(people.officer).get(address).content.decode()
    again = reverse("temporary_aid:reissue_paper", args=[notice.pk])
    assert browser_of(people.officer).get(again).status_code == 403
    assert browser_of(people.lead).post(again).status_code == 302
    numbers = notice.aid.papers.order_by("pk").values_list("document__number", flat=True)
    assert list(numbers) == ["绩临救临告〔2026〕1号", "绩临救临告〔2026〕2号"]
