from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from foundation.errors import NotPermitted
from households import services
from households.models import Agent, BankAccount, Household
from households.queries import valid_consent
from organizations.models import Staff
from organizations.permissions import Role
from tests.households.builders import head, join, newborn, picture, register
from tests.support.factories import AT, ON, make_id_number, make_staff

pytestmark = pytest.mark.django_db


def account(family: Household, by: Staff, number: str = "6217 0012 3456 7890", **more: Any) -> BankAccount:
    return services.set_bank_account(family, bank="农行绩溪支行", account=number, holder="胡德旺", by=by, on=ON, **more)


def test_a_new_account_ends_the_former_and_is_kept_sealed(clerk: Staff, family: Household) -> None:
    account(family, clerk)
    second = account(family, clerk, "6228480402564890018", payee_member=head(family))
    assert list(family.bank_accounts.filter(ended_on=None)) == [second]
    kept = family.bank_accounts.get(ended_on=ON)
    assert (kept.account.reveal(), str(kept.account)) == ("6217001234567890", "****7890")


@pytest.mark.parametrize("number", ["", "   ", "1234567", "6217-0012-3456", "六二一七", "1" * 31])
def test_what_is_no_account_number_is_refused(clerk: Staff, family: Household, number: str) -> None:
    with pytest.raises(services.NotAllowedNow) as refusal:
        account(family, clerk, number)
    assert refusal.value.field == "account"


def test_a_guardian_who_receives_is_named(clerk: Staff, family: Household) -> None:
    with pytest.raises(services.NotAllowedNow, match="姓名"):
        account(family, clerk, payee_kind="guardian")
    assert account(family, clerk, payee_kind="guardian", payee_name="程国富").payee_name == "程国富"


def test_a_payee_of_another_family_is_refused(clerk: Staff, family: Household) -> None:
    with pytest.raises(services.NotAllowedNow, match="已不在"):
        account(family, clerk, payee_member=head(register(clerk)))


def test_a_new_agent_ends_the_former(clerk: Staff, family: Household) -> None:
    services.set_agent(family, name="程国富", relation="村干部", by=clerk, on=ON)
    services.set_agent(family, name="汪志强", relation="邻居", id_number=make_id_number(), by=clerk, on=ON)
    assert Agent.objects.get(ended_on=None).name == "汪志强"
    services.end_agent(family, by=clerk, on=ON)
    assert not Agent.objects.filter(ended_on=None).exists()


def test_an_agents_id_number_is_checked(clerk: Staff, family: Household) -> None:
    with pytest.raises(services.NotAllowedNow, match="校验位"):
        services.set_agent(family, name="程国富", relation="邻居", id_number="341899196803120016", by=clerk, on=ON)


def test_a_consent_stands_when_adults_signed_and_guardians_for_minors(clerk: Staff, family: Household) -> None:
    me, wife = head(family), join(family, clerk)
    child = services.add_member(family, data=newborn(), by=clerk, on=ON, at=AT)
    with pytest.raises(services.NotAllowedNow, match="还没有签字：汪秋菊。"):
        services.record_consent(family, signed_on=ON, signers={me.pk: "", child.pk: "胡德旺"}, by=clerk, on=ON)
    signers = {me.pk: "", wife.pk: "", child.pk: ""}
    with pytest.raises(services.NotAllowedNow, match="胡小宝未满18周岁"):
        services.record_consent(family, signed_on=ON, signers=signers, by=clerk, on=ON)
    consent = services.record_consent(family, signed_on=ON, signers=signers | {child.pk: "胡德旺"}, by=clerk, on=ON)
    assert valid_consent(family, on=ON) == consent
    assert valid_consent(family, on=ON - timedelta(1)) is None


def test_a_consent_does_not_cover_who_joins_later(clerk: Staff, family: Household) -> None:
    services.record_consent(family, signed_on=ON, signers={head(family).pk: ""}, by=clerk, on=ON)
    join(family, clerk)
    assert valid_consent(family, on=ON) is None


def test_a_consent_runs_out_and_can_be_withdrawn_once(clerk: Staff, family: Household) -> None:
    signers = {head(family).pk: ""}
    with pytest.raises(services.NotAllowedNow, match="有效期"):
        services.record_consent(family, signed_on=ON, valid_to=ON - timedelta(1), signers=signers, by=clerk, on=ON)
    consent = services.record_consent(
        family, signed_on=ON, valid_to=date(2026, 12, 31), signers=signers, by=clerk, on=ON
    )
    assert valid_consent(family, on=date(2026, 12, 31)) == consent
    assert valid_consent(family, on=date(2027, 1, 1)) is None
    services.withdraw_consent(consent, by=clerk, on=ON)
    assert valid_consent(family, on=ON) is None
    consent.refresh_from_db()
    with pytest.raises(services.NotAllowedNow, match="已经撤回"):
        services.withdraw_consent(consent, by=clerk, on=ON)


