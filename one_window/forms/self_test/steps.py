"""The self-test as one form: its steps, what was typed at each, what is still wrong, and the whole of what was told."""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import cached_property

from django.forms import BooleanField
from django.forms.boundfield import BoundField
from django.http import QueryDict

from eligibility.rules.ages import ADULT
from one_window.forms.self_test.questions import (
    IncomeForm,
    MeansForm,
    PersonForm,
    PlaceForm,
    Question,
    RelativeForm,
    RelativesForm,
    without_unit,
)
from one_window.forms.self_test.telling import person_told, relative_told, told_of
from one_window.rules.self_test.answers import (
    MOST_PEOPLE,
    MOST_RELATIVES,
    Kin,
    PersonTold,
    RelativeTold,
    Told,
    short_names,
)

_FIRST_RELATIVES = 2
"""Relatives for whom there is room before more is asked for."""
_PEOPLE, _RELATIVES = "place-people", "relatives-count"
_OURS = re.compile(r"(place|means|relatives|(?:person|income|relative)-\d{1,2})-\w{1,40}")
_OF_PERSON = re.compile(r"(person|income)-(\d{1,2})-(\w+)")
_OF_WHOM = re.compile(r"relative-\d{1,2}-of|relatives-unmanaged_\d{1,2}")


class Step(StrEnum):
    """The steps in their order; the last is asked only where it decides."""

    PLACE = "place"
    PEOPLE = "people"
    INCOMES = "incomes"
    MEANS = "means"
    RELATIVES = "relatives"

    @property
    def number(self) -> int:
        """第几步."""
        return tuple(Step).index(self) + 1

    @property
    def before(self) -> Sequence["Step"]:
        """The steps that come first."""
        return tuple(Step)[: self.number - 1]

    @property
    def after(self) -> "Step | None":
        """The step that comes next; none after the last."""
        return next(iter(tuple(Step)[self.number :]), None)

    @property
    def heading(self) -> str:
        return _HEADINGS[self]


_HEADINGS = {
    Step.PLACE: "您家",
    Step.PEOPLE: "家里的人",
    Step.INCOMES: "这一年的收入",
    Step.MEANS: "花费、财产和难事",
    Step.RELATIVES: "不住在一起的亲人",
}
_PREFIXES = {
    Step.PLACE: ("place-",),
    Step.PEOPLE: ("person-",),
    Step.INCOMES: ("income-",),
    Step.MEANS: ("means-",),
    Step.RELATIVES: ("relatives-", "relative-"),
}


def kept_values(data: QueryDict, *, shown: Step | None = None) -> Iterator[tuple[str, str]]:
    """What was typed at the other steps, to travel with the page; whatever is not of the self-test is dropped."""
    at_hand = _PREFIXES[shown] if shown else ()
    for name, values in data.lists():
        if _OURS.fullmatch(name) and (name == _RELATIVES or not name.startswith(at_hand)):
            yield from ((name, str(value)) for value in values)


_ADULT_IS_HEAD = (
    "填的户主是不满18周岁的孩子。请把第1个人填成家里作主的大人，孩子往后填；"
    "户口簿上确实是孩子作户主的，请勾选这一项，照样能算。"
)
_ADULT_FORGOTTEN = (
    "填的人里没有18周岁以上的大人。有大人一起生活的（父母、爷爷奶奶、收养人等），请把大人填成第1个人，孩子往后填；"
    "确实没有大人的（例如孤儿），请勾选这一项，照样能算。"
)


def _faults_of(form: Question, who: str) -> list[tuple[str, str]]:
    """The faults of one form: the field to go to and the sentence; of somebody not begun with, one for all."""
    bounds = [bound for bound in form if bound.errors]
    if bounds and isinstance(form, PersonForm) and form.is_blank:
        leave_out = "" if "is_minor_head" in form.fields else f"没有这个人的，按“去掉{who}”。"
        return [(bounds[0].id_for_label, f"{who}：还没有填。{leave_out}")]
    return [
        (bound.id_for_label or bound.auto_id, f"{_introduction(bound, who)}：{message}")
        for bound in bounds
        for message in bound.errors
    ]


def _introduction(bound: BoundField, who: str) -> str:
    label = "" if isinstance(bound.field, BooleanField) else str(bound.label)
    return "，".join(filter(None, (who, label)))


