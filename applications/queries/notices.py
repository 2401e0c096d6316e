"""What the clerk is told early of a family: who bears a staff member's name or number, who is covered elsewhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import CharField, F, Func, Q, Value

from applications.models import RelativeDeclaration
from foundation.crypto import blind_index, normal_form
from households.models import Member, Supporter
from organizations.models import Staff
from organizations.queries import standing_of, with_posts


@dataclass(frozen=True)
class Namesake:
    """Somebody of a family, or a legal supporter, who bears the name or the ID number of somebody who works on cases.

    :param whose: the member, where it is their legal supporter outside the family; empty for the member themself.
    """

    name: str
    whose: str
    staff: str
    place: str
    same_number: bool

    def __str__(self) -> str:
        who = f"{self.whose}的法定义务人{self.name}" if self.whose else f"成员{self.name}"
        what = "同证号" if self.same_number else "同名"
        return f"{who}与经办人员{self.staff}（{self.place}）{what}，请核对是否近亲属"


def namesakes(
    *,
    members: Iterable[Member],
    supporters: Iterable[Supporter],
    registered: Iterable[RelativeDeclaration],
    on: date,
) -> list[Namesake]:
    """Near relatives to be asked about (近亲属比对; F57 §11): compared by name and ID number with every account in use.

    Asked anew for every page, so that who joins the family or the staff later is found as well; who is registered as a
    near relative already is left out.
    """
    people = [(row.person.name, "", row.person.id_number_index) for row in members]
    people += [(row.name, row.member.person.name, _index(row)) for row in supporters]
    known = {_plain(row.relative_name) for row in registered}
    staff = _staff_like(people, on=on)
    return [
        Namesake(name, whose, other.name, _place(other), same_number)
        for name, whose, index in people
        for other in staff
        if (same_number := bool(index) and index == other.id_number_index) or _plain(other.name) == _plain(name)
        if _plain(other.name) not in known
    ]


def _staff_like(people: list[tuple[str, str, str]], *, on: date) -> list[Staff]:
    names = {_plain(name) for name, _, _ in people}
    numbers = {index for _, _, index in people} - {""}
    in_use = Staff.objects.filter(Q(active_to=None) | Q(active_to__gte=on), posts__isnull=False).annotate(
        plain_name=Func(
            F("name"), Value(r"\s"), Value(""), Value("g"), function="REGEXP_REPLACE", output_field=CharField()
        )
    )
    found = in_use.filter(Q(plain_name__in=names) | Q(id_number_index__in=numbers))
    return list(with_posts(found.select_related("area"), on=on).distinct().order_by("pk"))


def _place(staff: Staff) -> str:
    """Unit and posts, for namesakes on the staff are told apart by them; of who holds none today the unit."""
    return standing_of(staff) or str(staff.area)


def _index(supporter: Supporter) -> str:
    return blind_index(normal_form(supporter.id_number.reveal()), purpose="id_number")


def _plain(name: str) -> str:
    return normal_form(name)
