"""Five hundred invented families of one township and what befalls them in three years; plain data, drawn by a seed.

Nothing here knows the product: it is read by the driver, which tells the system, and by the ledger, which keeps its own
books.
"""

import os
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

TOWNSHIP = 500
"""Families of a whole township, which ``make simulate`` lives through."""
FAMILIES = int(os.environ.get("JIXI_SIMULATED_FAMILIES", "60"))
"""The suite lives through fewer of them, of which every month is compared as well."""
FIRST, LAST = date(2026, 1, 1), date(2028, 12, 1)
"""First and last month paid."""
KINDS = ("confirm", "review", "income", "birth", "death", "split", "move", "village", "suspend", "resume")
_SURNAMES = "胡程汪方章周曹邵石葛舒许叶洪高冯朱吴王张"
_GIVEN = "德旺秋菊玉兰志强文娟小宝桂英成林春生庆丰永福美华立新海燕国平"
_NEAREST = ("head", "spouse", "parent", "child")


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
    """What happens to a family on a day: ``kind`` (of :data:`KINDS`) with what belongs to it.

    ``confirm`` the first decision; ``review`` a decision on a fresh look, with the ``months`` of a phase-out if it
    comes to one; ``income`` (the head's ``yearly`` yuan from now on); ``birth``; ``death`` (registered on this day; the
    person's ``died_on`` may lie before); ``split`` (``leaving`` found the family numbered ``founds``); ``move`` to the
    other township, ``village`` within the township; ``suspend`` and ``resume`` (with whether withheld months are paid).
    """

    on: date
    kind: str
    person: str = ""
    leaving: tuple[str, ...] = ()
    founds: int = -1
    yearly: int = 0
    months: int = 0
    pays_withheld: bool = False


@dataclass
class Family:
    """One family with its members and its happenings in order; ``origin`` is the number of the one it came out of."""

    number: int
    people: list[Someone]
    yearly: int
    happenings: list[Happening] = field(default_factory=list)
    origin: int | None = None
    left: set[str] = field(default_factory=set)
    settled_on: date = date.min

    def alive(self) -> list[Someone]:
        """Who still lives in it, as far as it is drawn."""
        return [person for person in self.people if person.died_on is None and person.key not in self.left]


def heir(people: Iterable[Someone]) -> Someone:
    """Who becomes the head (户主) after the last one: the spouse, a parent, else the eldest child."""
    return min(people, key=lambda person: (_NEAREST.index(person.relation), person.birth_date, person.key))


def draw(seed: int, *, families: int = FAMILIES) -> list[Family]:
    """The same families and events for the same seed; families that come out of others follow at the end."""
    dice = random.Random(seed)
    found = [_family(number, dice) for number in range(families)]
    for family in found:  # grows on the way
        _live(family, dice, found)
    return found


def in_order(families: Iterable[Family]) -> list[tuple[Family, Happening]]:
    """Everything that happens, day by day."""
    found = [(family, happening) for family in families for happening in family.happenings]
    return sorted(found, key=lambda pair: (pair[1].on, pair[0].number))


