"""资格自测: what families of every kind are told. Sums worked by hand with the county's figures of the day:
农村低保标准755元、城市780元；特困基本生活786元，照料护理（分散）54、356、623元；临时救助基数780元；人均可支配收入30,000元。"""

from typing import Any

import pytest

from tests.one_window.telling import Sent, family, headline, lines, person, tell, verdicts, with_relatives

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("figures")]

POOR = family(
    person(52, "seeking", is_seriously_ill="on", wage="9000"),
    person(50, "farming", "spouse", disability_kind="physical", disability_level="2", business="1.2万"),
    person(15, "compulsory", "child"),
    means__medical="6000",
    means__houses="1",
    means__housing="unsafe",
    means__mishap="illness",
)
ALONE = family(person(70))
WELL_OFF = family(person(45, "employed", wage="6万"), person(44, "farming", "spouse", business="2万"))


def test_a_poor_family_is_told_the_sum() -> None:
    answer = tell(POOR)
    assert answer.status_code == 200
    # (9,000＋12,000－6,000)÷12÷3＝416.66；755×3－1,250＝1,015；增发 755×30%＝226.5→227两人、755×20%＝151一人，共605
    assert lines(answer, "dibao") == [
        "您家3口人一年收入21,000元，扣掉看病、残疾、上学的花费6,000元，平均每人每月416.66元。",
        "农村低保标准是每人每月755元，您家低于标准。",
        "标准755元×3人＝2,265元，减去全家每月的收入约1,250元，家里老人、孩子、重病或重残的人另加605元，每月大约能领1,620元。",
    ]
    assert headline(answer, "dibao") == "每月约1,620元"
    assert verdicts(answer) == {
        "dibao": "likely",
        "tekun": "unlikely",
        "marginal": "not_needed",
        "temporary_aid": "likely",
    }
    assert headline(answer, "temporary_aid") == "一次约1,560—3,120元"


def test_income_at_the_standard_is_marginal_and_below_it_is_dibao() -> None:
    at, below = family(person(45, wage="9060")), family(person(45, wage="9059.99"))
    assert verdicts(tell(at)) | {"tekun": ""} == {
        "dibao": "unlikely",
        "tekun": "",
        "marginal": "likely",
        "temporary_aid": "unlikely",
    }
    assert lines(tell(at), "marginal")[0] == "平均每人每月755元，不低于低保标准755元，但低于它的1.5倍（1,132.50元）。"
    assert verdicts(tell(below))["dibao"] == "likely"


def test_who_earns_enough_is_told_by_how_much_and_that_they_may_apply_all_the_same() -> None:
    answer = tell(WELL_OFF)
    assert set(verdicts(answer).values()) == {"unlikely"}
    assert lines(answer, "dibao") == [
        "您家2口人一年收入80,000元，平均每人每月3,333.33元。",
        "农村低保标准是每人每月755元，您家不低于标准。",
    ]
    assert lines(answer, "marginal") == ["平均每人每月3,333.33元，不低于1,132.50元。"]
    page = answer.content.decode()
    assert "您照样可以申请" in page
    assert "窗口不得拒绝受理" in page
    assert "户口簿和全家人的身份证" in page


def test_the_standard_follows_residence() -> None:
    told = family(person(45, wage="9200"))
    assert verdicts(tell(told))["dibao"] == "unlikely"
    assert verdicts(tell(told | {"place-residence": "urban"}))["dibao"] == "likely"


def test_a_pension_is_told_a_month_and_counts_twelve_times() -> None:
    assert lines(tell(family(person(58, pension_monthly="500"))), "dibao")[0].startswith("您家1口人一年收入6,000元")


@pytest.mark.parametrize(
    ("owned", "fault"),
    [
        ({"means__savings": "2.8万"}, "存款等28,000元，超过755元×36个月×1人＝27,180元（一般家庭）。"),
        ({"means__vehicles": "2", "means__vehicle_value": "1万"}, "车辆2辆，超过1辆。"),
        ({"means__vehicles": "1", "means__vehicle_value": "9万"}, "最贵的车辆价值90,000元，超过80,000元。"),
        ({"means__houses": "2"}, "房屋2套，超过1套。"),
        ({"means__businesses": "1"}, "经营实体1个，超过0个。"),
    ],
)
def test_property_above_the_limit_is_named(owned: Sent, fault: str) -> None:
    answer = tell(family(person(45), **owned))
    assert verdicts(answer)["dibao"] == "unlikely"
    assert lines(answer, "dibao") == ["家里的存款、车、房或生意超过了规定：", fault]


def test_savings_at_the_limit_are_in_order() -> None:
    assert verdicts(tell(family(person(45), means__savings="27180")))["dibao"] == "likely"


def test_an_old_person_alone_is_asked_about_relatives_before_the_answer() -> None:
    asked = tell(ALONE)
    assert asked.context["step"] == "relatives"
    assert "户主（70岁）可能符合特困供养" in asked.content.decode()
    assert not asked.context["faults"]


