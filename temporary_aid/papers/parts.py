"""What several papers of an aid print: who is helped, how much and why, in which stages, and what was said."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

from applications.papers.bodies import HOTLINE, county_body, township_body, township_telephone, window_of
from documents import records
from documents.records import Record
from eligibility.rules.choices import AidYear
from foundation.dates import chinese_date
from foundation.money import in_capitals, in_figures
from organizations.models import Staff
from organizations.queries import civil_affairs, township_of
from temporary_aid.models import (
    AdvanceRequest,
    AidFile,
    AidStage,
    PettyAdvance,
    StageForm,
    StageState,
    Supplement,
    SupplementResult,
    TemporaryAid,
)
from temporary_aid.rules.frequency import Frequency, FrequencyTerms
from temporary_aid.rules.states import DecidedBy


def is_of_county(aid: TemporaryAid) -> bool:
    """Whether the county decided; else the township issues, also for its entrusted villages."""
    return aid.decided_level == DecidedBy.COUNTY


def body_of(aid: TemporaryAid) -> str:
    """Whose decision it is."""
    return county_body() if is_of_county(aid) else township_body(aid.area)


def contact_of(aid: TemporaryAid) -> tuple[str, str]:
    """Whom to call about the decision: office and telephone."""
    if is_of_county(aid):
        return county_body(), civil_affairs().telephone or HOTLINE
    return window_of(aid.area), township_telephone(aid.area)


def recipient_of(aid: TemporaryAid) -> records.AidRecipient:
    return records.AidRecipient(
        name=aid.recipient_name,
        id_number=aid.recipient_id_number.reveal(),
        missing_id_reason=aid.get_missing_id_reason_display(),
        sex=aid.get_recipient_sex_display(),
        birth_date=aid.recipient_birth_date,
        phone=aid.recipient_phone.reveal(),
        people_count=aid.people_count,
        township=township_of(aid.area).name,
        village=aid.area.short_name,
        registered_place=aid.registered_place,
        living_place=aid.living_place,
        ground=aid.get_ground_display(),
    )


def with_identity(record: Record, aid: TemporaryAid) -> Record:
    """A paper as it was issued, with the ID number and what follows from it as they are now, where it prints them."""
    if not isinstance(record, records.TempAidForm | records.PettyAdvanceSlip | records.SupplementStatement):
        return record
    now = recipient_of(aid)
    recipient = replace(
        record.recipient,
        id_number=now.id_number,
        missing_id_reason=now.missing_id_reason,
        sex=now.sex,
        birth_date=now.birth_date,
    )
    return replace(record, recipient=recipient)


def sum_of(aid: TemporaryAid) -> records.AidSum:
    """The granted amount with its reasoning, as it was kept on the day of the decision."""
    assert aid.base_amount is not None and aid.amount is not None  # noqa: S101 -- held by aid_granted_whole
    assert aid.minimum_amount is not None and aid.maximum_amount is not None  # noqa: S101 -- likewise
    return records.AidSum(
        base_amount=aid.base_amount,
        minimum_amount=aid.minimum_amount,
        maximum_amount=aid.maximum_amount,
        least=_multiple(aid.minimum_amount, aid.base_amount),
        most=_multiple(aid.maximum_amount, aid.base_amount),
        amount=aid.amount,
        multiple=_multiple(aid.amount, aid.base_amount),
        suggested_amount=aid.suggested_amount,
        lines=tuple(aid.suggestion),
        below_reason=aid.below_reason,
        difference_reason=aid.difference_reason,
        frequency=frequency_in_words(aid),
        resolution=resolution_in_words(aid),
    )


def frequency_in_words(aid: TemporaryAid) -> str:
    """次数校验, as the decision found it; empty before one."""
    found = aid.counted_before
    if not found:
        return ""
    # How a year is counted stands in its first day already.
    terms = FrequencyTerms(AidYear.CALENDAR, found["same_cause_limit"], found["times_limit"])
    since = date.fromisoformat(found["since"])
    return Frequency(found["same_cause"], found["all"], terms, since, (), tuple(found.get("alike", ()))).in_words


def resolution_in_words(aid: TemporaryAid) -> str:
    """The 一事一议 on which the amount rests, if any."""
    decision = aid.collective_decision
    if decision is None:
        return ""
    limit = in_figures(decision.resolved_amount)
    return f"{decision.minutes_number}（{chinese_date(decision.met_on)}）决议救助不超过{limit}元"


def stages_of(aid: TemporaryAid) -> tuple[records.AidStageRow, ...]:
    return tuple(
        records.AidStageRow(
            serial=stage.serial,
            form=stage.get_form_display(),
            what=what_of(stage),
            amount=stage.amount,
            planned_on=stage.planned_on,
            condition=stage.condition,
            given_with=stage.given_with,
            outcome=_outcome(stage),
        )
        for stage in aid.stages.order_by("serial")
    )


def what_of(stage: AidStage) -> str:
    """What a stage gives: 转账（打卡）; 棉被2床、大米50公斤; 临时住所（县救助站）."""
    if stage.form == StageForm.IN_KIND:
        bought = "另购" if stage.is_bought else ""
        return bought + "、".join(f"{item['name']}{item['count']}{item['unit']}" for item in stage.items) or "救助物资"
    if stage.form == StageForm.SERVICE:
        provider = f"（{stage.provider}）" if stage.provider else ""
        return f"{stage.get_service_display()}{provider}"
    return stage.get_method_display() or "救助金"


def _outcome(stage: AidStage) -> str:
    if stage.state == StageState.PAID and stage.paid_at is not None:
        if stage.form == StageForm.SERVICE:
            return _service_in_words(stage)
        return f"{chinese_date(timezone.localdate(stage.paid_at))}已发放"
    if stage.state == StageState.CANCELLED:
        return f"{chinese_date(stage.cancelled_on)}终止：{stage.cancelled_reason}"
    return ""


def _service_in_words(stage: AidStage) -> str:
    """What became of a service: day, whose hands, how long."""
    words = [f"{chinese_date(timezone.localdate(stage.paid_at))}{stage.get_outcome_display() or '已提供'}"]
    if stage.contact:
        words.append(f"接收人{stage.contact}")
    if stage.served_from:
        words.append(f"{chinese_date(stage.served_from)}至{chinese_date(stage.served_to)}")
    return "，".join(words)


def village_opinion(aid: TemporaryAid) -> records.AidOpinion | None:
    """The village's word (村级意见) on which the township paid."""
    asked = AdvanceRequest.objects.filter(aid=aid, declined_at=None).first()
    if asked is None:
        return None
    position = f"（{asked.vouched_position}）" if asked.vouched_position else ""
    return records.AidOpinion(
        asked.word, f"{asked.vouched_by}{position}", timezone.localdate(asked.asked_at), aid.area.short_name
    )


