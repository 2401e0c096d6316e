"""Every act through its form, by the people whose act it is."""

from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from applications import services
from applications.forms.acts import ACTS
from applications.forms.steps import STEP_ACTS
from applications.models import Case, Decision, HomeVisit, SupplementItem
from applications.models.investigation import Participant
from applications.rules.process import CaseState
from documents.models import Delivery
from organizations.permissions import Role
from tests.support.cases import Desk, errors_of, photo
from tests.support.factories import make_staff
from tests.support.stories import Story, case_in, new_story
from verification import services as verification

pytestmark = pytest.mark.usefixtures("county")
S = CaseState


def clerk(story: Story) -> Desk:
    return Desk(story.people.officer, on=story.today)


def done(story: Story, response: object, state: CaseState) -> None:
    """The act led back to the case, which now stands in the state."""
    assert response.status_code == 302, errors_of(response)  # type: ignore[attr-defined]
    assert story.refresh().state == state


def test_every_state_says_what_leaves_it() -> None:
    assert STEP_ACTS.keys() == set(CaseState)
    assert all(name in ACTS for names in STEP_ACTS.values() for name in names)


def test_a_case_goes_from_draft_to_announced_approval_through_the_pages() -> None:
    story = new_story()
    people = story.people
    story.sign_papers()
    assert clerk(story).act(story, "add-paper", kind="commitment_letter", scan=photo()).status_code == 302
    done(story, clerk(story).act(story, "submit"), S.SUBMITTED)
    done(story, clerk(story).act(story, "accept"), S.ACCEPTED)
    story.later()
    done(story, clerk(story).act(story, "start-investigation"), S.INVESTIGATING)
    assert clerk(story).act(story, "ask-means-check").status_code == 302
    check = story.case.means_checks.get().means_check
    verification.answer_means_check(check, result="clean", findings=[], by=people.operator, on=story.later().today)
    visited = clerk(story).act(
        story,
        "record-visit",
        visitors=[people.officer.pk, people.assistant.pk],
        living_conditions="砖瓦房两间。",
        facts_found="右下肢残疾。",
        agrees_with_declaration="yes",
        photos=[photo(), photo("二.png")],
    )
    assert visited.status_code == 302, errors_of(visited)
    assert HomeVisit.objects.get(case=story.case).attachments.count() == 2
    drafted = clerk(story).act(story, "draft-proposal", opinion="情况属实，拟同意。")
    assert drafted.status_code == 302, errors_of(drafted)
    done(story, Desk(people.lead, on=story.today).act(story, "sign-proposal"), S.PROPOSED)
    done(story, clerk(story).act(story, "publicise", telephone="0563-8160000"), S.PUBLICISED)
    assert clerk(story).act(story, "add-publicity-photo", photos=[photo()]).status_code == 302
    story.wait_publicity()
    done(story, clerk(story).act(story, "close-publicity"), S.CONFIRMING)
    done(story, Desk(people.approver, on=story.today).act(story, "approve"), S.APPROVED)
    assert Decision.objects.get(case=story.case).opinion == "同意"
    assert clerk(story).act(story, "announce").status_code == 302
    assert story.refresh().announcement.place.endswith("公开栏")
    waiting = story.case.documents.count()
    delivered = clerk(story).act(
        story, "deliver", document=story.case.documents.first().pk, way="direct", received_by="胡德旺"
    )
    assert delivered.status_code == 302, errors_of(delivered)
    assert (waiting, Delivery.objects.count()) == (6, 1)


def test_missing_papers_are_listed_once_and_come_in_one_by_one() -> None:
    story = new_story()
    clerk(story).act(story, "submit")
    page = clerk(story).open_act(story, "ask-supplement")
    names = [form.initial["name"] for form in page.context["form"].rows]
    assert names == ["申请表", "核查授权书", "承诺书（告知承诺书）"]
    asked = clerk(story).act(story, "ask-supplement", **{"items-0-name": "残疾证复印件", "items-0-note": "原件核对"})
    done(story, asked, S.SUPPLEMENTING)
    item = SupplementItem.objects.get(name="残疾证复印件")
    received = clerk(story).act(story, "receive-supplement", item=item.pk, attachment=photo())
    assert received.status_code == 302
    item.refresh_from_db()
    assert item.received_on == story.today
    assert item.attachment is not None


