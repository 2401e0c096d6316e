"""Reviews to be opened (动态核查), as a page of tasks shows them: whom, what for, where one click leads."""

from collections.abc import Iterable, Mapping

from django.urls import reverse

from dynamic_review.models import ReviewDue, ReviewTrigger
from households.models import Member
from workbench.queries.care_rows import CareTask
from workbench.rules.task_kinds import TaskKind


def review_tasks(rows: Iterable[tuple[TaskKind, int]]) -> Mapping[tuple[TaskKind, int], CareTask]:
    """The lines of a page that are reviews to be opened, few queries whatever their number."""
    refs = [ref for kind, ref in rows if kind == TaskKind.REVIEW]
    if not refs:
        return {}
    dues = ReviewDue.objects.select_related("award").in_bulk(refs)
    awards = [due.award_id for due in dues.values()]
    told = ReviewTrigger.objects.filter(award__in=awards, settled_on=None).order_by("-due_on")
    heads = Member.objects.filter(household__awards__in=awards, relation="head").order_by("pk")
    names = dict(heads.values_list("household_id", "person__name"))
    causes = {row.award_id: row.get_cause_display() for row in told}
    return {
        (TaskKind.REVIEW, pk): CareTask(
            act=f"发起复核：{causes.get(due.award_id, '定期核查')}",
            person=names.get(due.award.household_id, ""),
            matter=due.award.number,
            household_id=due.award.household_id,
            url=reverse("households:detail", args=[due.award.household_id]) + "#reviews",
        )
        for pk, due in dues.items()
    }
