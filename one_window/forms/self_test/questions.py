"""What a family is asked, in plain words: one form a step, and one a person or relative within it."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict

from eligibility.rules import DisabilityKind, Residence
from eligibility.rules.ages import ADULT
from eligibility.rules.choices import Choice
from foundation.form_fields import AmountField
from one_window.rules.self_test.answers import (
    AT_SCHOOL,
    MOST_PEOPLE,
    Ability,
    Housing,
    Kin,
    Mishap,
    Occupation,
    SelfCareAct,
    chosen,
)

_OLDEST = 120
_MOST_THINGS = 99
_YOUNGEST_SPOUSE = 16
_OLDEST_AT_PRESCHOOL = 7
_YOUNGEST = dict.fromkeys((Occupation.EMPLOYED, Occupation.FARMING, Occupation.SEEKING), 10) | {
    Occupation.COMPULSORY: 5,
    Occupation.SENIOR_HIGH: 12,
    Occupation.VOCATIONAL: 12,
    Occupation.UNDERGRADUATE: 14,
    Occupation.POSTGRADUATE: 17,
}
"""Below these ages a slip of the finger is likelier than the truth."""
_UNITS = re.compile(r"(周岁|岁|口人|口|人|个|辆|套|处)$")
_LEVELS = [("1", "一级"), ("2", "二级"), ("3", "三级"), ("4", "四级")]
_FAULTS = {"required": "请选一项。", "invalid_choice": "请选列出来的一项。"}


def _choices(options: Iterable[Choice], empty: str = "") -> list[Any]:
    first = [("", empty)] if empty else []
    return first + [(option.value, option.label) for option in options]


def without_unit(text: str) -> str:
    """68岁, ６８ or 3口人 as digits; whatever else as it is."""
    return _UNITS.sub("", unicodedata.normalize("NFKC", text).strip()).strip()


class WholeNumberField(forms.IntegerField):
    """A count or an age from 68, ６８ or 68岁; what cannot be read stays as typed."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs["error_messages"] = {"invalid": "请填数字，例如 3。"} | kwargs.get("error_messages", {})
        super().__init__(**kwargs)
        self.widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}

    def to_python(self, value: Any) -> int | None:
        """
        :raises ValidationError: no whole number.
        """
        return super().to_python(without_unit(str(value or "")))


class Amount(AmountField):
    """An amount that may be left empty: there is none."""

    def __init__(self, label: str, help_text: str = "") -> None:
        super().__init__(label=label, help_text=help_text, required=False)


class Count(WholeNumberField):
    """A number of things that may be left empty: there are none."""

    def __init__(self, label: str, help_text: str = "") -> None:
        super().__init__(label=label, help_text=help_text, required=False, min_value=0, max_value=_MOST_THINGS)


def _radio(label: str, choices: list[Any], help_text: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices, widget=forms.RadioSelect, error_messages=_FAULTS, help_text=help_text
    )


def _select(label: str, choices: list[Any], *, required: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, error_messages=_FAULTS, required=required)


class Question(forms.Form):
    """A form that can be shown with what was typed before anybody asked whether it is right."""

    use_required_attribute = False

    def quieten(self) -> None:
        """Show the values without faults: the step has only just been reached."""
        self._errors = ErrorDict()
        self.cleaned_data: dict[str, Any] = {}


