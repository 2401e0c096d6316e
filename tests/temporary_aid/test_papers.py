"""文书: what the papers of an aid and of a reserve print, from what is on record."""

from datetime import date
from decimal import Decimal

import pytest

from documents.models import DocumentKind
from documents.services import preview_pdf
from foundation.trail import acting
from temporary_aid import papers
from temporary_aid.models import CollectiveDecision, Reconciliation, ReserveFund, TemporaryAid
from tests.documents.reading import text_of
from tests.support.aid import NIGHT, open_urgent
from tests.support.aid_papers import advanced, file_of, fund, granted, spend
from tests.support.crews import Crew

pytestmark = pytest.mark.django_db
SEPTEMBER = (date(2026, 9, 1), date(2026, 9, 30))


def test_the_form_says_how_the_amount_came_about(people: Crew) -> None:
    form = papers.temp_aid_form(granted(people.officer, people.lead))
    # 1,560.00 in money + four quilts of 195.00 = 2,340.00, three times 780.00.
    assert (form.sum.amount, form.sum.multiple, form.sum.least, form.sum.most) == (Decimal("2340.00"), "3", "2", "4")
    assert [(row.what, row.amount) for row in form.stages] == [
        ("救助金", Decimal("1560.00")),
        ("棉被4床", Decimal("780.00")),
    ]
    assert form.decision.by == "章建国"
    assert form.decision.text == "同意给予临时救助2,340.00元（大写：贰仟叁佰肆拾元整）。按拟定的各期发放"
    text = text_of(preview_pdf(form.kind, form))
    assert "2026年1月1日以来已获临时救助1次，其中同一事由0次" in text
    assert "本地做法" in text and "绩溪县临时救助申请审批表" in text


def test_the_slip_says_both_hands_the_balance_and_until_when_papers_follow(people: Crew) -> None:
    of = _fund(people)
    aid = _advanced(people, of)
    slip = papers.petty_advance_slip(aid)
    # 20,000.00 − 1,560.00
    assert (slip.amount, slip.balance_after, slip.reserve_serial) == (Decimal("1560.00"), Decimal("18440.00"), 2)
    assert (slip.reported_at, slip.due_at) == ("2026年9月12日23时30分", "2026年9月13日23时30分")
    text = text_of(preview_pdf(slip.kind, slip))
    for words in (
        "经办人：程晓燕（签名）",
        "第二经办人：周文彬（签名）",
        "1,560.00元（大写：壹仟伍佰陆拾元整）",
        "余额18,440.00元",
        "急难解除日2026年9月15日，2026年9月30日前补登",
        "证明人：汪德福（村党总支书记）",
    ):
        assert words in text, words


def test_of_an_advance_form_statement_and_notice_bear_the_day_of_the_supplement(people: Crew) -> None:
    aid = _advanced(people, _fund(people))
    form = papers.temp_aid_form(aid)
    assert (form.decision.by, form.decision.on) == ("章建国", date(2026, 9, 26))
    assert form.proposal is not None and form.proposal.by == "程晓燕"
    assert form.evidence == ("现场照片1件",)
    statement = papers.supplement_statement(aid)
    assert (statement.due_on, statement.submitted_on) == (date(2026, 9, 30), date(2026, 9, 25))
    assert "未逾期" in text_of(preview_pdf(statement.kind, statement))
    notice = papers.temp_aid_notice(aid)
    assert (notice.advanced, notice.decided_on) == (Decimal("1560.00"), date(2026, 9, 26))


def test_the_notice_names_amount_clauses_and_remedies_and_no_id_number(people: Crew) -> None:
    aid = granted(people.officer, people.lead)
    text = text_of(preview_pdf(DocumentKind.TEMP_AID_NOTICE, papers.temp_aid_notice(aid)))
    for words in (
        "绩溪县临溪镇人民政府",
        "救助金额2,340.00元（大写：贰仟叁佰肆拾元整）",
        "分2期发放",
        "国务院令第649号",
        "绩办〔2021〕27号第10项",
        "60日内，向绩溪县人民政府申请行政复议，或者6个月内",
    ):
        assert words in text, words
    assert aid.recipient_id_number.reveal() not in text


def test_what_the_county_decides_is_its_own_paper(people: Crew) -> None:
    aid = granted(people.officer, people.approver, decided_level="county")
    notice = papers.temp_aid_notice(aid)
    assert (notice.body, notice.contact) == ("绩溪县民政局", "绩溪县民政局")