class SelfTest:
    """What was typed so far, read as the questions of every step."""

    def __init__(self, data: QueryDict, *, areas: Sequence[tuple[str, str]], asked: Sequence[int] = ()) -> None:
        """
        :param asked: of whom the step of the relatives asks, by place.
        """
        self.data = data
        self.asked = tuple(asked)
        self._areas = areas

    # --- Rows ------------------------------------------------------------------------------------------------

    @property
    def count(self) -> int:
        """For how many people there are questions."""
        return self._number(_PEOPLE, least=1, most=MOST_PEOPLE)

    @property
    def relatives_count(self) -> int:
        """For how many relatives there is room."""
        return self._number(_RELATIVES, least=_FIRST_RELATIVES, most=MOST_RELATIVES)

    def _number(self, name: str, *, least: int, most: int) -> int:
        text = without_unit(str(self.data.get(name, "")))
        return min(max(int(text) if re.fullmatch(r"\d{1,4}", text) else least, least), most)

    def with_another_person(self) -> "SelfTest":
        return self._with(_PEOPLE, min(self.count + 1, MOST_PEOPLE))

    def with_another_relative(self) -> "SelfTest":
        return self._with(_RELATIVES, min(self.relatives_count + 1, MOST_RELATIVES))

    def _with(self, name: str, number: int) -> "SelfTest":
        data = self.data.copy()
        data[name] = str(number)
        return SelfTest(data, areas=self._areas, asked=self.asked)

    def without_person(self, index: int) -> "SelfTest":
        """Leave a person out: those after move up, and of whom the relatives are is asked anew."""
        data = QueryDict(mutable=True)
        for name, values in self.data.lists():
            match = _OF_PERSON.fullmatch(name)
            place = int(match[2]) if match else -1
            if place == index or _OF_WHOM.fullmatch(name):
                continue
            moved = f"{match[1]}-{place - 1}-{match[3]}" if match and place > index else name
            data.setlist(moved, values)
        data[_PEOPLE] = str(max(self.count - 1, 1))
        return SelfTest(data, areas=self._areas)

    def asking_about(self, people: Sequence[int]) -> "SelfTest":
        """The same with the step of the relatives."""
        return SelfTest(self.data, areas=self._areas, asked=people)

    # --- Forms -----------------------------------------------------------------------------------------------

    @cached_property
    def place(self) -> PlaceForm:
        return PlaceForm(self.data, prefix="place", areas=self._areas)

    @cached_property
    def people(self) -> list[PersonForm]:
        return [PersonForm(self.data, prefix=f"person-{place}", is_head=place == 0) for place in range(self.count)]

    @cached_property
    def incomes(self) -> list[IncomeForm]:
        return [IncomeForm(self.data, prefix=f"income-{place}") for place in range(self.count)]

    @cached_property
    def means(self) -> MeansForm:
        return MeansForm(self.data, prefix="means")

    @cached_property
    def relatives(self) -> RelativesForm:
        return RelativesForm(self.data, prefix="relatives", asked=self.asked_names)

    @cached_property
    def relative_rows(self) -> list[RelativeForm]:
        rows = range(self.relatives_count)
        return [RelativeForm(self.data, prefix=f"relative-{place}", asked=self.asked_names) for place in rows]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """How everybody is called; only where the people are right."""
        return short_names(tuple(person_told(form.cleaned_data) for form in self.people if form.is_valid()))

    @property
    def asked_names(self) -> list[tuple[int, str]]:
        """Of whom the step of the relatives asks, by place and name."""
        return [(index, self.names[index]) for index in self.asked]

    def forms_of(self, step: Step) -> list[tuple[str, Question]]:
        """The forms of a step, each with how a fault in it is introduced."""
        match step:
            case Step.PLACE:
                return [("", self.place)]
            case Step.PEOPLE:
                return [(f"第{place}个人", form) for place, form in enumerate(self.people, start=1)]
            case Step.INCOMES:
                return [(name, form) for name, form in zip(self.names, self.incomes, strict=True)]
            case Step.MEANS:
                return [("", self.means)]
            case Step.RELATIVES:
                rows = [(f"第{place}位亲人", form) for place, form in enumerate(self.relative_rows, start=1)]
                return [("", self.relatives), *rows]

    # --- Faults ----------------------------------------------------------------------------------------------

    def quieten(self, step: Step) -> None:
        """Show a step without faults."""
        for _, form in self.forms_of(step):
            form.quieten()

    def faults(self, step: Step) -> list[tuple[str, str]]:
        """What is wrong at a step: the field to go to, and the sentence."""
        if step is Step.PEOPLE:
            self._check_head()
            self._check_spouses()
        elif step is Step.RELATIVES:
            self._check_relatives()
        return [fault for who, form in self.forms_of(step) for fault in _faults_of(form, who)]

    def _check_head(self) -> None:
        """A child is the head of a family only where somebody says so: else an adult has been forgotten."""
        head, *others = self.people
        if not head.is_valid() or head.cleaned_data["age"] >= ADULT or head.cleaned_data["is_minor_head"]:
            return
        has_adult = any(form.is_valid() and form.cleaned_data["age"] >= ADULT for form in others)
        head.add_error("is_minor_head", _ADULT_IS_HEAD if has_adult else _ADULT_FORGOTTEN)

    def _check_spouses(self) -> None:
        spouses = [form for form in self.people if form.is_valid() and form.cleaned_data.get("kin") == Kin.SPOUSE]
        for form in spouses[1:]:
            form.add_error("kin", "户主的配偶只能有一位，请核对。")

    def _check_relatives(self) -> None:
        if not self._has_relatives:
            # What is left over in the rows does not count, and cannot be wrong.
            for row in self.relative_rows:
                row.quieten()
        elif all(row.is_blank for row in self.relative_rows) and self.relative_rows[0].is_valid():
            self.relative_rows[0].add_error("age", "选了“有”，请至少填一位亲人。")

    @property
    def _has_relatives(self) -> bool:
        return bool(self.data.get(self.relatives.add_prefix("known")) == "yes")

    # --- What was told ---------------------------------------------------------------------------------------

    def told(self) -> Told:
        """Everything, once no step has a fault; the relatives only where they were asked about."""
        for step in Step if self.asked else Step.RELATIVES.before:
            self.faults(step)
        return told_of(
            self.place.cleaned_data, self.means.cleaned_data, people=self._people(), relatives=self._relatives()
        )

    def _people(self) -> tuple[PersonTold, ...]:
        cannot = self.relatives.cleaned_data if self.asked else {}
        forms = zip(self.people, self.incomes, strict=True)
        return tuple(
            person_told(person.cleaned_data | income.cleaned_data, unmanaged=cannot.get(f"unmanaged_{index}", ()))
            for index, (person, income) in enumerate(forms)
        )

    def _relatives(self) -> tuple[RelativeTold, ...] | None:
        if not self.asked or self.relatives.cleaned_data["known"] == "unknown":
            return None
        rows = self.relative_rows if self._has_relatives else []
        return tuple(relative_told(row.cleaned_data) for row in rows if not row.is_blank)
