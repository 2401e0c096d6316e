"""Names of people: what may stand in one, and how they are looked for (zs finds 张三)."""

import re
import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

_DOTS = dict.fromkeys(map(ord, "•‧∙⋅・･．●"), "·")
"""Signs that people type for the dot between the parts of a name (间隔号)."""
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_HAN = "[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_BETWEEN = frozenset("·-'’.")


def person_name(text: str) -> str:
    """A name as typed, with one kind of dot and no padding: 张　三 is 张三, 阿卜杜热合曼•买买提明 has the dot ·.

    Letters of every script may stand in it, rare characters and 〇 too; between them ``·``, ``-``, ``'``, ``.`` and,
    in foreigners' names, spaces.

    :raises ValidationError: a digit or a sign; or no letter at all.
    """
    name = " ".join(text.translate(_DOTS).translate(_WIDE).split())
    # Names of two characters are padded on paper; spaces part the words of foreign names only.
    name = re.sub(f"(?<={_HAN}) | (?={_HAN})", "", name)
    for character in name:
        if character.isdigit():
            raise ValidationError(f"姓名里不能有数字“{character}”，请对照证件改正。")
        if not _may_stand(character):
            raise ValidationError(f"姓名里不能有“{character}”，请对照证件改正；名字中间的间隔号用“·”。")
    if name and not any(_is_letter(character) for character in name):
        raise ValidationError("请填姓名。")
    return name.strip("·-'’ ")


def _is_letter(character: str) -> bool:
    return unicodedata.category(character)[0] in "LM" or character == "〇"


def _may_stand(character: str) -> bool:
    return character == " " or character in _BETWEEN or _is_letter(character)


def _syllables(name: str) -> list[str]:
    # Imported here: its dictionaries take a third of a second, which commands that compute no names need not wait.
    from pypinyin import lazy_pinyin

    return lazy_pinyin(name)


def pinyin_key(name: str) -> str:
    """Sort key of a name: zhang san."""
    return " ".join(_syllables(name)).lower()


def pinyin_initials(name: str) -> str:
    """First letters of a name: zs."""
    return "".join(syllable[:1] for syllable in _syllables(name)).lower()


class PinyinField(models.CharField):
    """Pinyin of a sibling name field, filled at every save; PostgreSQL without ICU sorts by code point.

    :param of: name of the name field.
    :param initials: keep the first letters only.
    """

    def __init__(self, *args: Any, of: str = "", initials: bool = False, **kwargs: Any) -> None:
        self.of = of
        self.initials = initials
        kwargs.setdefault("blank", True)
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of, "initials": self.initials}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        name = getattr(model_instance, self.of)
        value = (pinyin_initials(name) if self.initials else pinyin_key(name))[: self.max_length]
        setattr(model_instance, self.attname, value)
        return value
