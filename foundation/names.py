"""Names of people: what may stand in one, and how they are looked for (zs finds 张三)."""

import itertools
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


_SURNAMES = dict(
    pair.split(":")
    for pair in (
        "单:shan 仇:qiu 查:zha 曾:zeng 解:xie 逄:pang 阚:kan 卜:bu 翟:zhai/di 区:ou/qu 朴:piao/pu 覃:qin/tan"
        " 盖:ge/gai 种:chong/zhong 缪:miao/mou 乐:yue/le 员:yun/yuan 繁:po/fan 召:shao/zhao 佴:nai/er 隗:wei/kui"
        " 宓:mi/fu 洗:xian/xi 黑:he/hei 秘:bi/mi 折:she/zhe 能:nai/neng 薄:bo/bao 祭:zhai/ji 车:che/ju 费:fei/bi"
        " 谌:chen/shen 郇:xun/huan 牟:mu/mou 贲:ben/fei 郗:xi/chi 乜:nie/mie 都:du/dou 钭:tou/dou 行:xing/hang"
        " 藏:zang/cang 郄:qie/xi 莘:shen/xin 么:yao/me 那:na/nuo 宿:su/xiu 晟:cheng/sheng 重:chong/zhong"
    ).split()
)
"""How surnames are read where that is not how the character is read otherwise; both, where families differ."""
_EITHER = dict(
    pair.split(":")
    for pair in (
        "乐:le/yue 长:chang/zhang 朝:chao/zhao 晟:sheng/cheng 行:xing/hang 重:chong/zhong 茜:qian/xi 莘:xin/shen"
        " 娜:na/nuo 盛:sheng/cheng 藏:cang/zang 参:shen/can 传:chuan/zhuan 仔:zi/zai 屏:ping/bing 荨:xun/qian"
        " 栖:qi/xi 曾:zeng/ceng 校:xiao/jiao 颉:jie/xie 奇:qi/ji"
    ).split()
)
"""Characters of given names that families read one way or the other."""
_MOST_WRITINGS = 8


def _readings(name: str) -> list[list[str]]:
    """How each character of a name may be read, the usual way first; words of a foreign name stand for themselves."""
    # Imported here: its dictionaries take a third of a second, which commands that compute no names need not wait.
    from pypinyin import lazy_pinyin

    found: list[list[str]] = []
    for place, part in enumerate(_PARTS.findall(name)):
        if not re.match(_HAN, part):
            found += [[_plain_letters(word)] for word in _WORDS.findall(part)]
            continue
        syllables = lazy_pinyin(part, errors=list)  # type: ignore[arg-type] # what it does not know stays, one by one
        for number, (character, usual) in enumerate(zip(part, syllables, strict=True)):
            if place == number == 0 and character in _SURNAMES:
                found.append(_SURNAMES[character].split("/"))
            else:  # what the dictionary of phrases says comes first (长孙)
                found.append(list(dict.fromkeys([usual, *_EITHER.get(character, usual).split("/")])))
    return found


_PARTS = re.compile(f"(?:{_HAN}|〇)+|(?:(?!{_HAN}|〇).)+")
_WORDS = re.compile(r"[^\W\d_]+")


def _plain_letters(word: str) -> str:
    """Nguyễn is typed nguyen."""
    letters = unicodedata.normalize("NFD", word).translate({ord("đ"): "d", ord("Đ"): "D"})
    return "".join(letter for letter in letters if letter.isalpha()).lower()


def pinyin_key(name: str) -> str:
    """Sort key of a name: zhang san."""
    return " ".join(readings[0] for readings in _readings(name))


def pinyin_initials(name: str, *, longest: int = 60) -> str:
    """First letters of a name: zs; with every way that the name may be read, parted by blanks: yjm ljm."""
    letters = [dict.fromkeys(reading[:1] for reading in readings) for readings in _readings(name)]
    writings = itertools.islice(itertools.product(*letters), _MOST_WRITINGS)
    found = ""
    for writing in dict.fromkeys("".join(writing) for writing in writings):
        longer = f"{found} {writing}".strip()
        if len(longer) <= longest:
            found = longer
    return found


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
        longest = self.max_length or 0
        value = pinyin_initials(name, longest=longest) if self.initials else pinyin_key(name)[:longest]
        setattr(model_instance, self.attname, value)
        return value
