"""Bank account and payee, agent, consent."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from households.models import Agent, Attachment, BankAccount, Consent, ConsentSigner, Household, Member
from households.permissions import check_can_change
from households.services.families import NotAllowedNow, lock, touch
from organizations.models import Staff


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

    :raises NotAllowedNow: no account number, or a guardian without a name.
    """
    household = lock(household)
    check_can_change(by, household)
    if not account.strip():
        raise NotAllowedNow("请填账号。", field="account")
    if payee_kind != "own" and not payee_name:
        raise NotAllowedNow("由监护人或代管人领款的，请填其姓名。", field="payee_name")
    household.bank_accounts.filter(ended_on=None).update(ended_on=on)
    record = BankAccount.objects.create(
        household=household,
        bank=bank,
        account=account.strip(),
        holder=holder,
        payee_kind=payee_kind,
        payee_member=payee_member,
        payee_name=payee_name,
        payee_relation=payee_relation,
    )
    touch(household)
    return record


@transaction.atomic
def set_agent(
    household: Household, *, name: str, relation: str, by: Staff, on: date, id_number: str = "", phone: str = ""
) -> Agent:
    """Name the agent who files on the family's behalf (代理人; F57 §4)."""
    household = lock(household)
    check_can_change(by, household)
    household.agents.filter(ended_on=None).update(ended_on=on)
    agent = Agent.objects.create(household=household, name=name, relation=relation, id_number=id_number, phone=phone)
    touch(household)
    return agent


@transaction.atomic
def end_agent(household: Household, *, by: Staff, on: date) -> None:
    """End the agent's mandate."""
    household = lock(household)
    check_can_change(by, household)
    household.agents.filter(ended_on=None).update(ended_on=on)
    touch(household)


@transaction.atomic
def record_consent(
    household: Household,
    *,
    signed_on: date,
    signers: Mapping[int, str],
    by: Staff,
    valid_to: date | None = None,
    scan: Attachment | None = None,
) -> Consent:
    """Record a signed consent to the means check (核查授权).

    :param signers: guardian's name by member id, empty where the member signed.
    :raises NotAllowedNow: nobody signed.
    """
    household = lock(household)
    check_can_change(by, household)
    members = list(household.members.filter(left_on=None, pk__in=signers))
    if not members:
        raise NotAllowedNow("请勾选在授权书上签字的成员。", field="signers")
    consent = Consent.objects.create(household=household, signed_on=signed_on, valid_to=valid_to, scan=scan)
    for member in members:
        ConsentSigner.objects.create(consent=consent, member=member, guardian_name=signers[member.pk])
    touch(household)
    return consent


@transaction.atomic
def withdraw_consent(consent: Consent, *, by: Staff, on: date) -> None:
    """The family withdraws its consent; no new means check may rest on it."""
    household = lock(consent.household)
    check_can_change(by, household)
    consent.withdrawn_on = on
    consent.save(update_fields=["withdrawn_on"])
