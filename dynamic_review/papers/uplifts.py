"""Content records of the notices after 提标: many at once, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from applications.papers.bodies import HOTLINE, county_body, county_government
from benefits.models import AwardVersion, AwardVersionPerson
from benefits.queries import Lacking, lacking_since
from documents import records
from dynamic_review.models import Uplift, UpliftLine, UpliftResult, UpliftStep
from dynamic_review.queries.standings import award_cases
from dynamic_review.queries.uplifts import figures
from eligibility.models import Parameter, ResidenceScope
from eligibility.queries import findings_for_display
from households.models import Household, Member
from organizations.models.delegations import Scheme
from organizations.queries import civil_affairs

_WORKING = ("amount.difference", "amount.total", "amount.single", "tekun.amount")
"""Findings that say how a sum was worked out; of each top-up the notice says the amount beside the name."""


@dataclass(frozen=True)
class _Words:
    """What a scheme and its money are called on the notice, and on what changing its standard rests."""

    matter: str
    money: str
    clause: str


_WORDS = {
    Scheme.DIBAO.value: _Words("最低生活保障", "最低生活保障金", "《社会救助暂行办法》（国务院令第649号）第十条"),
    Scheme.TEKUN.value: _Words(
        "特困人员救助供养", "特困人员救助供养金", "《社会救助暂行办法》（国务院令第649号）第十五条"
    ),
}


@dataclass(frozen=True)
class _Told:
    """Rows of one piece of lines that all its notices are written from."""

    people: Mapping[int, Sequence[AwardVersionPerson]]
    members: Mapping[int, Sequence[Member]]
    lacking: Mapping[int, Lacking]
    standards: Mapping[str, tuple[str, ...]]
    common: Mapping[str, str]
    moved: Mapping[int, Decimal]
    """By line what the award stood at, where it had moved since the preview or the uplift; yuan a month."""


def uplift_notices(uplift: Uplift, carried: Sequence[tuple[UpliftLine, AwardVersion]]) -> list[records.UpliftNotice]:
    """The notices (调整通知书) of some lines that were carried out.

    :param carried: each line, with its award and household, and the last version of the uplift, with its
        assessment.
    """
    told = _told(uplift, carried)
    return [_notice(uplift, line, version, told) for line, version in carried]


def _told(uplift: Uplift, carried: Sequence[tuple[UpliftLine, AwardVersion]]) -> _Told:
    people, members = defaultdict(list), defaultdict(list)
    found = AwardVersionPerson.objects.filter(version__in=[version.pk for _, version in carried])
    for row in found.select_related("person__merged_into").order_by("pk"):
        people[row.version_id].append(row)
    families = {line.household_id for line, _ in carried}
    for member in Member.objects.filter(household__in=families).select_related("person").order_by("pk"):
        members[member.household_id].append(member)
    return _Told(
        moved=_moved(uplift, carried),
        people=people,
        members=members,
        lacking=lacking_since(uplift.from_month, awards=[line.award_id for line, _ in carried]),
        standards=_standards(uplift),
        common={
            "body": county_body(),
            "contact": county_body(),
            "telephone": civil_affairs().telephone or HOTLINE,
            "reconsideration_body": county_government(),
        },
    )


def _moved(uplift: Uplift, carried: Sequence[tuple[UpliftLine, AwardVersion]]) -> dict[int, Decimal]:
    results = UpliftResult.objects.filter(line__in=[line.pk for line, _ in carried], step=UpliftStep.APPLY)
    written = {line: (amount, last) for line, amount, last in results.values_list("line", "before_amount", "version")}
    moved = {line: amount for line, (amount, _) in written.items() if amount is not None}
    # Of what was laid anew: the sum of the decision under it.
    anew = {line.award_id: line.pk for line, version in carried if written[line.pk][1] != version.pk}
    under = award_cases(list(anew), since=uplift.from_month, without=uplift.number) if anew else ()
    return moved | {anew[case.award.pk]: case.last.version.monthly_amount for case in under}


def _standards(uplift: Uplift) -> dict[str, tuple[str, ...]]:
    """By residence the figures on which the uplift rests, each with its document."""
    rows = figures(Parameter.objects.filter(pk__in=uplift.parameters.values("parameter")).order_by("key", "pk"))
    return {
        place: tuple(row.label for row in rows if row.parameter.residence in (ResidenceScope.BOTH, place))
        for place in (ResidenceScope.RURAL.value, ResidenceScope.URBAN.value)
    }


def _notice(uplift: Uplift, line: UpliftLine, version: AwardVersion, told: _Told) -> records.UpliftNotice:
    words, members = _WORDS[uplift.scheme], told.members[line.household_id]
    people = told.people[version.pk]
    lacking = told.lacking.get(line.award_id)
    assert uplift.applied_at is not None  # noqa: S101 -- held by the database
    return records.UpliftNotice(
        **told.common,
        applicant=_addressee(uplift, people, members),
        village=line.area.short_name,
        matter=words.matter,
        money=words.money,
        award_number=line.award.number,
        uplift_number=uplift.number,
        standards=told.standards[line.household.residence],
        decided_on=timezone.localdate(uplift.applied_at),
        before_amount=told.moved.get(line.pk, line.before_amount),
        after_amount=version.monthly_amount,
        first_month=max(uplift.from_month, line.award.starts_month),
        category=f"{version.category}类" if version.category else "",
        persons=tuple(_covered(row, version) for row in people),
        working=_working(uplift, version, line.household, members, people),
        back_months=lacking.months if lacking else 0,
        back_from=lacking.first if lacking else None,
        back_to=lacking.last if lacking else None,
        back_payment_amount=lacking.amount if lacking else line.before_amount * 0,
        clause=words.clause,
    )


def _addressee(uplift: Uplift, people: Sequence[AwardVersionPerson], members: Sequence[Member]) -> str:
    """Of 特困 the person; of 低保 the head, or who headed the family last."""
    if uplift.scheme == Scheme.TEKUN and people:
        return _name(people[0])
    heads = [member for member in members if member.relation == "head"]
    present = [member for member in heads if member.left_on is None]
    return (present or heads)[-1].person.name


def _name(row: AwardVersionPerson) -> str:
    return (row.person.merged_into or row.person).name


def _covered(row: AwardVersionPerson, version: AwardVersion) -> records.CoveredRow:
    is_tekun = bool(version.care_level)
    return records.CoveredRow(
        name=_name(row),
        topup_class=f"{row.topup_class}类" if row.topup_class else "",
        topup_monthly_amount=row.topup_monthly_amount,
        monthly_amount=version.monthly_amount if is_tekun else None,
        care_monthly_amount=version.care_monthly_amount,
        care_level=version.get_care_level_display() if is_tekun else "",
        support_mode=version.get_support_mode_display() if is_tekun else "",
    )


def _working(
    uplift: Uplift,
    version: AwardVersion,
    household: Household,
    members: Sequence[Member],
    people: Sequence[AwardVersionPerson],
) -> tuple[str, ...]:
    if version.assessment is None:
        return ()
    rows = findings_for_display(version.assessment.result, household, members=members)
    names = {_name(row) for row in people}
    is_tekun = uplift.scheme == Scheme.TEKUN
    return tuple(row.text for row in rows if row.rule.startswith(_WORKING) and (not is_tekun or row.subject in names))
