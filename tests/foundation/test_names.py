import subprocess
import sys

import pytest
from django.core.exceptions import ValidationError

from foundation.names import person_name, pinyin_initials, pinyin_key


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("胡德旺", "胡德旺"),
        (" 张　三 ", "张三"),
        ("阿卜杜热合曼·买买提明", "阿卜杜热合曼·买买提明"),
        ("阿卜杜热合曼•买买提明", "阿卜杜热合曼·买买提明"),
        ("迪丽努尔．艾合买提", "迪丽努尔·艾合买提"),
        ("李㛃", "李㛃"),
        ("王䶮", "王䶮"),
        ("周𬎆", "周𬎆"),
        ("刘〇", "刘〇"),
        ("Maria  de la Cruz", "Maria de la Cruz"),
        ("Jean-Pierre O'Neill", "Jean-Pierre O'Neill"),
        ("Ｎｇｕｙễｎ Thị Lan", "Nguyễn Thị Lan"),
        ("", ""),
    ],
)
def test_names_stand_as_on_the_papers_they_are_read_from(typed: str, name: str) -> None:
    assert person_name(typed) == name


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("<b>胡德旺", "不能有“<”"),
        ("胡德旺＞", "不能有“>”"),
        ("胡德旺1", "不能有数字“1”"),
        ("胡德旺１", "不能有数字“1”"),
        ("胡德旺（小名）", "不能有“\\("),
        ("胡德旺;", "不能有“;”"),
        ("=cmd", "不能有“=”"),
        ("胡\u200b德旺", "不能有"),
        ("··", "请填姓名"),
    ],
)
def test_what_is_no_name_says_what_to_mend(typed: str, sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        person_name(typed)


def test_starting_a_command_does_not_wait_for_the_dictionaries_of_pinyin() -> None:
    """0.3 seconds that only those who save a name must wait."""
    script = "import sys, django; django.setup(); import jixi_assist.urls; print('pypinyin' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("张三", "zs"),
        ("单建国", "sjg"),
        ("李单", "ld"),
        ("覃明", "qm tm"),
        ("乐", "y l"),
        ("Maria de la Cruz", "mdlc"),
        ("刘〇", "ll"),
        ("", ""),
    ],
)
def test_a_name_has_letters_for_every_way_it_is_read(name: str, letters: str) -> None:
    assert pinyin_initials(name) == letters


def test_a_character_that_no_dictionary_knows_stays_and_the_others_are_read() -> None:
    assert pinyin_key("周\U00030001\U00030002明") == "zhou \U00030001 \U00030002 ming"


def test_letters_of_a_long_name_stay_within_their_column_whole() -> None:
    letters = pinyin_initials("乐行乐行" * 7, longest=60)
    assert len(letters) <= 60
    assert {len(writing) for writing in letters.split()} == {28}