def test_an_objection_is_answered_before_the_new_proposal() -> None:
    story = case_in(S.PUBLICISED).later()
    done(story, clerk(story).act(story, "raise-objection", content="他家有存款。", raised_by_name="邻居"), S.OBJECTED)
    page = Desk(story.people.officer, on=story.today).get("detail", story.case.pk)
    assert page.context["menu"].primary.act.name == "reinvestigate"
    done(story, clerk(story).act(story, "reinvestigate"), S.INVESTIGATING)
    raised = story.case.publicities.get().objections.get()
    answered = clerk(story).act(story, "resolve-objection", objection=raised.pk, resolution="无其他存款。")
    assert answered.status_code == 302, errors_of(answered)
    done(story, clerk(story).act(story, "call-appraisal", reason="邻里仍有争议"), S.APPRAISING)
    held = clerk(story).act(
        story,
        "record-appraisal",
        place="村委会",
        host="汪主任",
        votes_for=1,
        votes_against=0,
        **{"participants-0-name": "胡德财", "participants-0-opinion": "for"},
    )
    assert held.status_code == 302, errors_of(held)
    assert story.case.appraisals.get().attendance == (Participant("胡德财", "representative", "for"),)


def test_a_draft_handed_back_keeps_its_values_for_mending() -> None:
    story = case_in(S.INVESTIGATING).ask_check().later(2).answer_check().visit()
    clerk(story).act(story, "draft-proposal", opinion="第一稿")
    lead = Desk(story.people.lead, on=story.today)
    assert lead.act(story, "return-draft", note="写清妻子收入").status_code == 302
    form = clerk(story).open_act(story, "draft-proposal").context["form"]
    assert (form["opinion"].value(), form["monthly_amount"].value()) == ("第一稿", "2,143.00")


def test_another_amount_than_suggested_takes_a_reason_and_keeps_what_was_typed() -> None:
    story = case_in(S.INVESTIGATING).ask_check().later(2).answer_check().visit()
    refused = clerk(story).act(story, "draft-proposal", opinion="拟同意", monthly_amount="2000")
    assert refused.status_code == 422
    assert errors_of(refused) == {"difference_reason": ["与系统建议不同，请写明理由。"]}
    assert 'value="2000"' in refused.content.decode()
    assert not story.case.proposals.exists()
    explained = clerk(story).act(
        story, "draft-proposal", opinion="拟同意", monthly_amount="2000", difference_reason="有临时收入"
    )
    assert explained.status_code == 302
    assert str(story.case.proposals.get().monthly_amount) == "2000.00"


def test_a_refusal_is_told_contested_and_decided_for_the_tests_that_failed() -> None:
    story = case_in(S.PROPOSED, yearly_wage="90000.00")
    people = story.people
    assert clerk(story).act(story, "tell-not-eligible").status_code == 302
    early = clerk(story).get("detail", story.case.pk)
    assert early.context["menu"].primary.act.name == "send-to-confirm"
    done(story, clerk(story).act(story, "contest", evidence="工资单显示已停工"), S.INVESTIGATING)
    story.draft().sign()
    services.tell_not_eligible(story.case, by=people.officer, on=story.today)
    story.later(4)
    up = clerk(story).act(story, "send-to-confirm", late_reason="等待举证期满")
    done(story, up, S.CONFIRMING)
    form = Desk(people.approver, on=story.today).open_act(story, "refuse").context["form"]
    # 90,000 yuan against 755 × 12 × 3 = 27,180: over by 62,820.
    assert "超出62,820.00元" in form.failed[0]
    assert form.doors[-1] == "遭遇突发困难的，临时救助（乡镇社会救助窗口）"
    assert not form["reasons"].value()
    done(story, Desk(people.approver, on=story.today).act(story, "refuse"), S.REFUSED)


def test_the_county_returns_a_case_and_the_township_takes_it_up_again() -> None:
    story = case_in(S.CONFIRMING).later()
    approver = Desk(story.people.approver, on=story.today)
    done(story, approver.act(story, "send-back", missing="补查务工收入"), S.RETURNED)
    done(story, clerk(story).act(story, "resume"), S.INVESTIGATING)


def test_changed_facts_are_listed_with_names_and_lead_back_to_the_township() -> None:
    story = case_in(S.CONFIRMING).later()
    story.household.members.get(relation="spouse").incomes.update(yearly_amount="12000.00")
    approver = Desk(story.people.approver, on=story.today)
    page = approver.act(story, "approve")
    assert page.status_code == 409
    text = page.content.decode()
    assert "汪秋菊" in text
    rows = [(row.subject, row.label, row.before, row.after) for row in page.context["rows"]]
    assert rows[0] == ("汪秋菊", "收入", "工资性收入 6,000.00", "工资性收入 12,000.00")
    # 755 × 3 − 12,000 ÷ 12 = 1,265; top-ups 227 and 151: 1,643.
    assert rows[1] == ("", "月保障金", "2,143.00", "1,643.00")
    assert story.refresh().state == S.CONFIRMING
    done(story, approver.send(story, "send-back", approver.typed(page)), S.RETURNED)