def test_with_nobody_to_support_them_they_are_tekun_by_what_they_manage() -> None:
    answer = tell(with_relatives(ALONE, "no"))
    # 786＋54＝840
    assert (verdicts(answer)["tekun"], headline(answer, "tekun")) == ("likely", "每月约840元")
    assert verdicts(answer)["dibao"] == "not_needed"
    helped = with_relatives(ALONE, "no", **{"relatives-unmanaged_0": ["bathing", "walking"]})
    assert headline(tell(helped), "tekun") == "每月约1,142元"  # 786＋356
    helpless = with_relatives(ALONE, "no", **{"relatives-unmanaged_0": ["bathing", "walking", "eating", "dressing"]})
    assert headline(tell(helpless), "tekun") == "每月约1,409元"  # 786＋623


@pytest.mark.parametrize(
    ("relative", "verdict"),
    [
        ({"age": "40"}, "unlikely"),
        ({"age": "40", "ability": "in_prison"}, "likely"),
        ({"age": "40", "ability": "in_prison", "owns_much": "yes"}, "unlikely"),
        ({"age": "40", "ability": "tekun"}, "likely"),
        ({"age": "59", "ability": "dibao"}, "unlikely"),
        ({"age": "60", "ability": "dibao"}, "likely"),
        ({"age": "40", "ability": "severe", "yearly_income": "29999.99"}, "likely"),
        ({"age": "40", "ability": "severe", "yearly_income": "3万"}, "unlikely"),
        ({"age": "70", "yearly_income": "1万"}, "likely"),
        ({"age": "69", "yearly_income": "1万"}, "unlikely"),
        ({"age": "17"}, "likely"),
    ],
)
def test_a_relative_outside_counts_if_able(relative: Sent, verdict: str) -> None:
    assert verdicts(tell(with_relatives(ALONE, "yes", relative)))["tekun"] == verdict


def test_who_does_not_know_is_told_what_to_find_out() -> None:
    answer = tell(with_relatives(ALONE, "unknown"))
    assert verdicts(answer)["tekun"] == "ask"
    assert "还要问清有没有该养活自己的亲人" in lines(answer, "tekun")[0]
    assert "如果认定为特困，低保就按其余的人另算" in lines(answer, "dibao")[-1]
    assert "还要问清：<strong>特困供养</strong>" in answer.content.decode()


def test_of_two_old_people_each_has_relatives_of_their_own() -> None:
    both = family(person(70), person(72, kin="other"))
    of_one = with_relatives(both, "yes", {"of": "0", "age": "40"})
    # Somebody else who lives there is no member of the family, so only one was asked about.
    assert verdicts(tell(of_one))["tekun"] == "unlikely"
    couple = family(person(70), person(72, kin="spouse"))
    answer = tell(with_relatives(couple, "yes", {"of": "0", "age": "40"}))
    assert verdicts(answer)["tekun"] == "likely"
    assert [line[:4] for line in lines(answer, "tekun")] == ["配偶（7"]


def test_a_grown_childs_wife_supports_the_disabled_husband() -> None:
    disabled = {"disability_kind": "intellectual", "disability_level": "2"}
    without = family(person(75), person(40, "at_home", "child", **disabled))
    assert [name for _, name in tell(without).context["test"].asked_names] == ["户主（75岁）", "子女（40岁）"]
    with_her = family(
        person(75), person(40, "at_home", "child", **disabled), person(38, "employed", "in_law", wage="8000")
    )
    assert [name for _, name in tell(with_her).context["test"].asked_names] == ["户主（75岁）"]


def test_a_disabled_person_in_a_family_above_the_standard_may_apply_alone() -> None:
    answer = tell(
        family(
            person(50, "employed", wage="3万"),
            person(25, "at_home", "child", disability_kind="psychiatric", disability_level="2"),
        )
    )
    assert (verdicts(answer)["dibao"], headline(answer, "dibao")) == ("likely", "每月约755元")
    assert "子女（25岁）可以按“单人户”申请" in lines(answer, "dibao")[1]


@pytest.mark.parametrize(
    ("mishap", "told", "verdict", "amount"),
    [
        ("none", WELL_OFF, "unlikely", ""),
        ("fire", WELL_OFF, "likely", "一次约1,560—3,120元"),
        ("other", WELL_OFF, "likely", "一次约1,560—3,120元"),
        ("spending", WELL_OFF, "ask", "一次约1,560—7,800元"),
        ("spending", family(person(45, wage="29999.99")), "likely", "一次约1,560—7,800元"),
        ("spending", family(person(45, wage="3万")), "ask", "一次约1,560—7,800元"),
        ("spending", family(person(45, wage="2万"), means__houses="3"), "ask", "一次约1,560—7,800元"),
        ("spending", family(person(45)), "likely", "一次约1,560—7,800元"),
    ],
)
def test_temporary_aid_by_what_has_happened(mishap: str, told: Sent, verdict: str, amount: str) -> None:
    answer = tell(told | {"means-mishap": mishap})
    assert (verdicts(answer)["temporary_aid"], headline(answer, "temporary_aid")) == (verdict, amount)


