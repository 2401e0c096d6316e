"""What the self-test answers is what ``assess`` answers on the same facts, written here anew as the contract's JSON."""

import copy
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from applications.rules.doors import other_doors
from eligibility.services import assess_document
from foundation.money import parse_amount
from tests.one_window.telling import LINXI, Sent, family, headline, tell, verdicts, with_relatives

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("figures")]
LIMITED = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
Json = dict[str, Any]

SCHOOLS = ["preschool", "compulsory", "senior_high", "vocational", "undergraduate", "postgraduate"]
IDLE = ["employed", "farming", "seeking", "at_home"]
INCOMES = {"wage": "wage", "business": "business", "support": "support", "other": "property"}
CANNOT = ["eating", "dressing", "in_out_of_bed", "toileting", "walking", "bathing"]

amounts = st.sampled_from(["", "0", "800", "9059.99", "9060", "9,060", "1.2万", "13589.99", "13590", "6万"])
ages = st.sampled_from([0, 5, 15, 16, 17, 18, 35, 50, 59, 60, 69, 70, 85])
certificates = st.one_of(
    st.just({}),
    st.fixed_dictionaries(
        {
            "disability_kind": st.sampled_from(
                ["visual", "hearing", "physical", "intellectual", "psychiatric", "multiple"]
            ),
            "disability_level": st.sampled_from(["1", "2", "3", "4"]),
        }
    ),
)
BY_AGE = {0: ["at_home", "preschool"], 5: ["at_home", "preschool", "compulsory"]}
SCHOOLCHILD = [*IDLE, "compulsory", "senior_high", "vocational", "undergraduate"]
GROWN = [*SCHOOLCHILD, "postgraduate"]
ages_and_occupations = ages.flatmap(
    lambda age: st.fixed_dictionaries(
        {
            "age": st.just(str(age)),
            "occupation": st.sampled_from(BY_AGE.get(age, SCHOOLCHILD if age < 17 else GROWN)),
        }
    )
)
money_of_one = st.fixed_dictionaries(
    {},
    optional={
        "is_seriously_ill": st.just("on"),
        "pension_monthly": st.sampled_from(["", "150", "1000"]),
        **dict.fromkeys(INCOMES, amounts),
    },
)
kin = st.lists(
    st.sampled_from(["child", "parent", "grandchild", "grandparent", "sibling", "in_law", "other"]), max_size=3
)
relatives = st.fixed_dictionaries(
    {"age": ages.map(str)},
    optional={
        "ability": st.sampled_from(["able", "tekun", "dibao", "severe", "no_civil_capacity", "in_prison"]),
        "yearly_income": st.sampled_from(["", "29999.99", "3万"]),
        "owns_much": st.sampled_from(["no", "yes"]),
    },
)


vehicles = st.one_of(
    st.just({"means__vehicles": "", "means__vehicle_value": ""}),
    st.fixed_dictionaries(
        {
            "means__vehicles": st.sampled_from(["1", "2"]),
            "means__vehicle_value": st.sampled_from(["3万", "8万", "80000.01"]),
        }
    ),
)


@st.composite
def told(draw: st.DrawFn) -> Sent:
    relations = [*(["spouse"] if draw(st.booleans()) else []), *draw(kin)]
    people = [draw(ages_and_occupations) | draw(money_of_one) | draw(certificates) for _ in range(len(relations) + 1)]
    for facts, relation in zip(people[1:], relations, strict=True):
        facts["kin"] = relation
        if relation == "spouse" and int(facts["age"]) < 16:
            facts |= {"age": "16", "occupation": "farming"}
    if int(people[0]["age"]) < 18:
        people[0]["is_minor_head"] = "on"
    return family(
        *people,
        place__residence=draw(st.sampled_from(["rural", "urban"])),
        means__medical=draw(amounts),
        means__education=draw(amounts),
        means__employment=draw(amounts),
        means__savings=draw(st.sampled_from(["", "2万", "27180", "27180.01", "30万"])),
        **draw(vehicles),
        means__houses=draw(st.sampled_from(["", "1", "2"])),
        means__mishap=draw(st.sampled_from(["none", "fire", "spending"])),
    )


