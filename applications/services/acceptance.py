"""受理: one list of what is missing, then acceptance with its deadlines and notice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from applications import papers
from applications.models import Case, SupplementItem, SupplementNotice
from applications.models.terms import OVERALL, SUPPLEMENT_REPLY
from applications.permissions import Permission, authority_of, check_can_act
from applications.queries import due_after, lacks_before_acceptance
from applications.rules.process import CaseState, EventKind
from applications.services.issuing import issue
from applications.services.steps import (
    NotNow,
    advance,
    check_not_related,
    covered_elsewhere_in_words,
    lock_case,
    require_state,
    write_event,
)
from documents.models import DocumentKind
from foundation.errors import ServiceError
from households.models import Attachment
from organizations.models import Staff


class NotAcceptable(ServiceError):
    """Something that acceptance needs is missing."""


@dataclass(frozen=True)
class MissingPaper:
    """One line of the supplement list (缺件)."""

    name: str
    note: str = ""


@transaction.atomic
def ask_supplement(
    case: Case, *, items: Sequence[MissingPaper], by: Staff, on: date, late_reason: str = ""
) -> SupplementNotice:
    """Tell the family once what is missing (一次性告知补正; F57 §10); submitted → supplementing.

    :raises NotAcceptable: no item, or a list was handed over before.
    """
    case = lock_case(case)
    check_can_act(by, Permission.ACCEPT, area=case.area)
    require_state(case, CaseState.SUBMITTED)
    if not items:
        raise NotAcceptable("请至少列出一项缺少的材料。", field="items")
    if SupplementNotice.objects.filter(case=case).exists():
        raise NotAcceptable("已经一次性告知过补正材料，不能再次要求补正。")
    due = due_after(case, SUPPLEMENT_REPLY, start=on)
    if due is None:
        raise NotAcceptable("还没有设置补正期限，请联系县民政局。")
    notice = SupplementNotice.objects.create(
        case=case, issued_by=by, issued_on=on, due_on=due.on, due_is_provisional=due.provisional
    )
    SupplementItem.objects.bulk_create(
        [SupplementItem(notice=notice, name=item.name, note=item.note) for item in items]
    )
    advance(
        case,
        "ask_supplement",
        event=EventKind.SUPPLEMENT_ASKED,
        by=by,
        on=on,
        late_reason=late_reason,
        note="、".join(item.name for item in items),
    )
    issue(case, DocumentKind.SUPPLEMENT_NOTICE, papers.supplement_notice(case), by=by, on=on)
    return notice


@transaction.atomic
def receive_supplement(
    item: SupplementItem, *, by: Staff, on: date, attachment: Attachment | None = None
) -> SupplementItem:
    """Take in one missing paper; papers may arrive in several visits.

    :raises NotNow: received before, or the case has gone on.
    """
    case = lock_case(item.notice.case)
    check_can_act(by, Permission.ACCEPT, area=case.area)
    require_state(case, CaseState.SUPPLEMENTING)
    item = SupplementItem.objects.select_for_update().get(pk=item.pk)
    if item.received_on is not None:
        raise NotNow(f"“{item.name}”已经收到。")
    if attachment is not None and attachment.household_id != case.household_id:
        raise NotNow("这份附件不是这个家庭的。", field="attachment")
    item.received_on, item.received_by, item.attachment = on, by, attachment
    item.save()
    write_event(case, EventKind.SUPPLEMENT_RECEIVED, by=by, on=on, note=item.name)
    return item


@transaction.atomic
def accept(case: Case, *, by: Staff, on: date, late_reason: str = "") -> Case:
    """Accept the application (受理; F57 §§10–11, 22): the confirming authority and the clock are set.

    :raises NotAcceptable: signed papers, the consent or supplement papers are missing.
    """
    case = lock_case(case)
    check_can_act(by, Permission.ACCEPT, area=case.area)
    require_state(case, CaseState.SUBMITTED, CaseState.SUPPLEMENTING)
    check_not_related(case, by)
    if missing := lacks_before_acceptance(case, on=on):
        raise NotAcceptable("还不能受理：" + "；".join(lack.text for lack in missing) + "。")
    case.authority = authority_of(case, on=on)
    case.accepted_on = on
    case.county_visit_required = case.intake.relatives.exists()
    overall = due_after(case, OVERALL, start=on)
    if overall is not None:
        case.due_on, case.due_is_provisional = overall.on, overall.provisional
    note = covered_elsewhere_in_words(case, on=on)
    advance(case, "accept", event=EventKind.ACCEPTED, by=by, on=on, late_reason=late_reason, note=note)
    issue(case, DocumentKind.ACCEPTANCE_NOTICE, papers.acceptance_notice(case, on=on), by=by, on=on)
    return case
