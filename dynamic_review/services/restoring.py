"""渐退期内恢复: a family whose income fell again comes back by one decision of the county; handbook 1.9."""

from datetime import date
from decimal import Decimal

from django.db import transaction

from applications.queries import award_in_force, day_of_amounts
from benefits.models import PaperOccasion, PhaseOut, VersionKind
from benefits.rules.months import first_month
from benefits.services import AwardChange, CoveredPerson, change_award, file_paper, revoke_phase_out
from documents.models import Document, DocumentKind
from documents.services import issue_document
from dynamic_review.papers.phase_outs import restored_notice
from dynamic_review.permissions import Permission, check_can_act
from dynamic_review.queries.restoring import Reassessed, read_result, reported_fall, review_under_way
from dynamic_review.services.triggering import NotAllowed
from eligibility.models import Assessment
from eligibility.services import store_assessment
from foundation.errors import NotPermitted
from households.models import Household
from organizations.models import Staff
from organizations.queries import county, deputising
from organizations.rules.separation import standing_as_one

_REASON = "渐退期内收入减少，重新核算又低于低保标准"


@transaction.atomic
def restore_family(row: PhaseOut, *, year: int, seen: Decimal, by: Staff, on: date) -> Document:
    """Bring a family in phase-out back (恢复低保) on its present data: no last month any more, the sum reckoned anew.

    The assessment is kept, the sum holds from the month after the decision, and the family is told by a notice.

    :param year: accounting year (核算年度) of the incomes.
    :param seen: the sum that was shown to whoever decides; yuan a month.
    :returns: the notice.
    :raises NotPermitted: no right to revoke phase-outs there, or the person wrote down the fall themselves.
    :raises NotAllowed: nobody wrote it down, a review is under way, the family is not below the standard, or the sum
        is not the one that was shown.
    :raises NotChangeable: the phase-out is over or revoked.
    """
    Household.objects.select_for_update(of=("self",), no_key=True).get(pk=row.award.household_id)
    row = PhaseOut.objects.select_related("award__area__parent", "award__household").get(pk=row.pk)
    award = row.award
    check_can_act(by, Permission.MANAGE_PHASE_OUT, area=award.area)
    _check_open(row, by=by, on=on)
    month = max(first_month(on), row.first_month)
    day = day_of_amounts(award.household, scheme=award.scheme, on=on, month=month)
    assessment = store_assessment(award.household, on=day, year=year, by=by, award=award_in_force(award, on=on))
    found = read_result(row, assessment.result, month=month)
    _check_as_seen(found, seen)
    before = award.versions.exclude(kind=VersionKind.PHASE_OUT).latest("serial").monthly_amount
    notice = restored_notice(row, assessment=assessment, found=found, before=before, year=year, on=on)
    document = issue_document(
        kind=DocumentKind.REVIEW_NOTICE, issuing_area=county(), area=award.area, record=notice, by=by, on=on
    )
    file_paper(row, occasion=PaperOccasion.RESTORED, document=document)
    revoke_phase_out(row, reason=_REASON, source=document.number, by=by, on=on)
    change_award(
        award,
        change=_change(row, found, assessment=assessment),
        from_month=found.month,
        reason=_REASON,
        source=document.number,
        by=by,
        on=on,
    )
    return document


def _check_open(row: PhaseOut, *, by: Staff, on: date) -> None:
    """
    :raises NotAllowed: nobody wrote the fall down, or a review is under way.
    :raises NotPermitted: the person did so, or stands for who did.
    """
    if case := review_under_way(row):
        raise NotAllowed(f"这份待遇的复核（{case.number}）正在办理，是否恢复由复核决定。")
    check = reported_fall(row)
    if check is None:
        raise NotAllowed("还没有登记收入减少。请乡镇经办人改好家庭收入，在待遇页点“登记收入减少”，再来恢复。")
    deputies = deputising(since=check.happened_on, on=on)
    if by.pk == check.noted_by_id or by.pk in standing_as_one(frozenset({check.noted_by_id}), deputies):
        raise NotPermitted("登记收入减少的人不能自己决定恢复，请由另一人办理。")


def _check_as_seen(found: Reassessed, seen: Decimal) -> None:
    if found.amount is None:
        raise NotAllowed(found.why_not)
    if found.amount != seen:
        raise NotAllowed(f"家庭资料刚才有变动，重新核算为每月{found.amount:,.2f}元，请看过再办理。")


def _change(row: PhaseOut, found: Reassessed, *, assessment: Assessment) -> AwardChange:
    suggestion = found.suggestion
    assert suggestion is not None and suggestion.monthly_amount is not None  # noqa: S101 -- checked as seen
    members = row.award.household.members.select_related("person").in_bulk(
        [person.member_id for person in suggestion.persons]
    )
    return AwardChange(
        kind=VersionKind.RESTORE,
        monthly_amount=suggestion.monthly_amount,
        persons=[
            CoveredPerson(members[person.member_id].person, person.topup_monthly_amount, person.topup_class)
            for person in suggestion.persons
        ],
        category=suggestion.category,
        basis=suggestion.basis,
        assessment=assessment,
    )