@st.composite
def told_of_relatives(draw: st.DrawFn) -> tuple[str, list[Sent]]:
    known = draw(st.sampled_from(["no", "yes", "unknown"]))
    return known, draw(st.lists(relatives, min_size=1, max_size=3)) if known == "yes" else []


# --- The same facts as the contract writes them -------------------------------------------------------------------


def money(text: str) -> str:
    return f"{parse_amount(text) if text else Decimal(0):.2f}"


def birthday(age: str) -> str:
    today = timezone.localdate()
    return date(today.year - int(age), today.month, today.day).isoformat()


def disability(facts: Sent) -> Json:
    if "disability_kind" not in facts:
        return {}
    kind, level = facts["disability_kind"], int(facts["disability_level"])
    return {"disability": {"kind": kind, "level": level}, "applies_alone": int(facts["age"]) >= 18}


def people_in(sent: Sent) -> list[Sent]:
    number = int(sent["place-people"])
    return [
        {
            name.split("-", 2)[2]: value
            for name, value in sent.items()
            if name.startswith((f"person-{place}-", f"income-{place}-"))
        }
        for place in range(number)
    ]


def member(place: int, facts: Sent, people: list[Sent]) -> Json:
    relation = facts.get("kin", "head")
    document: Json = {
        "id": f"p{place}",
        "relation": "other" if relation == "in_law" else relation,
        "birth_date": birthday(facts["age"]),
        "serious_illness": "is_seriously_ill" in facts,
        "schooling": facts["occupation"] if facts["occupation"] in SCHOOLS else "none",
        "incomes": [{"kind": kind, "yearly": money(facts.get(name, ""))} for name, kind in INCOMES.items()],
        **disability(facts),
    }
    monthly = parse_amount(facts["pension_monthly"]) if facts.get("pension_monthly") else Decimal(0)
    document["incomes"].append({"kind": "pension", "yearly": f"{monthly * 12:.2f}"})
    if relation == "in_law":
        document["shares_support"] = True
        in_laws = [number for number, one in enumerate(people) if one.get("kin") == "in_law"]
        grown = [number for number, one in enumerate(people) if one.get("kin") == "child" and int(one["age"]) >= 18]
        mine = in_laws.index(place)
        if mine < len(grown):
            document["spouse_id"] = f"p{grown[mine]}"
    return document


def document_of(sent: Sent) -> Json:
    people = people_in(sent)
    vehicles = int(sent["means-vehicles"] or 0)
    document: Json = {
        "on": timezone.localdate().isoformat(),
        "area": LINXI,
        "residence": sent["place-residence"],
        "members": [member(place, facts, people) for place, facts in enumerate(people)],
        "expenses": [
            {"kind": kind, "yearly": money(sent[f"means-{kind}"])} for kind in ("medical", "education", "employment")
        ],
        "property": {
            "financial_assets": money(sent["means-savings"]),
            "vehicles": vehicles,
            "vehicle_value": money(sent["means-vehicle_value"]) if vehicles else "0.00",
            "houses": int(sent["means-houses"] or 0),
        },
    }
    hardship = {"fire": "urgent", "spending": "expenditure"}.get(sent["means-mishap"])
    return document | ({"hardship": {"type": hardship, "proposed_amount": "2000.00"}} if hardship else {})


def supporter(row: Sent) -> Json:
    ability = row.get("ability", "able")
    document: Json = {
        "birth_date": birthday(row["age"]),
        "yearly_income": money(row.get("yearly_income", "")),
        "property_within_limit": row.get("owns_much") != "yes",
    }
    if ability in ("tekun", "dibao"):
        document["status"] = ability
    elif ability == "severe":
        document["disability"] = {"kind": "intellectual", "level": 3}
    elif ability != "able":
        document["incapacity"] = ability
    return document