def proposal_of(aid: TemporaryAid) -> records.AidOpinion | None:
    """经办意见; of an advance what the supplement found, of an entrusted village nobody's but its own."""
    if aid.proposed_by is None or aid.proposed_at is None:
        return None
    return _opinion(aid.proposal_opinion, aid.proposed_by, aid.proposed_at, township_body(aid.area))


def decision_of(aid: TemporaryAid) -> records.AidOpinion:
    """审批意见 with the amount."""
    assert aid.amount is not None and aid.decided_by is not None and aid.decided_at is not None  # noqa: S101 -- held by aid_granted_whole
    granted = f"同意给予临时救助{in_figures(aid.amount)}元（大写：{in_capitals(aid.amount)}）。"
    return _opinion(granted + aid.decision_opinion, aid.decided_by, aid.decided_at, body_of(aid))


def accepted_supplement(aid: TemporaryAid) -> Supplement | None:
    rows = aid.supplements.filter(result=SupplementResult.ACCEPTED)
    return rows.select_related("submitted_by", "checked_by").first()


def slip_of(aid: TemporaryAid) -> PettyAdvance | None:
    return PettyAdvance.objects.filter(aid=aid).select_related("entry", "paid_by").first()


def counted(files: Iterable[AidFile]) -> tuple[str, ...]:
    """现场照片2件, 支出票据1件."""
    numbers = Counter(file.get_kind_display() for file in files)
    return tuple(f"{label}{number}件" for label, number in numbers.items())


def at_time(at: datetime) -> str:
    """2026年11月21日22时40分."""
    local = timezone.localtime(at)
    return f"{chinese_date(local.date())}{local.hour}时{local.minute:02d}分"


def _opinion(text: str, by: Staff, at: datetime, body: str) -> records.AidOpinion:
    return records.AidOpinion(text, by.name, timezone.localdate(at), body)


def _multiple(amount: Decimal, base: Decimal) -> str:
    """How many times the base, two places at most: 3, 2.5."""
    return f"{(amount / base).quantize(Decimal('0.01')).normalize():f}"
