"""Bank account and payee, agent, consent."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from foundation.crypto import normal_form
from foundation.identity import InvalidIdNumber, age_on, parse_id_number
from households.models import Agent, Attachment, BankAccount, Consent, ConsentSigner, Household, Member, UnsignedReason
from households.queries import supporters_of
from households.services.checks import NotAllowedNow, check_attachment, current_member, open_for, save_checked, touch
from organizations.models import Staff

ADULT_AGE = 18
"""成年: 民法典 §17."""


@dataclass(frozen=True)
class SupporterAnswer:
    """What a legal supporter did about the authorization (核查授权): signed, or why not."""

    unsigned_reason: str = ""
    unsigned_note: str = ""


@transaction.atomic
def set_bank_account(
    household: Household,
    *,
    bank: str,
    account: str,
    holder: str,
    by: Staff,
    on: date,
    payee_kind: str = "own",
    payee_member: Member | None = None,
    payee_name: str = "",
    payee_relation: str = "",
) -> BankAccount:
    """Set the account that benefits are paid to (发放账户); the former one is ended and kept.

    A number that fails the Luhn check is kept (passbooks carry none): the page warns.

    :raises NotAllowedNow: no account number or not one, or a guardian without a name.
    """
    household = open_for(household, by=by)
    number = normal_form(account)
    if not re.fullmatch(r"\d{8,30}", number):
        raise NotAllowedNow("请填账号：8至30位数字，可带空格。", field="account")
    if payee_kind != "own" and not payee_name:
        raise NotAllowedNow("由监护人或代管人领款的，请填其姓名。", field="payee_name")
    if payee_member is not None:
        payee_member = current_member(payee_member, of=household)
    household.bank_accounts.filter(ended_on=None).update(ended_on=on)
    record = BankAccount(
        household=household,
        bank=bank,
        account=number,
        holder=holder,
        payee_kind=payee_kind,
        payee_member=payee_member,
        payee_name=payee_name,
        payee_relation=payee_relation,
    )
    save_checked(record)
    touch(household)
    return record


@transaction.atomic
def set_agent(
    household: Household, *, name: str, relation: str, by: Staff, on: date, id_number: str = "", phone: str = ""
) -> Agent:
    """Name the agent who files on the family's behalf (代理人; F57 §4).

    :raises NotAllowedNow: the agent's ID number is wrong.
    """
    household = open_for(household, by=by)
    try:
        number = parse_id_number(id_number, on=on).number if id_number else ""
    except InvalidIdNumber as error:
        raise NotAllowedNow(str(error), field="id_number") from error
    household.agents.filter(ended_on=None).update(ended_on=on)
    agent = Agent(household=household, name=name, relation=relation, id_number=number, phone=phone)
    save_checked(agent)
    touch(household)
    return agent


@transaction.atomic
def end_agent(household: Household, *, by: Staff, on: date) -> None:
    """End the agent's mandate."""
    household = open_for(household, by=by)
    household.agents.filter(ended_on=None).update(ended_on=on)
    touch(household)


@transaction.atomic
def record_consent(
    household: Household,
    *,
    signed_on: date,
    signers: Mapping[int, str],
    by: Staff,
    on: date,
    valid_to: date | None = None,
    scan: Attachment | None = None,
    supporters: Mapping[int, SupporterAnswer] | None = None,
) -> Consent:
    """Record a signed consent to the means check (核查授权).

    :param signers: guardian's name by member id, empty where the member signed.
    :param supporters: of legal supporters outside the family (F43 §10), by id: signed, or why not.
    :raises NotAllowedNow: somebody of the family has not signed, a minor has no guardian's signature, a supporter has
        not signed and it is not said why, or a day that cannot be.
    """
    household = open_for(household, by=by)
    if signed_on > on:
        raise NotAllowedNow("签署日期不能晚于今天。", field="signed_on")
    members = list(household.members.filter(left_on=None).select_related("person"))
    _check_signatures(members, signers, on=signed_on)
    if valid_to is not None and valid_to < signed_on:
        raise NotAllowedNow("有效期不能早于签署日期。", field="valid_to")
    answers = supporters or {}
    _check_answers(household, answers)
    check_attachment(scan, of=household)
    consent = Consent.objects.create(household=household, signed_on=signed_on, valid_to=valid_to, scan=scan)
    for member in members:
        ConsentSigner.objects.create(consent=consent, member=member, guardian_name=signers[member.pk])
    for pk, answer in answers.items():
        ConsentSigner.objects.create(
            consent=consent,
            supporter_id=pk,
            unsigned_reason=answer.unsigned_reason,
            unsigned_note=answer.unsigned_note.strip() if answer.unsigned_reason else "",
        )
    touch(household)
    return consent


def _check_signatures(members: Iterable[Member], signers: Mapping[int, str], *, on: date) -> None:
    missing = [str(member.person) for member in members if member.pk not in signers]
    if missing:
        raise NotAllowedNow(f"还没有签字：{'、'.join(missing)}。授权书须全体成员签署。", field="signers")
    for member in members:
        if age_on(member.person.birth_date, on=on) < ADULT_AGE and not signers[member.pk].strip():
            raise NotAllowedNow(f"{member.person}未满18周岁，请填代签的监护人姓名。", field="signers")


def _check_answers(household: Household, answers: Mapping[int, SupporterAnswer]) -> None:
    current = {row.pk: row for row in supporters_of(household)}
    for pk, answer in answers.items():
        if pk not in current:
            raise NotAllowedNow("法定义务人有变化，请刷新后再登记。", field="signers")
        if not answer.unsigned_reason:
            continue
        if answer.unsigned_reason not in UnsignedReason.values or not answer.unsigned_note.strip():
            raise NotAllowedNow(
                f"法定义务人{current[pk].name}没有签字的，请选择原因并写明情况（何时、怎样联系）。", field="signers"
            )


@transaction.atomic
def withdraw_consent(consent: Consent, *, by: Staff, on: date) -> None:
    """The family withdraws its consent; no new means check may rest on it.

    :raises NotAllowedNow: it is withdrawn already.
    """
    household = open_for(consent.household, by=by)
    if consent.withdrawn_on:
        raise NotAllowedNow("这份授权已经撤回。")
    consent.withdrawn_on = on
    consent.save(update_fields=["withdrawn_on"])
    touch(household)