def _family(number: int, dice: random.Random) -> Family:
    people = list(_people(number, dice))
    family = Family(number, people, yearly=dice.choice((0, 1200, 2400, 4999, 6000, 7777, 9600)) * len(people) // 2)
    family.happenings.append(Happening(_a_day(dice, date(2025, 12, 1), date(2026, 9, 30)), "confirm"))
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


def _live(family: Family, dice: random.Random, township: list[Family]) -> None:
    confirmed = family.happenings[0].on
    day = confirmed + timedelta(dice.randint(30, 200))
    while day < LAST and family.alive():
        _befall(family, day, dice, township)
        day += timedelta(dice.randint(40, 320))
    for year in (1, 2):
        day = confirmed.replace(day=min(confirmed.day, 28)) + timedelta(363 * year)
        family.happenings.append(Happening(day, "review", months=dice.randint(1, 6)))
    family.happenings.sort(key=lambda happening: happening.on)


_FATES = ("income", "birth", "death", "split", "move", "village", "suspend")
_WEIGHTS = (44, 13, 17, 9, 6, 4, 7)


def _befall(family: Family, day: date, dice: random.Random, township: list[Family]) -> None:
    """One stroke of fate and, where it is one to be looked into, some time later the township's decision on it."""
    fate = dice.choices(_FATES, weights=_WEIGHTS)[0]
    looked_into = day + timedelta(dice.randint(5, 85))
    if fate == "income":
        _other_income(family, day, looked_into, dice)
    elif fate == "birth":
        if not _bear(family, day):
            return
    elif fate == "death":
        looked_into = max(looked_into, _die(family, dice.choice(family.alive()), day, dice) + timedelta(2))
    elif fate == "split":
        if not _split(family, day, looked_into, dice, township):
            return
    elif fate == "suspend":
        family.happenings.append(Happening(day, "suspend"))
        until = day + timedelta(dice.randint(20, 150))
        family.happenings.append(Happening(until, "resume", pays_withheld=dice.random() < 0.5))
        return
    else:
        family.happenings.append(Happening(day, fate))
        return
    family.happenings.append(Happening(looked_into, "review", months=dice.randint(1, 6)))


def _other_income(family: Family, day: date, looked_into: date, dice: random.Random) -> None:
    each = dice.choice((0, 1800, 5000, 7200, 9000, 11000, 15000, 24000))
    family.happenings.append(Happening(day, "income", yearly=each * len(family.alive())))
    if each in (11000, 15000) and dice.random() < 0.35:
        # Known to go wrong: the head dies while the family is being phased out.
        first = family.people[0] if family.people[0] in family.alive() else dice.choice(family.alive())
        _die(family, first, looked_into + timedelta(dice.randint(3, 60)), dice)


def _bear(family: Family, day: date) -> bool:
    parents = family.alive()[:2]
    if [person.relation for person in parents] != ["head", "spouse"]:
        return False
    key, name = f"{family.number}-{len(family.people)}", parents[0].name[0] + "小宝"
    family.people.append(Someone(key, name, "child", day, joined_on=day))
    family.happenings.append(Happening(day, "birth", person=key))
    return True


def _die(family: Family, person: Someone, day: date, dice: random.Random) -> date:
    """The day on which the death is registered: at once, or so late that months were paid."""
    person.died_on = day
    registered = day + timedelta(dice.choice((0, 1, 3, 10, 70)))
    family.happenings.append(Happening(registered, "death", person=person.key))
    family.settled_on = max(family.settled_on, registered)
    return registered


def _split(family: Family, day: date, looked_into: date, dice: random.Random, township: list[Family]) -> bool:
    """The spouse divorces and founds a family of their own (分户), with the minor children or without them."""
    people = family.alive()
    if day <= family.settled_on or [person.relation for person in people[:2]] != ["head", "spouse"] or people[1].severe:
        return False
    minors = [person for person in people[2:] if person.relation == "child" and person.birth_date.year > day.year - 17]
    leaving = [people[1], *(minors if dice.random() < 0.5 else [])]
    founds, keys = len(township), tuple(person.key for person in leaving)
    family.left.update(keys)
    family.happenings.append(Happening(day, "split", leaving=keys, founds=founds))
    # Mostly after the decision that leaves them out of the old award; before it they are covered already.
    applied = max(day, looked_into - timedelta(4)) + timedelta(dice.choice((1, 4, 20, 60)))
    township.append(Family(founds, leaving, yearly=0, happenings=[Happening(applied, "confirm")], origin=family.number))
    return True


def _a_day(dice: random.Random, first: date, last: date) -> date:
    """Any day, and now and then one that is easily counted wrongly: the last of a month, or 29 February."""
    day = first + timedelta(dice.randrange((last - first).days + 1))
    if dice.random() < 0.15:
        following = (day.replace(day=28) + timedelta(4)).replace(day=1)
        day = min(following - timedelta(1), last)
    return day