def assessed(document: Json) -> Json:
    return assess_document(document).as_dict()


# --- The comparison -----------------------------------------------------------------------------------------------


def plain(amount: str | Decimal) -> str:
    return f"{Decimal(amount):,.2f}".removesuffix(".00")


def check_same(answer: Any, result: Json) -> None:
    said, dibao = verdicts(answer), result["dibao"]
    assert (
        said["dibao"]
        == {"eligible": "likely", "not_eligible": "unlikely", "not_applicable": "not_needed"}[dibao["outcome"]]
    )
    assert headline(answer, "dibao") == (f"每月约{plain(dibao['monthly_amount'])}元" if dibao["monthly_amount"] else "")
    outcomes = {row["outcome"] for row in result["tekun"]}
    best = next(outcome for outcome in ("eligible", "unknown", "not_eligible") if outcome in outcomes)
    assert said["tekun"] == {"eligible": "likely", "unknown": "ask", "not_eligible": "unlikely"}[best]
    total = sum(Decimal(row["monthly_amount"]) for row in result["tekun"] if row["monthly_amount"])
    assert headline(answer, "tekun") == (f"每月约{plain(total)}元" if total else "")
    assert (said["marginal"] == "likely") == (result["marginal"]["outcome"] == "eligible")
    aid = result["temporary_aid"]
    assert headline(answer, "temporary_aid") == (f"一次约{plain(aid['min'])}—{plain(aid['max'])}元" if aid else "")


def check_doors(answer: Any, result: Json, sent: Sent) -> None:
    """Whatever the clerk's page offers to a family beside the schemes, the family's own page names too."""
    people = people_in(sent)
    doors = other_doors(
        result,
        schooling={facts["occupation"] for facts in people},
        disability_levels=frozenset(int(facts["disability_level"]) for facts in people if "disability_level" in facts),
        has_serious_illness=any("is_seriously_ill" in facts for facts in people),
        asked_for=("dibao", "tekun"),
        openable=(),
    )
    kinds = {"教育": "education", "医疗": "medical", "残疾": "disability"}
    offered = {kinds[door.title.split("：")[0]] for door in doors if "：" in door.title}
    assert offered <= {item.kind for item in answer.context["further"]}


@LIMITED
@given(told(), told_of_relatives())
def test_every_familys_answer_is_the_assessments(sent: Sent, outside: tuple[str, list[Sent]]) -> None:
    client = Client()
    document = document_of(sent)
    result = assessed(document)
    answer = tell(sent, client)
    assert answer.status_code == 200
    unknown = [row["member"] for row in result["tekun"] if row["outcome"] == "unknown"]
    if unknown:
        assert [f"p{place}" for place, _ in answer.context["test"].asked_names] == unknown
        known, rows = outside
        answer = tell(with_relatives(sent, known, *rows), client)
        if known != "unknown":
            document = copy.deepcopy(document)
            for one in document["members"]:
                one["supporters"] = [supporter(row) for row in rows]
            result = assessed(document)
    check_same(answer, result)
    if not any(row["outcome"] == "eligible" for row in result["tekun"]):
        check_doors(answer, result, sent)


def test_what_cannot_be_managed_sets_the_care_level() -> None:
    sent = family({"age": "70", "occupation": "at_home"}, means__vehicles="", **_no_means())
    for number in range(7):
        document = document_of(sent)
        document["members"][0] |= {"supporters": [], "self_care": dict.fromkeys(CANNOT[:number], False)}
        answer = tell(with_relatives(sent, "no", **{"relatives-unmanaged_0": CANNOT[:number]}))
        check_same(answer, assessed(document))


def _no_means() -> Sent:
    names = ("medical", "education", "employment", "savings", "vehicle_value", "houses")
    return {f"means__{name}": "" for name in names}
