"""Content records of the paper that tells a family what a death changes of its award."""

from applications.papers.bodies import county_government, township_body, township_telephone, window_of
from benefits.models import AwardCheck
from benefits.queries import owed_of
from benefits.rules.months import months_after
from documents import records
from organizations.models.delegations import Scheme

_MATTERS = {Scheme.DIBAO.value: "最低生活保障", Scheme.TEKUN.value: "特困人员救助供养"}


def death_notice(check: AwardCheck) -> records.DeathNotice | None:
    """成员死亡待遇告知书, from the township; None where the sum does not fall."""
    award, month = check.award, check.unpaid_from
    assert month is not None and check.due_on is not None  # noqa: S101 -- a check of a death has both
    before = months_after(month, -1)
    sums = owed_of(award, [before, month])
    if not 0 < sums[month].amount < sums[before].amount:
        return None
    head = award.household.members.filter(relation="head", left_on=None).select_related("person").first()
    alive = award.persons.filter(covered__contains=month, person__died_on=None).count()
    return records.DeathNotice(
        body=township_body(award.area),
        applicant=head.person.name if head else f"{check.person.name}的家属",
        village=award.area.short_name,
        matter=_MATTERS[award.scheme],
        award_number=award.number,
        deceased=check.person.name,
        died_on=check.happened_on,
        from_month=month,
        before_amount=sums[before].amount,
        monthly_amount=sums[month].amount,
        persons=alive,
        due_on=check.due_on,
        contact=window_of(award.area),
        telephone=township_telephone(award.area),
        reconsideration_body=county_government(),
    )