def test_a_paper_is_judged_by_its_content(clerk: Staff, family: Household, settings: Any, tmp_path: Any) -> None:
    settings.PRIVATE_ROOT = tmp_path
    paper = services.add_attachment(family, kind="id_card", upload=picture("身份证.exe"), by=clerk, at=AT)
    assert (paper.content_type, paper.original_name, paper.uploaded_by) == ("image/jpeg", "身份证.exe", clerk)
    picture_bytes = paper.file.read()
    assert picture_bytes[:2] == b"\xff\xd8" and len(picture_bytes) == paper.size


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("照片.jpg", b"MZ\x90\x00" + b"\0" * 500, "只收"),
        ("空.jpg", b"", "空的"),
        ("截断.jpg", "half a jpeg", "只收"),
        ("截断.png", "half a png", "只收"),
        ("网页.pdf", b"<html><script>alert(1)</script>", "只收"),
        ("脚本.pdf", b"%PDF-<script>alert(1)</script>", "打不开"),
        ("大.jpg", b"\xff\xd8" + b"\0" * (30 * 1024 * 1024), "30.0 MB"),
    ],
)
def test_what_is_no_paper_is_refused(clerk: Staff, family: Household, name: str, content: Any, sentence: str) -> None:
    if isinstance(content, str):
        kind = name[-3:].upper().replace("JPG", "JPEG")
        content = picture(size=(300, 300), kind=kind).read()
        content = content[: len(content) // 2]
    upload = picture(name)
    upload.file.seek(0)
    upload.file.truncate()
    upload.file.write(content)
    upload.size = len(content)
    with pytest.raises(services.NotAllowedNow, match=sentence) as refusal:
        services.add_attachment(family, kind="id_card", upload=upload, by=clerk, at=AT)
    assert refusal.value.field == "file"


def test_an_attachment_is_voided_once_and_with_a_reason(clerk: Staff, family: Household) -> None:
    paper = services.add_attachment(family, kind="id_card", upload=picture(), by=clerk, at=AT)
    with pytest.raises(services.NotAllowedNow, match="原因"):
        services.void_attachment(paper, reason=" ", by=clerk, at=AT)
    services.void_attachment(paper, reason="传错", by=clerk, at=AT)
    with pytest.raises(services.NotAllowedNow, match="已经作废"):
        services.void_attachment(paper, reason="传错", by=clerk, at=AT)


def test_what_a_consent_or_an_income_rests_on_is_not_voided(clerk: Staff, family: Household) -> None:
    signed = services.add_attachment(family, kind="authorization_letter", upload=picture(), by=clerk, at=AT)
    consent = services.record_consent(family, signed_on=ON, signers={head(family).pk: ""}, by=clerk, on=ON, scan=signed)
    slip = services.add_attachment(family, kind="income_proof", upload=picture(), by=clerk, at=AT)
    row = services.IncomeData(member=head(family), kind="wage", yearly_amount=Decimal(9000), evidence=slip)
    services.save_incomes(family, year=2026, rows=[row], by=clerk, at=AT)
    for paper, sentence in ((signed, "撤回"), (slip, "收入")):
        with pytest.raises(services.NotAllowedNow, match=sentence):
            services.void_attachment(paper, reason="传错", by=clerk, at=AT)
    services.withdraw_consent(consent, by=clerk, on=ON)
    services.save_incomes(family, year=2026, rows=[], by=clerk, at=AT)
    for paper in (signed, slip):
        services.void_attachment(paper, reason="传错", by=clerk, at=AT)


def test_who_only_reads_adds_no_papers(clerk: Staff, neighbour: Staff, family: Household) -> None:
    paper = services.add_attachment(family, kind="id_card", upload=picture(), by=clerk, at=AT)
    for staff in (neighbour, make_staff(Role.AUDITOR, "341824")):
        with pytest.raises(NotPermitted):
            services.add_attachment(family, kind="id_card", upload=picture(), by=staff, at=AT)
        with pytest.raises(NotPermitted):
            services.void_attachment(paper, reason="传错", by=staff, at=AT)
