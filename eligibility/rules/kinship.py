"""Who owes whom support by law among the members (家庭内的法定赡养、抚养、扶养义务人); F43 §4 (3)."""

from collections.abc import Sequence

from eligibility.rules.ages import ADULT
from eligibility.rules.choices import Relation
from eligibility.rules.people import Person

# Whose spouse somebody is by relation; two parents, two grandparents only where there are exactly two.
_PARTNERS = {
    Relation.HEAD: Relation.SPOUSE,
    Relation.SPOUSE: Relation.HEAD,
    Relation.PARENT: Relation.PARENT,
    Relation.GRANDPARENT: Relation.GRANDPARENT,
}
_A_COUPLE = 2


class Kinship:
    """Kin of one household: as members name them, else as their relations to the head imply."""

    def __init__(self, persons: Sequence[Person]) -> None:
        self._persons = persons
        self._by_id = {person.id: person for person in persons}
        self._parents: dict[str, list[Person]] = {}
        self._by_relation: dict[Relation, list[Person]] = {}
        for person in persons:
            self._by_relation.setdefault(person.relation, []).append(person)

    def supporters_of(self, person: Person) -> list[Person]:
        """Spouse, parents, adult children, for a minor the grandparents too; in the members' order, each once."""
        parents = self.parents_of(person)
        kin = [*self.spouses_of(person), *parents, *self.adult_children_of(person)]
        if person.age < ADULT:
            for parent in parents:
                kin += self.parents_of(parent)
        owing = {each.id for each in kin} - {person.id}
        return [each for each in self._persons if each.id in owing] if owing else []

    def spouses_of(self, person: Person) -> list[Person]:
        """Those who name the person or whom the person names; unnamed on both sides, by relation."""
        return [other for other in self._persons if other is not person and self._are_spouses(person, other)]

    def _are_spouses(self, one: Person, other: Person) -> bool:
        named, named_back = one.member.spouse_id, other.member.spouse_id
        if named is None and named_back is None:
            return self._are_spouses_by_relation(one, other)
        return named == other.id or named_back == one.id

    def _are_spouses_by_relation(self, one: Person, other: Person) -> bool:
        partner = _PARTNERS.get(one.relation)
        if other.relation is not partner:
            return False
        return partner is not one.relation or len(self._of(partner)) == _A_COUPLE

    def parents_of(self, person: Person) -> list[Person]:
        """Those whom the person names; where none are stated, by relation."""
        parents = self._parents.get(person.id)
        if parents is None:
            parents = self._parents[person.id] = self._find_parents(person)
        return parents

    def _find_parents(self, person: Person) -> list[Person]:
        if person.member.parent_ids is not None:
            return [self._by_id[parent_id] for parent_id in person.member.parent_ids]
        return self._parents_by_relation(person.relation)

    def _parents_by_relation(self, relation: Relation) -> list[Person]:
        match relation:
            case Relation.CHILD:
                return self._of(Relation.HEAD) + self._of(Relation.SPOUSE)
            case Relation.HEAD | Relation.SIBLING:
                return self._of(Relation.PARENT)
            case Relation.GRANDCHILD:
                return [child for child in self._of(Relation.CHILD) if child.age >= ADULT]
            case Relation.PARENT:
                return self._of(Relation.GRANDPARENT)
            case _:
                return []

    def adult_children_of(self, person: Person) -> list[Person]:
        return [other for other in self._persons if other.age >= ADULT and person in self.parents_of(other)]

    def _of(self, relation: Relation) -> list[Person]:
        return self._by_relation.get(relation, [])
