"""Who counts as living together (共同生活的家庭成员); F57 §7."""

from eligibility.rules import clauses
from eligibility.rules.ages import ADULT
from eligibility.rules.choices import Relation, Schooling
from eligibility.rules.findings import Rule, Trail
from eligibility.rules.people import Person

EXCLUDED = Rule(
    name="counting.excluded",
    clause=clauses.F57_7_EXCLUDED,
    comparison="not_in_excluded_circumstances",
    yes="{who}没有不计入的情形。",
    no="{who}{0}，不计入共同生活的家庭成员。",
)
HEAD_OR_SPOUSE = Rule(
    name="counting.head_or_spouse",
    clause=clauses.F57_7,
    comparison="in",
    yes="{who}是{0}，计入共同生活的家庭成员。",
)
MINOR_CHILD = Rule(
    name="counting.minor_child",
    clause=clauses.F57_7,
    comparison="<",
    yes="{who}是户主子女，{value}周岁，未满{threshold}周岁，计入共同生活的家庭成员。",
    no="{who}是户主子女，{value}周岁，已满{threshold}周岁，不按未成年子女计入。",
)
STUDENT_CHILD = Rule(
    name="counting.student_child",
    clause=clauses.F57_7,
    comparison="in",
    yes="{who}是成年子女，在校接受全日制本科及以下学历教育（{0}），计入共同生活的家庭成员。",
    no="{who}是成年子女，{0}，不属于在校接受全日制本科及以下学历教育。",
)
DEPENDENT_CHILD = Rule(
    name="counting.dependent_child",
    clause=clauses.F57_7,
    comparison="=",
    yes="{who}是成年但不能独立生活的子女，计入共同生活的家庭成员。",
    no="{who}是成年子女，未认定不能独立生活。",
)
COMMON_LIFE = Rule(
    name="counting.common_life",
    clause=clauses.F57_7,
    comparison="=",
    yes="{who}（{0}）有法定赡养、扶养、抚养义务关系并长期共同居住，计入共同生活的家庭成员。",
    no="{who}（{0}）{1}，不计入共同生活的家庭成员。",
)

_STUDYING = frozenset({Schooling.COMPULSORY, Schooling.SENIOR_HIGH, Schooling.VOCATIONAL, Schooling.UNDERGRADUATE})
_STUDYING_THRESHOLD = " ".join(sorted(_STUDYING))
_HEAD_OR_SPOUSE_THRESHOLD = f"{Relation.HEAD} {Relation.SPOUSE}"
_LACKING = {
    (False, True): "没有长期共同居住",
    (True, False): "未认定有法定赡养、扶养、抚养义务关系并共同生活",
    (False, False): "未认定有法定赡养、扶养、抚养义务关系并共同生活，也没有长期共同居住",
    (True, True): "",
}


def is_counted(person: Person, *, trail: Trail) -> bool:
    """Whether the person counts (计入共同生活的家庭成员); F57 §7."""
    member = person.member
    if member.not_counted is not None:
        return trail.check(EXCLUDED, person, member.not_counted, None, False, member.not_counted.label)
    if person.relation is Relation.HEAD or person.relation is Relation.SPOUSE:
        relation = person.relation
        return trail.check(HEAD_OR_SPOUSE, person, relation, _HEAD_OR_SPOUSE_THRESHOLD, True, relation.label)
    if person.relation is Relation.CHILD and _is_dependent_child(person, trail):
        return True
    return _shares_life(person, trail)


def _is_dependent_child(person: Person, trail: Trail) -> bool:
    schooling = person.member.schooling
    alone = person.member.cannot_live_alone
    return (
        trail.check(MINOR_CHILD, person, person.age, ADULT, person.age < ADULT)
        or trail.check(STUDENT_CHILD, person, schooling, _STUDYING_THRESHOLD, schooling in _STUDYING, schooling.label)
        or trail.check(DEPENDENT_CHILD, person, alone, True, alone)
    )


def _shares_life(person: Person, trail: Trail) -> bool:
    lives, shares = person.member.lives_together, shares_support(person)
    lacking = _LACKING[lives, shares]
    return trail.check(COMMON_LIFE, person, lives and shares, True, lives and shares, person.relation.label, lacking)


def shares_support(person: Person) -> bool:
    """Staff's finding that there is a duty of support and a common life; not stated, all but 其他 have it."""
    stated = person.member.shares_support
    return person.relation is not Relation.OTHER if stated is None else stated
