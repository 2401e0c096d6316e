"""资金计划: the year's plan by scheme and source, and the sources that a frozen roll is paid from."""

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.db.models import Q

from benefits.models import FundPlan, FundSource, MonthlyRoll, RollFunding, RollKind
from benefits.queries.funds import plan_of
from benefits.rules.funding import split_by_plan
from foundation.errors import NotPermitted, ServiceError
from foundation.trail import because
from organizations.models import Staff
from organizations.models.delegations import Scheme
from organizations.permissions import Permission


class NotPlannable(ServiceError):
    """The plan cannot be kept like this."""


@transaction.atomic
def save_fund_plan(year: int, scheme: str, *, amounts: Mapping[str, Decimal], note: str, by: Staff) -> list[FundPlan]:
    """Enter or change a year's plan of a scheme (录入资金计划); rolls frozen before there was one are split by it.

    What was split already stays: a plan that is changed holds for the rolls to come.

    :param amounts: yuan a year by source; sources left out are planned with nothing.
    :raises NotPermitted: the person does not manage fund plans.
    :raises NotPlannable: everything is nothing.
    """
    if not by.may(Permission.MANAGE_FUND_PLAN):
        raise NotPermitted(f"您没有“{Permission.MANAGE_FUND_PLAN.label}”的权限。")
    if not any(amounts.values()):
        raise NotPlannable("请至少填一项资金来源的计划金额。", field=FundSource.CENTRAL.value)
    with because("录入资金计划"):
        rows = [
            FundPlan.objects.update_or_create(
                year=year,
                scheme=scheme,
                source=source,
                defaults={"planned_amount": amounts.get(source, Decimal("0.00")), "note": note},
            )[0]
            for source in FundSource
        ]
        rolls = MonthlyRoll.objects.filter(
            Q(frozen_at__isnull=False), month__year=year, scheme=Scheme(scheme), kind=RollKind.REGULAR, funding=None
        )
        RollFunding.objects.bulk_create(
            [row for roll in rolls.select_for_update(of=("self",)).order_by("pk") for row in _split(roll)]
        )
    return rows


def allocate_funding(roll: MonthlyRoll) -> None:
    """Split a roll that is being frozen over the sources of its year's plan; without a plan nothing is split.

    The permission is the caller's duty. A reissue (重发) pays again what came back, and is not split a second time.
    """
    if roll.kind != RollKind.REGULAR or roll.funding.exists():
        return
    RollFunding.objects.bulk_create(_split(roll))


def _split(roll: MonthlyRoll) -> list[RollFunding]:
    shares = split_by_plan(roll.total_amount, plan_of(roll.month.year, roll.scheme))
    return [RollFunding(roll=roll, source=source, amount=amount) for source, amount in shares.items()]
