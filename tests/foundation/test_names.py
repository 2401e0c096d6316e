import subprocess
import sys

import pytest
from django.core.exceptions import ValidationError

from foundation.names import person_name


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