def test_county_staff_visit_where_a_complaint_came_in() -> None:
    story = case_in(S.CONFIRMING).later()
    visitor = Desk(story.people.visitor, on=story.today)
    assert visitor.act(story, "receive-complaint", content="举报隐瞒收入").status_code == 302
    approver = Desk(story.people.approver, on=story.today)
    refused = approver.act(story, "approve")
    assert refused.status_code == 422
    visited = visitor.act(
        story,
        "record-county-visit",
        visitors=[story.people.visitor.pk, story.people.second_visitor.pk],
        living_conditions="砖瓦房两间。",
        facts_found="与申报一致。",
        agrees_with_declaration="yes",
        photos=[photo()],
    )
    assert visited.status_code == 302, errors_of(visited)
    done(story, approver.act(story, "approve"), S.APPROVED)


def test_differences_of_the_check_are_told_to_the_family() -> None:
    story = case_in(S.INVESTIGATING).ask_check().later()
    found = [{"source": "bank", "declared": Decimal("12000.00"), "found": Decimal("16400.00"), "agrees": False}]
    verification.answer_means_check(
        story.check, result="alert", findings=found, by=story.people.operator, on=story.today
    )
    assert clerk(story).get("detail", story.case.pk).context["menu"].primary.act.name == "tell-family"
    assert clerk(story).act(story, "tell-family", statement="是利息").status_code == 302


def test_relatives_are_registered_and_time_is_extended_by_the_county() -> None:
    story = case_in(S.ACCEPTED)
    declared = clerk(story).act(
        story,
        "declare-relative",
        member=story.household.members.get(relation="spouse").pk,
        relation="sibling",
        relative_name="汪某",
        relative_unit="临溪村村委会",
        relative_position="委员",
    )
    assert declared.status_code == 302, errors_of(declared)
    assert story.refresh().county_visit_required
    approver = Desk(story.people.approver, on=story.today)
    assert approver.act(story, "extend-deadline", cause="difficult", reason="外地务工").status_code == 302
    assert story.refresh().extension.cause == "difficult"


@pytest.mark.parametrize(
    ("name", "values", "state"),
    [
        ("withdraw", {"reason": "已找到工作", "paper": photo("撤回申请.png")}, S.WITHDRAWN),
        ("terminate", {"cause": "refuses", "reason": "两次拒绝调查"}, S.TERMINATED),
        ("take-back", {}, S.SUBMITTED),
    ],
)
def test_a_case_ends_or_goes_one_step_back(name: str, values: dict[str, str], state: CaseState) -> None:
    story = case_in(S.ACCEPTED)
    done(story, clerk(story).act(story, name, **values), state)


def test_a_late_step_asks_why_and_goes_on_with_the_reason() -> None:
    story = case_in(S.ACCEPTED).later(10)
    page = clerk(story).open_act(story, "start-investigation")
    assert "late_reason" in page.context["form"].fields
    silent = clerk(story).act(story, "start-investigation")
    assert silent.status_code == 422
    assert list(errors_of(silent)) == ["late_reason"]
    done(story, clerk(story).act(story, "start-investigation", late_reason="暴雨封路"), S.INVESTIGATING)
    assert story.case.overdue_reasons.get().reason == "暴雨封路"


def test_a_form_sent_twice_acts_once() -> None:
    story = case_in(S.CONFIRMING)
    visitor = Desk(story.people.visitor, on=story.today)
    sent = visitor.typed(visitor.open_act(story, "receive-complaint"), content="举报一次")
    assert visitor.send(story, "receive-complaint", sent).status_code == 302
    again = visitor.send(story, "receive-complaint", sent)
    assert again.status_code == 302
    assert story.case.complaints.count() == 1


def test_a_form_sent_again_while_the_first_is_under_way_does_not_say_that_it_is_done() -> None:
    story = case_in(S.CONFIRMING)
    visitor = Desk(story.people.visitor, on=story.today)
    sent = visitor.typed(visitor.open_act(story, "receive-complaint"), content="举报一次")
    cache.add(f"once:case:{sent['token']}", 0, 60)  # as the first sending leaves it until it is through
    visitor.send(story, "receive-complaint", sent)
    page = visitor.get("detail", story.case.pk).content.decode()
    assert "正在办理" in page
    assert "已经办好" not in page
    assert not story.case.complaints.exists()


