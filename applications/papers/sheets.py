"""卷内页: what the file of a case holds without a paper of its own, printed for its dossier (一户一档)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from applications.models import (
    Appraisal,
    Case,
    CaseEvent,
    Complaint,
    DeadlineExtension,
    Decision,
    Objection,
    OverdueReason,
    Proposal,
)
from applications.papers.outcome import covered_rows
from applications.queries import grounds_of
from applications.queries.offices import deputies_of, name_of_actor, signers_of
from applications.queries.telling import intended
from applications.rules.process import CaseState, EventKind
from documents.models import Document
from documents.records import CoveredRow
from documents.services import DossierPart, DossierSheet, SheetTable, sheet_part
from eligibility.queries import findings_for_display
from foundation.dates import chinese_date
from foundation.money import in_figures
from verification.models import MeansCheck

_OF_RETURN = (EventKind.RETURNED, EventKind.RESUMED, EventKind.RECHECKED)
_OF_CONTEST = (EventKind.TOLD_NOT_ELIGIBLE, EventKind.CONTESTED)
_ENDS = {EventKind.WITHDRAWN: "撤回申请", EventKind.TERMINATED: "终止办理", EventKind.CALLED_OFF: "撤销复核"}


def means_check_part(case: Case, check: MeansCheck) -> DossierPart:
    """信息核对: asked by whom, found what, told to the family, and what it answered; F57 §§17–18."""
    rows = tuple(
        (
            row.get_source_display(),
            row.member.person.name if row.member else "全家",
            _money(row.declared),
            _money(row.found),
            row.description,
            "一致" if row.agrees else "不一致",
            row.handling,
        )
        for row in check.findings.select_related("member__person")
    )
    facts = (
        ("批次号", check.batch_number),
        ("提请", f"{check.requested_by.name}　{chinese_date(check.requested_on)}"),
        ("授权签署日期", chinese_date(check.consent.signed_on)),
        ("启动核对期限", chinese_date(check.due_on)),
        (
            "回填",
            f"{check.answered_by.name}　{chinese_date(check.answered_on)}" if check.answered_by else "尚未返回结果",
        ),
        ("核对结果", check.get_result_display()),
        ("说明", check.note),
        ("告知申请人日期", chinese_date(check.told_family_on)),
        ("申请人说明", check.family_statement),
    )
    columns = ("来源", "成员", "申报（元）", "查得（元）", "查得情况", "是否一致", "处理")
    table = SheetTable(columns, rows, ("w24", "w20", "w22", "w22", "", "w16", "w28"), heading="核对明细")
    return _part(case, "信息核对提请和结果", check.answered_on or check.requested_on, facts, table)


def appraisal_part(case: Case, held: Appraisal) -> DossierPart:
    """民主评议记录 of an appraisal from before its record was a numbered paper; F57 §19."""
    facts = (
        ("评议日期", chinese_date(held.held_on)),
        ("地点", held.place),
        ("主持人", held.host),
        ("争议事由", held.dispute),
        (f"参评人（{len(held.participants)}人）", "、".join(person.name for person in held.attendance)),
        ("票数", f"赞成{held.votes_for}票，反对{held.votes_against}票"),
        ("结论", held.get_result_display()),
        ("记录人", held.recorded_by.name),
    )
    return _part(case, "民主评议记录", held.held_on, facts)


def assessment_part(case: Case, outcome: Proposal | Decision) -> DossierPart:
    """试算依据: every comparison of the assessment that a proposal or decision rests on, with its clause."""
    assessment = outcome.assessment
    rests_on_it = "审核确认" if isinstance(outcome, Decision) else "初审意见"
    rows = tuple(
        (str(number), row.text, row.clause, "符合" if row.passed else "不符合")
        for number, row in enumerate(findings_for_display(grounds_of(outcome).result, case.household), start=1)
    )
    facts = (
        ("试算日期", chinese_date(assessment.on)),
        ("试算人", assessment.made_by.name if assessment.made_by else "系统"),
        ("规则版本", str(assessment.engine_version)),
    )
    columns = ("序号", "比较和计算", "依据", "结果")
    table = SheetTable(columns, rows, ("w12", "", "w52", "w16"), heading="试算依据（按计算顺序）")
    return _part(case, f"试算依据（{rests_on_it}所依据）", assessment.on, facts, table)


def _word(case: Case, proposal: Proposal) -> str:
    return intended(case, proposal)


def proposal_part(case: Case, proposal: Proposal) -> DossierPart:
    """初审意见, and what the family was told and answered before a refusal; F57 §§18–19."""
    persons = "、".join(f"{row.name}{_supported(row)}" for row in covered_rows(proposal))
    drafter, signer = signers_of(proposal)
    signed = f"{signer}　{chinese_date(proposal.signed_on)}" if signer else "未签发"
    paid = proposal.publicised_amount
    amount = f"{_money(paid)}元" if paid is not None else ""
    valid = f"{proposal.valid_months}个月" if proposal.valid_months else ""
    facts = (
        ("意见", f"{_word(case, proposal)}：{proposal.opinion}"),
        ("保障对象", persons),
        ("纳入方式、类别", f"{proposal.get_basis_display()}　{proposal.get_category_display()}".strip("　")),
        (case.matter.amount_title, amount),
        ("有效期", valid),
        ("与系统建议不同的理由", proposal.difference_reason),
        ("拟稿", f"{drafter}　{chinese_date(proposal.drafted_on)}"),
        ("签发", signed),
    )
    return _part(case, "初审意见", proposal.signed_on or proposal.drafted_on, facts, *_events(case, _OF_CONTEST))


def _supported(row: CoveredRow) -> str:
    """What a 特困 person is paid, in brackets; empty of others."""
    if row.monthly_amount is None:
        return ""
    return f"（{row.care_level}，{row.support_mode}，每月{in_figures(row.monthly_amount)}元）"


def objections_part(case: Case, objections: Sequence[Objection]) -> DossierPart:
    """异议及处理; F57 §19."""
    rows = tuple(
        (
            chinese_date(row.raised_on),
            row.raised_by_name or "匿名",
            row.content,
            row.received_by.name,
            chinese_date(row.resolved_on),
            row.resolution or "尚未处理",
        )
        for row in objections
    )
    columns = ("提出日期", "异议人", "内容", "接收人", "处理日期", "处理结果")
    table = SheetTable(columns, rows, ("w26", "w18", "", "w18", "w26", "w52"))
    return _part(case, "公示异议及处理", objections[0].raised_on, (), table)


def complaints_part(case: Case, complaints: Sequence[Complaint]) -> DossierPart:
    """投诉举报; F57 §20."""
    rows = tuple((chinese_date(row.received_on), row.content, row.received_by.name) for row in complaints)
    table = SheetTable(("收到日期", "内容", "接收人"), rows, ("w32", "", "w24"))
    return _part(case, "投诉举报登记", complaints[0].received_on, (), table)


def returns_part(case: Case) -> DossierPart | None:
    """退回补查; None where the case never came back."""
    tables = _events(case, _OF_RETURN)
    return _part(case, "退回补查情况", None, (), *tables) if tables else None


def deadlines_part(
    case: Case, extension: DeadlineExtension | None, reasons: Sequence[OverdueReason]
) -> DossierPart | None:
    """延长时限、超期原因; F57 §22. None where there is neither."""
    if extension is None and not reasons:
        return None
    facts: tuple[tuple[str, str], ...] = ()
    if extension:
        facts = (
            ("延长情形", extension.get_cause_display()),
            ("延长理由", extension.reason),
            ("批准", f"{extension.approved_by.name}　{chinese_date(extension.approved_on)}"),
            ("延长后应于", f"{chinese_date(case.due_on)}前办结"),
        )
    rows = tuple(
        (row.get_state_display(), chinese_date(row.due_on), row.reason, row.given_by.name, chinese_date(row.given_on))
        for row in reasons
    )
    columns = ("超期步骤", "应于", "原因", "说明人", "说明日期")
    table = SheetTable(columns, rows, ("w26", "w28", "", "w20", "w28"), heading="超期原因")
    return _part(case, "延长时限和超期原因", None, facts, *([table] if rows else []))


def deliveries_part(case: Case, issued: Sequence[Document]) -> DossierPart | None:
    """送达记录; None where nothing has been delivered yet."""
    delivered = [(document, document.delivery) for document in issued if hasattr(document, "delivery")]
    if not delivered:
        return None
    rows = tuple(
        (
            document.get_kind_display(),
            document.number,
            chinese_date(delivery.delivered_on),
            delivery.get_way_display(),
            delivery.received_by,
            delivery.note,
            delivery.recorded_by.name,
        )
        for document, delivery in delivered
    )
    columns = ("文书", "文号", "送达日期", "方式", "签收人", "说明", "登记人")
    table = SheetTable(columns, rows, ("w26", "w40", "w26", "w22", "w20", "", "w18"))
    return _part(case, "文书送达记录", None, (), table)


def end_part(case: Case, event: CaseEvent) -> DossierPart:
    """撤回申请 or 终止办理: why the case ended without a decision; F57 §29."""
    facts = (
        ("日期", chinese_date(event.on)),
        ("结束前的步骤", CaseState(event.from_state).label),
        ("原因", event.note),
        ("经办人", name_of_actor(event, deputies_of(case), area_code=case.area.code)),
    )
    return _part(case, f"{_ENDS[EventKind(event.kind)]}登记", event.on, facts)


def history_part(case: Case) -> DossierPart:
    """办理经过: everything done, by whom."""
    return _part(case, "办理经过", None, (), *_events(case, tuple(EventKind)))


def _events(case: Case, kinds: Sequence[EventKind]) -> list[SheetTable]:
    found = case.events.filter(kind__in=[kind.value for kind in kinds]).select_related("by").order_by("pk")
    deputies, area_code = deputies_of(case), case.area.code
    rows = tuple(
        (
            chinese_date(row.on),
            row.get_kind_display(),
            name_of_actor(row, deputies, area_code=area_code),
            row.note,
        )
        for row in found
    )
    columns = ("日期", "事项", "经办人", "说明")
    return [SheetTable(columns, rows, ("w32", "w36", "w20", ""))] if rows else []


def _part(
    case: Case, title: str, on: date | None, facts: tuple[tuple[str, str], ...], *tables: SheetTable
) -> DossierPart:
    return sheet_part(DossierSheet(title=title, case_number=case.number, facts=facts, tables=tables), on=on)


def _money(amount: Decimal | None) -> str:
    return "" if amount is None else in_figures(amount)
