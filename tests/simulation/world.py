"""Five hundred invented families of one township and what befalls them in three years; plain data, drawn by a seed.

Nothing here knows the product: it is read by the driver, which tells the system, and by the ledger, which keeps its own
books.
"""

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

FAMILIES = int(os.environ.get("JIXI_SIMULATED_FAMILIES", "60"))
"""500 make up a township; the suite lives through fewer of them, of which every month is compared as well."""
FIRST, LAST = date(2026, 1, 1), date(2028, 12, 1)
"""First and last month paid."""
_SURNAMES = "胡程汪方章周曹邵石葛舒许叶洪高冯朱吴王张"
_GIVEN = "德旺秋菊玉兰志强文娟小宝桂英成林春生庆丰永福美华立新海燕国平"


@dataclass
class Someone:
    """A member: ``key`` is unique; the days are those of life, not of paper."""

    key: str
    name: str
    relation: str
    birth_date: date
    severe: bool = False
    joined_on: date = date(2025, 11, 1)
    died_on: date | None = None


@dataclass(frozen=True)
class Happening:
    """What happens to a family on a day: ``kind`` with what belongs to it.

    ``confirm`` the first decision; ``review`` a decision on a fresh look; ``income`` (yearly yuan from now on);
    ``birth``; ``death`` (registered on this day; the person's ``died_on`` may lie before); ``move`` to another
    township; ``return`` home; ``suspend`` and ``resume`` (with whether withheld months are paid).
    """

    on: date
    kind: str
    person: str = ""
    yearly: int = 0
    months: int = 0
    pays_withheld: bool = False


@dataclass
class Family:
    """One family with its members and its happenings in order."""

    number: int
    people: list[Someone]
    yearly: int
    happenings: list[Happening] = field(default_factory=list)


def draw(seed: int, *, families: int = FAMILIES) -> list[Family]:
    """The same families and events for the same seed."""
    dice = random.Random(seed)
    return [_family(number, dice) for number in range(families)]


def _family(number: int, dice: random.Random) -> Family:
    people = list(_people(number, dice))
    family = Family(number, people, yearly=dice.choice((0, 1200, 2400, 4999, 6000, 7777, 9600)) * len(people) // 2)
    confirmed = _a_day(dice, date(2025, 12, 1), date(2026, 9, 30))
    family.happenings.append(Happening(confirmed, "confirm"))
    day = confirmed + timedelta(dice.randint(30, 200))
    while day < date(2028, 12, 1):
        _befall(family, day, dice)
        day += timedelta(dice.randint(40, 320))
    for year in (1, 2):
        family.happenings.append(
            Happening(
                confirmed.replace(day=min(confirmed.day, 28)) + timedelta(363 * year),
                "review",
                months=dice.randint(1, 6),
            )
        )
    family.happenings.sort(key=lambda happening: happening.on)
    return family


def _people(number: int, dice: random.Random) -> Iterator[Someone]:
    surname = dice.choice(_SURNAMES)

    def someone(place: int, relation: str, born: date, **more: bool) -> Someone:
        given = "".join(dice.sample(_GIVEN, 2))
        return Someone(f"{number}-{place}", surname + given, relation, born, **more)

    yield someone(0, "head", _a_day(dice, date(1972, 1, 1), date(1992, 12, 31)))
    place = 1
    if dice.random() < 0.6:
        yield someone(place, "spouse", _a_day(dice, date(1972, 1, 1), date(1992, 12, 31)), severe=dice.random() < 0.25)
        place += 1
    for _ in range(dice.choice((0, 1, 1, 2))):
        yield someone(place, "child", _a_day(dice, date(2009, 1, 1), date(2025, 6, 30)))
        place += 1
    if dice.random() < 0.4:
        yield someone(place, "parent", _a_day(dice, date(1940, 1, 1), date(1968, 12, 31)))


def _befall(family: Family, day: date, dice: random.Random) -> None:
    """One stroke of fate and, some time later, the township's decision on it."""
    alive = [person for person in family.people if person.died_on is None and person.joined_on <= day]
    fate = dice.choices(("income", "birth", "death", "move", "suspend"), weights=(45, 12, 18, 8, 7))[0]
    looked_into = day + timedelta(dice.randint(5, 85))
    if fate == "income":
        yearly = dice.choice((0, 1800, 5000, 7200, 9000, 11000, 15000, 24000)) * max(len(alive), 1)
        family.happenings.append(Happening(day, "income", yearly=yearly))
    elif fate == "birth" and any(person.relation == "spouse" for person in alive):
        baby = Someone(f"{family.number}-{len(family.people)}", alive[0].name[0] + "小宝", "child", day, joined_on=day)
        family.people.append(baby)
        family.happenings.append(Happening(day, "birth", person=baby.key))
    elif fate == "death" and len(alive) > 1:
        who = dice.choice([person for person in alive if person.relation != "head"] or alive[1:])
        who.died_on = day
        registered = day + timedelta(dice.choice((0, 1, 3, 10, 70)))
        family.happenings.append(Happening(registered, "death", person=who.key))
        looked_into = max(looked_into, registered + timedelta(2))
    elif fate == "move":
        family.happenings.append(Happening(day, "move"))
        return
    elif fate == "suspend":
        family.happenings.append(Happening(day, "suspend"))
        until = day + timedelta(dice.randint(20, 150))
        family.happenings.append(Happening(until, "resume", pays_withheld=dice.random() < 0.5))
        return
    else:
        return
    family.happenings.append(Happening(looked_into, "review", months=dice.randint(1, 6)))


def _a_day(dice: random.Random, first: date, last: date) -> date:
    """Any day, and now and then one that is easily counted wrongly: the last of a month, or 29 February."""
    day = first + timedelta(dice.randrange((last - first).days + 1))
    if dice.random() < 0.15:
        following = (day.replace(day=28) + timedelta(4)).replace(day=1)
        day = min(following - timedelta(1), last)
    return day
