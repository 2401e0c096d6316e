"""委托照料服务协议 and 入住: one in force a person, in words and in the database."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from benefits.models import Award
from benefits.services import end_award
from care import papers, services
from care.models import Admission, CareAgreement
from care.queries import agreement_in_force
from care.services import NotAllowed
from documents.models import DocumentKind
from documents.services import preview_pdf
from foundation.errors import NotPermitted
from households.services import NotAllowedNow, void_attachment
from tests.care.builders import TODAY, agreed, found, reported, signed, supported
from tests.documents.reading import text_of
from tests.households.builders import picture
from tests.support.crews import HUAYANG, Crew, crew
from tests.support.factories import AT, area

pytestmark = pytest.mark.django_db


def test_an_agreement_is_in_force_once_it_is_signed_and_scanned(people: Crew) -> None:
    award = supported(people)
    agreement = services.draft_agreement(award, data=agreed(), by=people.officer, on=TODAY)
    assert agreement.is_draft
    assert agreement_in_force(award, on=TODAY) is None
    services.sign_agreement(agreement, signed_on=TODAY, scan=picture("协议.jpg"), by=people.officer, at=AT, on=TODAY)
    agreement.refresh_from_db()
    assert agreement_in_force(award, on=TODAY) == agreement
    assert agreement.scan is not None
    assert agreement.scan.kind == "care_agreement"
    assert agreement.content_labels == ["做饭送饭", "陪同就医、取药"]
    assert str(agreement.carer_phone) == "139****9999"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"carer_name": " "}, "carer_name"),
        ({"carer_id_number": ""}, "carer_id_number"),
        ({"relation": ""}, "relation"),
        ({"contents": []}, "contents"),
        ({"contents": ["singing"]}, "contents"),
        ({"ends_on": date(2026, 10, 31)}, "ends_on"),
    ],
)
def test_what_makes_no_agreement_is_refused_beside_its_field(people: Crew, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        services.draft_agreement(supported(people), data=agreed(**wrong), by=people.officer, on=TODAY)
    assert refused.value.field == field


def test_nobody_cares_for_themselves(people: Crew) -> None:
    award = supported(people)
    own = award.persons.get().person.id_number.reveal()
    with pytest.raises(NotAllowed, match="本人"):
        services.draft_agreement(award, data=agreed(carer_id_number=own), by=people.officer, on=TODAY)


def test_an_institution_cares_without_an_id_number(people: Crew) -> None:
    terms = agreed(carer_kind="institution", carer_name="临溪镇养老服务中心", carer_id_number="", relation="")
    assert services.draft_agreement(supported(people), data=terms, by=people.officer, on=TODAY).pk


def test_one_agreement_in_force_a_person(people: Crew) -> None:
    award = supported(people)
    first = signed(award, people.officer)
    second = services.draft_agreement(award, data=agreed(carer_name="汪秋菊"), by=people.officer, on=TODAY)
    terms = {"signed_on": TODAY, "by": people.officer, "at": AT, "on": TODAY}
    with pytest.raises(NotAllowed, match="已有一份生效的协议"):
        services.sign_agreement(second, scan=picture("协议.jpg"), **terms)
    with pytest.raises(NotAllowed, match="待签"):
        services.draft_agreement(award, data=agreed(), by=people.officer, on=TODAY)
    second.refresh_from_db()
    with pytest.raises(IntegrityError, match="care_agreement_one_in_force"), transaction.atomic():
        CareAgreement.objects.filter(pk=second.pk).update(signed_on=TODAY, scan=first.scan)
    services.end_agreement(first, ended_on=date(2026, 11, 22), reason="外出务工", by=people.officer, on=TODAY)
    services.end_agreement(second, ended_on=TODAY, reason="起止日期有误", by=people.officer, on=TODAY)
    after = signed(award, people.officer, carer_name="汪秋菊", starts_on=TODAY)
    assert agreement_in_force(award, on=TODAY) == after


@pytest.mark.parametrize(
    ("ended_on", "reason", "field"),
    [
        (date(2026, 11, 24), "外出务工", "ended_on"),
        (date(2026, 10, 31), "外出务工", "ended_on"),
        (TODAY, " ", "reason"),
    ],
)
def test_an_agreement_ends_within_its_days_and_for_a_reason(
    people: Crew, ended_on: date, reason: str, field: str
) -> None:
    agreement = signed(supported(people), people.officer)
    with pytest.raises(NotAllowed) as refused:
        services.end_agreement(agreement, ended_on=ended_on, reason=reason, by=people.officer, on=TODAY)
    assert refused.value.field == field


def test_an_agreement_of_an_award_that_stopped_is_ended_and_not_signed(people: Crew) -> None:
    award = supported(people)
    agreement = services.draft_agreement(award, data=agreed(), by=people.officer, on=TODAY)
    end_award(award, last_month=date(2026, 11, 1), reason="自愿放弃", decided_by=people.approver, decided_on=TODAY)
    terms = {"by": people.officer, "on": TODAY}
    with pytest.raises(NotAllowed, match="已经停发"):
        services.sign_agreement(agreement, signed_on=TODAY, scan=picture("协议.jpg"), at=AT, **terms)
    services.end_agreement(agreement, ended_on=TODAY, reason="停发", **terms)
    agreement.refresh_from_db()
    assert agreement.ended_on == TODAY


def test_a_signed_agreement_is_given_up_before_it_begins(people: Crew) -> None:
    award, terms = supported(people), {"by": people.officer, "on": TODAY}
    later = {"starts_on": date(2026, 12, 1), "ends_on": date(2027, 11, 30)}
    agreement = signed(award, people.officer, **later)
    with pytest.raises(NotAllowed) as refused:
        services.end_agreement(agreement, ended_on=date(2026, 11, 22), reason="照料人病重", **terms)
    assert refused.value.field == "ended_on"
    services.end_agreement(agreement, ended_on=TODAY, reason="照料人病重", **terms)
    agreement.refresh_from_db()
    assert (agreement.never_began, agreement.end_reason) == (True, "照料人病重")
    assert agreement_in_force(award, on=TODAY) is None
    after = signed(award, people.officer, carer_name="汪秋菊", **later)
    assert agreement_in_force(award, on=TODAY) == after


def becomes_institutional(award: Award, people: Crew) -> None:
    report = reported(award, people.assistant)
    data = found(people, unable=["walking"], support_mode="institutional")
    assessment = services.assess_self_care(report, data=data, by=people.officer, on=TODAY)
    services.decide_care(assessment, by=people.approver, on=TODAY)


def test_no_agreement_is_signed_once_the_person_lives_in_an_institution(people: Crew) -> None:
    award = supported(people)
    agreement = services.draft_agreement(award, data=agreed(), by=people.officer, on=TODAY)
    terms: dict[str, Any] = {"signed_on": TODAY, "by": people.officer, "at": AT, "on": TODAY}
    lives = Admission.objects.create(
        award=award, person=agreement.person, home=home(people), admitted_on=TODAY, recorded_by=people.officer
    )
    with pytest.raises(NotAllowed, match="登记离院"):
        services.sign_agreement(agreement, scan=picture("协议.jpg"), **terms)
    services.discharge(lives, left_on=TODAY, reason="回家", by=people.officer, on=TODAY)
    becomes_institutional(award, people)
    with pytest.raises(NotAllowed, match="已改为集中供养"):
        services.sign_agreement(agreement, scan=picture("协议.jpg"), **terms)


def test_an_agreement_that_has_not_begun_says_how_to_be_admitted(people: Crew) -> None:
    award, terms = supported(people), {"by": people.officer, "on": TODAY}
    agreement = signed(award, people.officer, starts_on=date(2026, 12, 1))
    becomes_institutional(award, people)
    place = home(people)
    with pytest.raises(NotAllowed, match=r"2026年12月1日起.*终止协议.*再登记入住"):
        services.admit(award, home=place, admitted_on=TODAY, **terms)
    services.end_agreement(agreement, ended_on=TODAY, reason="改为集中供养", **terms)
    assert services.admit(award, home=place, admitted_on=TODAY, **terms).pk


def test_only_the_own_township_writes_agreements(people: Crew) -> None:
    award = supported(people)
    for staff in (crew(HUAYANG).officer, people.assistant, people.approver, people.visitor):
        with pytest.raises(NotPermitted):
            services.draft_agreement(award, data=agreed(), by=staff, on=TODAY)
    agreement = signed(award, people.officer)
    with pytest.raises(NotPermitted):
        services.end_agreement(agreement, ended_on=TODAY, reason="调整", by=people.visitor, on=TODAY)


def test_the_scan_of_an_agreement_stays(people: Crew) -> None:
    agreement = signed(supported(people), people.officer)
    with pytest.raises(NotAllowedNow, match="委托照料协议"):
        void_attachment(agreement.scan, reason="模糊", by=people.officer, at=AT)


def test_the_printed_agreement_names_all_three_and_leaves_room_to_sign(people: Crew) -> None:
    award = supported(people)
    agreement = services.draft_agreement(award, data=agreed(), by=people.officer, on=TODAY)
    text = text_of(preview_pdf(DocumentKind.CARE_AGREEMENT, papers.care_agreement(agreement)))
    number = agreement.carer_id_number.reveal()
    for words in ("临溪镇人民政府", "胡德才", number, "胡德旺", "半失能", "侄子", "做饭送饭", "每天至少一次"):
        assert words in text
    assert "2027年10月31日" in text
    assert "签名、指印" in text


# --- 集中供养 ----------------------------------------------------------------------------------------------------


def home(people: Crew, name: str = "临溪镇敬老院") -> Any:
    return services.save_home(None, name=name, area=area("341824101"), by=people.visitor)


def test_who_lives_in_an_institution_is_admitted_there_and_has_no_agreement(people: Crew) -> None:
    award, place = supported(people, mode="institutional"), home(people)
    with pytest.raises(NotAllowed, match="登记入住"):
        services.draft_agreement(award, data=agreed(), by=people.officer, on=TODAY)
    admission = services.admit(award, home=place, admitted_on=TODAY, by=people.officer, on=TODAY)
    with pytest.raises(NotAllowed, match="尚未离院"):
        services.admit(award, home=place, admitted_on=TODAY, by=people.officer, on=TODAY)
    with pytest.raises(NotAllowed, match="登记离院"):
        services.save_home(place, name=place.name, area=place.area, closed_on=TODAY, by=people.visitor)
    services.discharge(admission, left_on=TODAY, reason="转院", by=people.officer, on=TODAY)
    assert services.save_home(place, name=place.name, area=place.area, closed_on=TODAY, by=people.visitor).closed_on
    with pytest.raises(NotAllowed, match="停办"):
        services.admit(award, home=place, admitted_on=TODAY, by=people.officer, on=TODAY)


def test_who_is_supported_at_home_is_not_admitted(people: Crew) -> None:
    with pytest.raises(NotAllowed, match="分散供养"):
        services.admit(supported(people), home=home(people), admitted_on=TODAY, by=people.officer, on=TODAY)


def test_the_county_keeps_one_institution_of_a_name(people: Crew) -> None:
    home(people)
    with pytest.raises(NotAllowed, match="同名"):
        home(people)
    with pytest.raises(NotPermitted):
        services.save_home(None, name="长安镇敬老院", area=area("341824101"), by=people.officer)