def test_who_comes_second_sees_what_the_first_did_and_keeps_what_was_typed() -> None:
    story = case_in(S.INVESTIGATING).ask_check().later(2).answer_check().visit()
    second = clerk(story)
    typed = second.typed(second.open_act(story, "draft-proposal"), opinion="我写的意见")
    clerk(story).act(story, "draft-proposal", opinion="对方写的意见")
    page = second.send(story, "draft-proposal", typed)
    text = page.content.decode()
    assert page.status_code == 409
    assert "我写的意见" in text
    assert "对方写的意见" in text
    assert "拟初审意见" in text
    kept = second.typed(page)
    assert kept["version"] == str(story.refresh().version)
    assert second.send(story, "draft-proposal", kept | {"token": "another"}).status_code == 302
    assert services.sign_proposal(Case.objects.get(pk=story.case.pk), by=story.people.lead, on=story.today)


def test_bad_uploads_are_named_beside_the_field_and_nothing_typed_is_lost() -> None:
    story = case_in(S.INVESTIGATING)
    page = clerk(story).act(
        story,
        "record-visit",
        visitors=[story.people.officer.pk, story.people.assistant.pk],
        living_conditions="砖瓦房两间。",
        facts_found="已写的内容",
        agrees_with_declaration="yes",
        photos=[SimpleUploadedFile("照片.jpg", b"MZ executable", "image/jpeg")],
    )
    assert page.status_code == 422
    assert list(errors_of(page)) == ["photos"]
    assert "已写的内容" in page.content.decode()


def test_one_visitor_is_not_enough() -> None:
    story = case_in(S.INVESTIGATING)
    page = clerk(story).act(
        story,
        "record-visit",
        visitors=[story.people.officer.pk],
        living_conditions="砖瓦房",
        facts_found="属实",
        agrees_with_declaration="yes",
        photos=[photo()],
    )
    assert list(errors_of(page)) == ["visitors"]
    assert story.household.attachments.filter(kind="visit_photo").count() == 0


def test_namesakes_among_the_visitors_are_told_apart() -> None:
    story = case_in(S.INVESTIGATING)
    officer = story.people.officer
    twin = make_staff(Role.TOWNSHIP_OFFICER, "341824101", name=officer.name, on=date(2026, 1, 1))
    make_staff(Role.TOWNSHIP_APPROVER, "341824101", name=story.people.assistant.name, on=date(2026, 1, 1))
    field = clerk(story).open_act(story, "record-visit").context["form"].fields["visitors"]
    labels = [str(label) for _, label in field.choices]
    assert f"{officer.name}（临溪镇・乡镇经办人，工号{officer.staff_number}）" in labels
    assert f"{officer.name}（临溪镇・乡镇经办人，工号{twin.staff_number}）" in labels
    assert len(labels) == len(set(labels))
    assert not [label for label in labels if "工号" in label and officer.name not in label]


def test_only_people_who_may_visit_here_are_offered_as_visitors() -> None:
    story = case_in(S.INVESTIGATING)
    offered = clerk(story).open_act(story, "record-visit").context["form"].fields["visitors"].queryset
    assert set(offered) >= {story.people.officer, story.people.assistant}
    assert not set(offered) & {story.people.lead, story.people.approver, story.people.visitor}


def test_an_act_is_refused_to_who_may_not_do_it_and_to_who_had_a_hand_in_the_case() -> None:
    story = case_in(S.CONFIRMING)
    assert clerk(story).open_act(story, "approve").status_code == 403
    assert clerk(story).send(story, "approve", {}).status_code == 403
    assert Desk(story.people.lead, on=story.today).open_act(story, "record-visit").status_code == 403
    assert Desk(story.people.operator, on=story.today).get("detail", story.case.pk).status_code == 403


def test_a_named_relative_keeps_out() -> None:
    story = new_story()
    services.declare_relative(
        story.intake,
        member=story.household.members.get(relation="spouse"),
        relative_name=story.people.officer.name,
        relative_unit="临溪镇",
        relative_position="干事",
        relation="sibling",
        by=story.people.officer,
        on=story.today,
    )
    story.sign_papers().add_paper("relative_record").submit()
    page = clerk(story).act(story, "accept")
    assert page.status_code == 403
    assert "须回避" in page.content.decode()


def test_an_act_out_of_its_state_says_so_and_leads_back() -> None:
    story = case_in(S.ACCEPTED)
    page = clerk(story).open_act(story, "publicise")
    assert page.status_code == 302
    assert page.url == reverse("applications:detail", args=[story.case.pk])


def test_the_history_of_a_case_names_the_act_its_reason_and_who() -> None:
    story = case_in(S.CONFIRMING)
    approver = story.people.approver
    done(story, Desk(approver, on=story.today).act(story, "approve", opinion="材料齐全，同意。"), S.APPROVED)
    history = apps.get_model("applications", "CaseHistory")
    context = history.objects.filter(pgh_obj_id=story.case.pk).latest("pk").pgh_context
    assert (context["actor"], context["reason"]) == (str(approver.pk), "确认同意：材料齐全，同意。")
    assert len(context["request"]) == 32