def titles(answer: Any) -> set[str]:
    return {item.title.partition("：")[0] for item in answer.context["further"]}


def test_what_else_to_ask_for() -> None:
    assert titles(tell(POOR)) == {"看病", "上学", "住房", "重度残疾人护理补贴", "困难残疾人生活补贴", "找活干"}
    assert titles(tell(WELL_OFF)) == set()
    orphan = with_relatives(family(person(10, "compulsory", is_minor_head="on")), "no")
    assert "孤儿、事实无人抚养儿童的基本生活费（和特困只能选一样）" in titles(tell(orphan))
    in_town = tell(POOR | {"place-residence": "urban"})
    assert "住房：公租房、租房补贴" in {item.title for item in in_town.context["further"]}


def test_who_spends_more_than_half_of_a_small_income_is_told_of_one_more_way() -> None:
    # 29,990－15,500＝14,490，每月1,207.50，不低于1,132.50：不是低保，也不是边缘
    worn = family(person(45, wage="29990"), means__medical="15500")
    rigid = "刚性支出困难家庭认定"
    assert rigid in titles(tell(worn))
    assert set(verdicts(tell(worn)).values()) == {"unlikely"}
    for other in ({"means-medical": "14995"}, {"means-savings": "30万"}, {"income-0-wage": "3万"}):
        assert rigid not in titles(tell(worn | other)), other
    assert rigid not in titles(tell(POOR))


def test_nobody_with_an_income_is_asked_whether_that_is_so() -> None:
    asked = "您没有填任何收入"
    assert asked in tell(family(person(45))).content.decode()
    assert asked not in tell(family(person(45, wage="0.01"))).content.decode()


def test_a_child_as_head_is_a_forgotten_adult_unless_somebody_says_not() -> None:
    for people, message in (
        ((person(1, "preschool"),), "填的人里没有18周岁以上的大人"),
        ((person(17, "senior_high"), person(9, "compulsory", "sibling")), "填的人里没有18周岁以上的大人"),
        ((person(9, "compulsory"), person(70, kin="grandparent")), "请把第1个人填成家里作主的大人"),
    ):
        sent = family(*people)
        answer = tell(sent)
        page = answer.content.decode()
        assert (answer.status_code, answer.context["step"]) == (422, "people")
        assert f"第1个人：{message}" in page or f"第1个人：填的户主是不满18周岁的孩子。{message}" in page
        assert 'name="person-0-is_minor_head"' in page
        assert tell(sent | {"person-0-is_minor_head": "on"}).status_code == 200
    assert (
        'type="checkbox" name="person-0-is_minor_head"'
        not in tell(family(person(18)) | {"step": "place"}).content.decode()
    )


def test_orphans_are_answered_and_told_who_signs() -> None:
    orphans = family(person(10, "compulsory", is_minor_head="on"), person(7, "compulsory", "sibling"))
    answer = tell(with_relatives(orphans, "no"))
    assert verdicts(answer)["tekun"] == "likely"
    assert "没有大人的孩子，由监护人代为申请、签字" in answer.content.decode()
    assert "没有大人的孩子" not in tell(with_relatives(ALONE, "no")).content.decode()


@pytest.mark.parametrize(
    ("people", "message"),
    [
        ((person(45), person(1, kin="spouse")), "1岁，选的是户主的配偶，请核对"),
        ((person(45), person(3, "undergraduate", "child")), "3岁，选的是“上大专、大学（全日制）”，请核对"),
        ((person(45), {}), "第2个人：还没有填。没有这个人的，按“去掉第2个人”。"),
    ],
)
def test_answers_that_cannot_be_are_asked_again(people: tuple[Sent, ...], message: str) -> None:
    answer = tell(family(*people))
    assert (answer.status_code, len(answer.context["faults"])) == (422, 1)
    assert message in answer.content.decode()


def papers(answer: Any) -> set[str]:
    return {paper.name for paper in answer.context["papers"]}


def test_papers_follow_what_was_told() -> None:
    assert papers(tell(WELL_OFF)) == {"户口簿和全家人的身份证", "户主或领款人的银行卡（存折）"}
    named = papers(tell(POOR))
    assert {"残疾人证", "医院的诊断证明、病历", "看病、康复的发票和医保结算单"} <= named
    assert "学费、住宿费票据" not in named
    assert "学生证或在读证明" not in named
    at_university = family(person(45), person(20, "undergraduate", "child"))
    assert "学生证或在读证明" in papers(tell(at_university))
    page = tell(POOR).content.decode()
    assert "申请表、核查授权书、承诺书（告知承诺书）" in page
    assert "（本地做法，以窗口告知为准）" in page


def test_of_two_who_would_be_called_alike_each_has_their_place() -> None:
    twins = family(person(40), person(9, "compulsory", "child"), person(9, "compulsory", "child"))
    assert tell(twins).context["test"].names == ("户主（40岁）", "子女（9岁，第2人）", "子女（9岁，第3人）")
