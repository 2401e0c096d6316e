"""建议: what the rules come to for a case, less who has it already or chose another support."""

from collections.abc import Collection, Mapping
from typing import Any

from applications.models import Case, ChildSupport
from applications.queries.choices import choices_in
from applications.rules.suggestion import Suggestion
from benefits.models import AwardPerson, AwardState
from households.models import Household, Member
from organizations.models.delegations import Scheme


def suggested(case: Case, result: Mapping[str, Any], facts: Mapping[str, Any]) -> Suggestion:
    """The matter's suggestion on an assessment.

    Where people are recognised one by one, without those who are, and without minors for whom the support of orphans
    and de facto orphans was chosen (F43 §9). Of 低保 without who is supported as 特困, and then without a sum: nobody
    has both, and the assessment counts them where it does not find by itself that they qualify.
    """
    found = case.matter.suggest(result, facts)
    if not found.persons or (case.matter.is_review and case.matter.person):
        return found
    if case.scheme == Scheme.DIBAO:
        return found.without_sum_of(covered_members(case.household, scheme=Scheme.TEKUN).keys())
    if not case.matter.per_person:
        return found
    elsewhere = {row.member_id for row in choices_in(case) if row.choice == ChildSupport.CHILD}
    return found.without(elsewhere | covered_members(case.household, scheme=case.scheme).keys())


def standing_covered(household: Household, counted: Collection[int]) -> list[str]:
    """低保, 特困 in words, where awards in force cover everybody who counts; empty where somebody has neither.

    :param counted: primary keys of the members who count.
    """
    covered = {scheme: covered_members(household, scheme=scheme).keys() for scheme in (Scheme.DIBAO, Scheme.TEKUN)}
    if not counted or not set(counted) <= set().union(*covered.values()):
        return []
    return [scheme.label for scheme, members in covered.items() if members & set(counted)]


def covered_members(household: Household, *, scheme: str) -> dict[int, str]:
    """Names of present members whom an award of a scheme covers that has no end, by their primary key."""
    covered = (
        AwardPerson.objects.filter(award__scheme=scheme, covered__upper_inf=True)
        .exclude(award__state=AwardState.STOPPED)
        .filter(person__memberships__household=household, person__memberships__left_on=None)
    )
    members = Member.objects.filter(household=household, left_on=None, person__in=covered.values("person"))
    return {member.pk: member.person.name for member in members.select_related("person")}