def test_a_refusal_says_every_reason(people: Crew) -> None:
    aid = open_urgent(people.officer)
    with acting(actor="system:test"):
        TemporaryAid.objects.filter(pk=aid.pk).update(
            state="refused", decision_opinion="房屋已由保险赔付\n口粮已由村里解决", decided_level="township"
        )
    refusal = papers.temp_aid_refusal(TemporaryAid.objects.get(pk=aid.pk))
    assert refusal.reasons == ("房屋已由保险赔付", "口粮已由村里解决")
    assert "房屋已由保险赔付。口粮已由村里解决。" in text_of(preview_pdf(refusal.kind, refusal))


def test_minutes_list_who_was_present_and_what_was_resolved(people: Crew) -> None:
    aid = open_urgent(people.officer)
    with acting(actor="system:test"):
        _resolve(aid, people)
    minutes = papers.collective_minutes(aid)
    assert [row.name for row in minutes.present] == ["方文娟", "石庆丰"]
    assert minutes.opinions == ("民政局：同意", "财政局：同意")
    # Four times 780.00 is the maximum of urgent aid.
    assert minutes.guideline == "急难型单次户均上限3,120.00元（绩办〔2021〕27号第10项）"
    assert "不超过6,000.00元（大写：陆仟元整）" in text_of(preview_pdf(minutes.kind, minutes))


def test_the_ledger_runs_from_the_opening_balance_to_the_closing_one(people: Crew) -> None:
    of = _fund(people)
    _advanced(people, of)
    with acting(actor="system:test"):
        spend(of, people.officer, "500.00", kind="allocation", on=date(2026, 10, 1))
    ledger = papers.reserve_ledger(of, first_day=date(2026, 9, 2), last_day=date(2026, 10, 1), on=date(2026, 10, 2))
    assert ledger.opening == Decimal("20000.00")
    assert [(row.serial, row.balance) for row in ledger.rows] == [(2, Decimal("18440.00")), (3, Decimal("18940.00"))]
    assert (ledger.came_in, ledger.went_out, ledger.closing) == (
        Decimal("500.00"),
        Decimal("1560.00"),
        Decimal("18940.00"),
    )
    assert "许金宝" in ledger.rows[0].note


def test_a_ledger_without_movements_keeps_the_balance(people: Crew) -> None:
    ledger = papers.reserve_ledger(
        _fund(people), first_day=date(2026, 10, 1), last_day=date(2026, 10, 31), on=date(2026, 11, 1)
    )
    assert (ledger.opening, ledger.closing, ledger.rows) == (Decimal("20000.00"), Decimal("20000.00"), ())
    assert "本期没有收支" in text_of(preview_pdf(ledger.kind, ledger))


def test_the_reconciliation_holds_every_slip_of_the_month_against_its_entry(people: Crew) -> None:
    of = _fund(people)
    _advanced(people, of)
    with acting(actor="system:test"):
        month = Reconciliation.objects.create(
            fund=of,
            month=SEPTEMBER[0],
            opening=Decimal("0.00"),
            allocated=Decimal("20000.00"),
            advanced=Decimal("1560.00"),
            refunded=Decimal("0.00"),
            withdrawn=Decimal("0.00"),
            closing=Decimal("18440.00"),
            advances_count=1,
            counted_cash=Decimal("440.00"),
            bank_balance=Decimal("17990.00"),
            difference_note="网银年费10元",
            prepared_by=people.officer,
            prepared_on=date(2026, 10, 1),
        )
    table = papers.reserve_reconciliation(month, on=date(2026, 10, 2))
    assert [(row.slip_number, row.amount, row.entry_serial, row.agrees) for row in table.slips] == [
        ("XX2026-0001", Decimal("1560.00"), 2, True)
    ]
    # 440.00 + 17,990.00 − 18,440.00
    assert (table.difference, table.signed) == (Decimal("-10.00"), "")
    assert "网银年费10元" in text_of(preview_pdf(table.kind, table))


def _fund(people: Crew) -> ReserveFund:
    with acting(actor="system:test"):
        return fund(people.approver)


def _advanced(people: Crew, of: ReserveFund) -> TemporaryAid:
    return advanced(people.officer, people.lead, people.assistant, of)


def _resolve(aid: TemporaryAid, people: Crew) -> CollectiveDecision:
    present = [{"name": name, "unit": "县民政局", "position": "成员"} for name in ("方文娟", "石庆丰")]
    return CollectiveDecision.objects.create(
        aid=aid,
        minutes_number="绩救联〔2026〕3号",
        met_on=NIGHT.date(),
        place="县民政局三楼会议室",
        chair="方文娟",
        present=present,
        matter="重大困难",
        opinions="民政局：同意\n财政局：同意\n",
        is_agreed=True,
        resolved_amount=Decimal("6000.00"),
        minutes=file_of(aid, people.approver, "minutes"),
        recorded_by=people.approver,
        recorded_at=NIGHT,
    )