class PlaceForm(Question):
    """Where the family lives, how many they are."""

    area = _select("您家在哪个乡镇", [])
    residence = _radio(
        "户口是农村的还是城镇的",
        [(Residence.RURAL.value, "农村"), (Residence.URBAN.value, "城镇")],
        "家里有承包地、算村集体成员的，选“农村”。",
    )
    people = WholeNumberField(
        label="一起生活的有几口人",
        help_text="您自己也算。配偶、没成年的孩子、在外读书的孩子，不在家住也算；已经分家单过的、在坐牢的不算。",
        min_value=1,
        max_value=MOST_PEOPLE,
        error_messages={
            "required": "请填人数，您自己也算。",
            "min_value": "至少1人，您自己也算。",
            "max_value": f"这里最多算{MOST_PEOPLE}人；人更多的家庭，请直接到乡镇窗口。",
        },
    )

    def __init__(self, *args: Any, areas: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["area"]
        field.choices = [("", "请选择"), *areas]


class PersonForm(Question):
    """One person; the first is the head of the family."""

    kin = _select("是户主的什么人", _choices((kin for kin in Kin if kin is not Kin.HEAD), "请选择"))
    age = WholeNumberField(
        label="几周岁",
        help_text="按身份证上的生日算，不算虚岁；不满1岁填0。",
        min_value=0,
        max_value=_OLDEST,
        error_messages={
            "required": "请填几周岁；不满1岁的填0。",
            "min_value": "请填0以上的数。",
            "max_value": f"请核对年龄，最多填{_OLDEST}。",
        },
    )
    occupation = _select(
        "现在做什么",
        [
            ("", "请选择"),
            ("没有上学", _choices(item for item in Occupation if item not in AT_SCHOOL)),
            ("在上学", _choices(AT_SCHOOL)),
        ],
    )
    is_seriously_ill = forms.BooleanField(
        label="得了大病", help_text="医院诊断的重大疾病，例如癌症、尿毒症、白血病。", required=False
    )
    disability_kind = _select("残疾证上的类别", _choices(DisabilityKind, "没有残疾证"), required=False)
    disability_level = _select("残疾证上的等级", [("", "没有残疾证"), *_LEVELS], required=False)

    is_minor_head = forms.BooleanField(label="孩子确实是户主（例如孤儿）", required=False)

    def __init__(self, *args: Any, is_head: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["kin" if is_head else "is_minor_head"]

    @property
    def may_be_minor_head(self) -> bool:
        """Whether the age typed for the head of the family is a child's."""
        text = without_unit(str(self.data.get(self.add_prefix("age"), "")))
        return "is_minor_head" in self.fields and text.isdecimal() and int(text) < ADULT

    @property
    def is_blank(self) -> bool:
        """Nothing has been told of this person."""
        return not any(str(self.data.get(self.add_prefix(name), "")).strip() for name in self.fields)

    def clean(self) -> dict[str, Any]:
        """Kind and level of a disability stand on one certificate: both or neither. Age and occupation must agree."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self._check_age(cleaned.get("age"), cleaned.get("occupation"), kin=cleaned.get("kin"))
        kind, level = cleaned.get("disability_kind"), cleaned.get("disability_level")
        if kind and level == "":
            self.add_error("disability_level", "请选残疾证上的等级。")
        elif level and kind == "":
            self.add_error("disability_kind", "请选残疾证上的类别。")
        return cleaned

    def _check_age(self, age: int | None, occupation: str | None, *, kin: str | None) -> None:
        if age is None or not occupation:
            return
        now = chosen(Occupation, occupation)
        oldest = _OLDEST_AT_PRESCHOOL if now is Occupation.PRESCHOOL else _OLDEST
        if not _YOUNGEST.get(now, 0) <= age <= oldest:
            self.add_error("occupation", f"{age}岁，选的是“{now.label}”，请核对年龄和这一项。")
        if kin == Kin.SPOUSE and age < _YOUNGEST_SPOUSE:
            self.add_error("kin", f"{age}岁，选的是户主的配偶，请核对年龄和这一项。")


class IncomeForm(Question):
    """One person's money of the last twelve months."""

    wage = Amount("打工、上班挣的钱（一年）")
    business = Amount("种地、养殖、做生意赚的钱（一年）", "减掉本钱以后的。")
    pension_monthly = Amount("退休金、职工养老金（每月）", "老人每月领的城乡居民基础养老金不用填。")
    support = Amount("不住一起的亲人给的钱（一年）", "例如子女给的赡养费。")
    other = Amount("租金、土地流转、利息等（一年）")


class MeansForm(Question):
    """What was spent, what is owned, what has happened."""

    medical = Amount("看病吃药自己花的钱", "医保报销以后的。")
    disability = Amount("残疾人康复、护理花的钱")
    education = Amount("上学花的钱", "学费、住宿费等。")
    employment = Amount("出门打工必须花的钱", "例如路费、在外的房租。")
    savings = Amount("全家的存款、理财、股票等加起来")
    vehicles = Count("有几辆汽车、货车", "摩托车、电动车、农用车不算。")
    vehicle_value = Amount("最贵的一辆现在值多少钱")
    houses = Count("有几套（处）房子", "自己住的也算；租的、借的不算。")
    businesses = Count("开了几家公司、厂子、店", "办了营业执照的。")
    housing = _radio("现在住的房子", _choices(Housing))
    mishap = _radio("最近家里有没有突然遇到难事", _choices(Mishap))

    def clean(self) -> dict[str, Any]:
        """Who has a vehicle says about what it is worth, and who says what it is worth has one."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("vehicle_value") and "vehicles" in cleaned and not cleaned["vehicles"]:
            self.add_error("vehicles", "填了车值多少钱，请填有几辆；没有车的，把下面的钱数清空。")
        if cleaned.get("vehicles") and "vehicle_value" in cleaned and cleaned["vehicle_value"] is None:
            self.add_error("vehicle_value", "有车的，请填最贵的一辆现在大约值多少钱。")
        return cleaned


class RelativesForm(Question):
    """Whether anybody outside ought to support those who cannot work; asked only where it decides."""

    known = _radio("有没有这样的亲人", [("no", "没有"), ("yes", "有"), ("unknown", "不清楚")])

    def __init__(self, *args: Any, asked: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for index, name in asked:
            self.fields[f"unmanaged_{index}"] = forms.MultipleChoiceField(
                label=f"{name}有哪些事自己做不了",
                choices=_choices(SelfCareAct),
                widget=forms.CheckboxSelectMultiple,
                required=False,
                help_text="自己做不了的打勾；都能做的不用选。",
            )


class RelativeForm(Question):
    """One such relative; an empty one is none."""

    of = _select("该养谁", [], required=False)
    age = WholeNumberField(label="几周岁", required=False, min_value=0, max_value=_OLDEST)
    ability = _select("有没有这些情况", _choices(Ability), required=False)
    yearly_income = Amount("一年挣多少钱", "不清楚的填个大概。")
    owns_much = _select("有没有很多存款、好车或几套房", [("no", "没有"), ("yes", "有")], required=False)

    def __init__(self, *args: Any, asked: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["of"]
        field.choices = [("", "上面每一位"), *[(str(index), name) for index, name in asked]]

    @property
    def is_blank(self) -> bool:
        """Nothing but what stood there when it was empty."""
        first = {"ability": Ability.ABLE.value, "owns_much": "no"}
        typed = {name: str(self.data.get(self.add_prefix(name), "")).strip() for name in self.fields}
        return all(value in ("", first.get(name, "")) for name, value in typed.items())

    def clean_age(self) -> int | None:
        """
        :raises ValidationError: something is told of the relative, but no age.
        """
        age: int | None = self.cleaned_data["age"]
        if age is None and not self.is_blank:
            raise ValidationError("请填这位亲人几周岁。")
        return age
