"""Names as people look for them: a pinyin key for order, initials for search (zs finds 张三)."""

from typing import Any

from django.db import models
from pypinyin import Style, lazy_pinyin


def pinyin_key(name: str) -> str:
    """Sort key of a name: zhang san."""
    return " ".join(lazy_pinyin(name)).lower()


def pinyin_initials(name: str) -> str:
    """First letters of a name: zs."""
    return "".join(syllable[:1] for syllable in lazy_pinyin(name, style=Style.NORMAL)).lower()


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
