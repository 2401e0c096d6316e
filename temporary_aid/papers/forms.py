"""Forms of an aid: 申请审批表, 先行救助单, 补充说明表, 一事一议纪要."""

from django.utils import timezone

from applications.papers.bodies import county_body, township_body
from documents import records
from eligibility.rules import clauses
from foundation.dates import chinese_date
from foundation.money import in_figures
from organizations.queries import township_of
from temporary_aid.models import AidEventKind, AidFileKind, TemporaryAid
from temporary_aid.papers import parts
from temporary_aid.queries import aid_terms, frequency_of
from temporary_aid.rules.amounts import Guideline

_EVIDENCE = (
    AidFileKind.SCENE_PHOTO,
    AidFileKind.APPLICATION,
    AidFileKind.IDENTITY,
    AidFileKind.CONSENT,
    AidFileKind.EXPENSE_PROOF,
    AidFileKind.SUPPLEMENT,
    AidFileKind.OTHER,
)


def temp_aid_form(aid: TemporaryAid) -> records.TempAidForm:
    """临时救助申请审批表 of an aid that was granted."""
    return records.TempAidForm(
        aid_number=aid.number,
        aid_kind=aid.get_kind_display(),
        route=aid.get_route_display(),
        level=aid.get_decided_level_display(),
        recipient=parts.recipient_of(aid),
        cause=aid.get_cause_display(),
        grade=aid.get_grade_display(),
        occurred_on=aid.occurred_on,
        occurred_place=aid.occurred_place,
        reported_at=parts.at_time(aid.first_reported_at),
        situation=aid.situation,
        self_paid_amount=aid.self_paid_amount,
        evidence=parts.counted(aid.files.filter(kind__in=_EVIDENCE)),
        follows=aid.follow_up_of.number if aid.follow_up_of else "",
        sum=parts.sum_of(aid),
        stages=parts.stages_of(aid),
        verified=_verified(aid),
        village=parts.village_opinion(aid),
        proposal=parts.proposal_of(aid),
        decision=parts.decision_of(aid),
        publicity=_publicity(aid),
    )


def _verified(aid: TemporaryAid) -> tuple[str, ...]:
    """What was checked, in its order: the advance, the case, the means check."""
    lines = []
    slip = parts.slip_of(aid)
    if slip is not None:
        lines.append(f"{parts.at_time(slip.paid_at)}先行救助{in_figures(slip.amount)}元（先行单{slip.number}）")
    if aid.case is not None:
        lines.append(f"按一般程序办理，信息核对、入户调查、公示见办件{aid.case.number}")
    checked = aid.events.filter(kind=AidEventKind.MEANS_CHECKED).first()
    if checked is not None:
        lines.append(f"信息核对（{chinese_date(timezone.localdate(checked.at))}）：{checked.note}")
    return tuple(lines)


def _publicity(aid: TemporaryAid) -> str:
    if aid.posted_on is not None:
        return f"{chinese_date(aid.posted_on)}在{aid.posted_place}张贴"
    return f"{chinese_date(aid.publicity_due_on)}前张贴" if aid.publicity_due_on else ""


def petty_advance_slip(aid: TemporaryAid) -> records.PettyAdvanceSlip:
    """小额先行救助单 of an aid that was paid in advance."""
    slip = parts.slip_of(aid)
    assert slip is not None and aid.help_due_at is not None  # noqa: S101 -- the act that issues it has just paid
    asked = aid.advance_requests.filter(declined_at=None).first()
    return records.PettyAdvanceSlip(
        body=township_body(aid.area),
        slip_number=slip.number,
        aid_number=aid.number,
        recipient=parts.recipient_of(aid),
        cause=aid.get_cause_display(),
        occurred_on=aid.occurred_on,
        occurred_place=aid.occurred_place,
        situation=aid.situation,
        reported_at=parts.at_time(aid.first_reported_at),
        due_at=parts.at_time(aid.help_due_at),
        paid_at=parts.at_time(slip.paid_at),
        late_reason=slip.late_reason,
        village=parts.village_opinion(aid),
        asked_amount=asked.asked_amount if asked else None,
        amount=slip.amount,
        limit_amount=slip.limit_amount,
        balance_after=slip.balance_after,
        reserve_serial=slip.entry.serial,
        paid_by=slip.paid_by.name,
        second_hand=slip.second_hand,
        received_by=slip.received_by,
        relieved_on=slip.relieved_on,
        supplement_due_on=slip.supplement_due_on,
        due_is_provisional=slip.supplement_due_is_provisional,
    )


def supplement_statement(aid: TemporaryAid) -> records.SupplementStatement:
    """补充说明表 of an aid whose supplement was accepted."""
    slip, found = parts.slip_of(aid), parts.accepted_supplement(aid)
    assert slip is not None and found is not None  # noqa: S101 -- the act that issues it has just accepted it
    assert found.checked_by is not None and found.checked_at is not None and aid.amount is not None  # noqa: S101 -- so
    return records.SupplementStatement(
        body=township_body(aid.area),
        aid_number=aid.number,
        slip_number=slip.number,
        recipient=parts.recipient_of(aid),
        cause=aid.get_cause_display(),
        occurred_on=aid.occurred_on,
        situation=aid.situation,
        advanced_amount=slip.amount,
        paid_at=parts.at_time(slip.paid_at),
        paid_by=slip.paid_by.name,
        second_hand=slip.second_hand,
        received_by=slip.received_by,
        facts=found.facts,
        papers=parts.counted(paper.file for paper in found.papers.select_related("file")),
        relieved_on=found.relieved_on or slip.relieved_on,
        due_on=slip.supplement_due_on,
        submitted_by=found.submitted_by.name,
        submitted_on=timezone.localdate(found.submitted_at),
        late_reason=found.late_reason,
        amount=aid.amount,
        stages=parts.stages_of(aid),
        check=records.AidOpinion(
            found.opinion, found.checked_by.name, timezone.localdate(found.checked_at), parts.body_of(aid)
        ),
    )


def collective_minutes(aid: TemporaryAid) -> records.CollectiveMinutes:
    """一事一议纪要 of the collective decision that stands."""
    decision = aid.collective_decisions.select_related("recorded_by").get(voided_at=None)
    terms = aid_terms(aid.area, on=decision.met_on)
    guideline = terms.guideline(aid.hardship, aid.cause)
    return records.CollectiveMinutes(
        body=county_body(),
        minutes_number=decision.minutes_number,
        aid_number=aid.number,
        person=aid.recipient_name,
        township=township_of(aid.area).name,
        village=aid.area.short_name,
        cause=aid.get_cause_display(),
        met_on=decision.met_on,
        place=decision.place,
        chair=decision.chair,
        present=tuple(
            records.PresentRow(row["name"], row.get("unit", ""), row.get("position", "")) for row in decision.present
        ),
        matter=decision.matter,
        guideline=f"{_kind_of(aid, guideline)}单次户均上限{in_figures(guideline.maximum)}元（{clauses.J27_10}）",
        frequency=frequency_of(aid, terms=terms, on=decision.met_on).in_words,
        opinions=tuple(line.strip() for line in decision.opinions.splitlines() if line.strip()),
        is_agreed=decision.is_agreed,
        resolved_amount=decision.resolved_amount,
        recorded_by=decision.recorded_by.name,
    )


def _kind_of(aid: TemporaryAid, guideline: Guideline) -> str:
    """The type that a guideline is of, with the cause where the county set a lower top for it."""
    return aid.get_kind_display() + (f"（{aid.get_cause_display()}）" if guideline.top < guideline.most else "")
