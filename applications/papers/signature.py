"""Papers for signature (签字材料) of an intake; F57 §§4, 9–11, handbook task 21."""

from collections.abc import Callable
from datetime import date
from typing import Any

from applications.models import Intake
from applications.papers.bodies import place_of, township_body
from applications.papers.family import Family, load_family
from applications.rules.matters import MATTERS
from documents import records
from documents.models import DocumentKind
from documents.services import preview_pdf
from foundation.errors import ServiceError
from foundation.identity import age_on
from households.models import Agent, Member, Supporter
from organizations.models.delegations import Scheme
from organizations.queries import township_of
from verification.models import Source

_ADULT_AGE = 18  # 民法典 §17
_TERM = "自签署之日起至停止救助之日止；未获救助的，至本次申请办结之日止。"


class PaperNotNeeded(ServiceError):
    """The intake has nothing to print on this paper: no agent, no near relative."""


def application_form(intake: Intake, *, on: date) -> records.ApplicationForm:
    """社会救助申请表, filled in."""
    family, household = _family(intake), intake.household
    return records.ApplicationForm(
        **_heading(intake, on=on),
        channel=intake.get_channel_display(),
        township=township_of(intake.area).name,
        village=intake.area.short_name,
        address=household.address,
        registered_address=household.registered_address,
        registration=household.get_registration_kind_display(),
        residence=household.get_residence_display(),
        phone=household.phone.reveal(),
        applicant=family.member_row(intake.applicant_id),
        persons=family.person_rows(),
        reason=intake.reason,
        hardship_causes=household.hardship_causes,
        year=intake.accounting_year,
        incomes=family.income_rows(),
        expenses=family.expense_rows(),
        property=family.property_part(),
        supporters=family.supporter_rows(on=on),
        relatives=_relatives(intake),
        account=family.account_part(),
        agent=_agent(intake.agent) if intake.agent else None,
        alone=_alone(intake, family),
    )


def _alone(intake: Intake, family: Family) -> tuple[str, ...]:
    """Who asks for 低保 alone (成年无业重度残疾人单独提出申请; F2022 一（一）)."""
    if not intake.cases.filter(scheme=Scheme.DIBAO).exists():
        return ()
    return tuple(member.person.name for member in family.members if member.applies_alone)


def authorization_letter(intake: Intake, *, on: date) -> records.AuthorizationLetter:
    """核查授权书: every member signs or a guardian for them; for 特困 the legal supporters too (F43 §10)."""
    family = _family(intake)
    signers = [_signer(member, on=on) for member in family.members]
    if intake.cases.filter(scheme=Scheme.TEKUN).exists():
        signers += [
            _outside_signer(row) for member in family.members for row in member.supporters.all() if row.ended_on is None
        ]
    return records.AuthorizationLetter(
        **_heading(intake, on=on),
        body=township_body(intake.area),
        applicant=intake.applicant.person.name,
        address=place_of(intake.area, intake.household.address),
        sources=tuple(source.label for source in Source),
        term=_TERM,
        signers=tuple(signers),
    )


def commitment_letter(intake: Intake, *, on: date) -> records.CommitmentLetter:
    """承诺书（告知承诺书）."""
    return records.CommitmentLetter(
        **_heading(intake, on=on),
        **_applicant(intake),
        phone=intake.household.phone.reveal(),
        members=tuple(member.person.name for member in _family(intake).members),
    )


def agent_letter(intake: Intake, *, on: date) -> records.AgentLetter:
    """委托书.

    :raises PaperNotNeeded: the family files by itself.
    """
    if intake.agent is None:
        raise PaperNotNeeded("这次受理没有登记代理人，不需要委托书。")
    return records.AgentLetter(
        **_heading(intake, on=on),
        **_applicant(intake),
        phone=intake.household.phone.reveal(),
        agent=_agent(intake.agent),
    )


def relative_record(intake: Intake, *, on: date) -> records.RelativeRecord:
    """近亲属备案表.

    :raises PaperNotNeeded: no near relative is declared.
    """
    declared = list(intake.relatives.select_related("member__person", "registered_by"))
    if not declared:
        raise PaperNotNeeded("这次受理没有登记近亲属关系，不需要备案表。")
    return records.RelativeRecord(
        **_heading(intake, on=on),
        **_applicant(intake),
        relatives=_relatives(intake),
        registered_by=declared[0].registered_by.name,
        registered_on=declared[0].registered_on,
        county_number=declared[0].county_number,
    )


_PAPERS: dict[DocumentKind, Callable[..., records.Record]] = {
    DocumentKind.APPLICATION_FORM: application_form,
    DocumentKind.AUTHORIZATION_LETTER: authorization_letter,
    DocumentKind.COMMITMENT_LETTER: commitment_letter,
    DocumentKind.AGENT_LETTER: agent_letter,
    DocumentKind.RELATIVE_RECORD: relative_record,
}


def paper_for_signature(kind: str, intake: Intake, *, on: date) -> bytes:
    """A paper to be signed, as PDF; printed unnumbered as often as wanted.

    :param kind: one of ``PaperKind``, whose values are those of ``DocumentKind``.
    :raises PaperNotNeeded: the intake has nothing to print on it.
    """
    paper = DocumentKind(kind)
    return preview_pdf(paper, _PAPERS[paper](intake, on=on))


def _family(intake: Intake) -> Family:
    return load_family(intake.household, year=intake.accounting_year)


def _matters(intake: Intake) -> tuple[str, ...]:
    found = {case.matter for case in intake.cases.all()}
    return tuple(matter.title for matter in MATTERS.values() if matter in found)


def _heading(intake: Intake, *, on: date) -> dict[str, Any]:
    return {"intake_number": intake.number, "on": on, "matters": _matters(intake)}


def _applicant(intake: Intake) -> dict[str, Any]:
    return {
        "body": township_body(intake.area),
        "applicant": intake.applicant.person.name,
        "id_number": intake.applicant.person.id_number.reveal(),
        "address": place_of(intake.area, intake.household.address),
    }


def _relatives(intake: Intake) -> tuple[records.RelativeRow, ...]:
    return tuple(
        records.RelativeRow(
            member=row.member.person.name,
            relation=row.get_relation_display(),
            relative_name=row.relative_name,
            relative_unit=row.relative_unit,
            relative_position=row.relative_position,
        )
        for row in intake.relatives.select_related("member__person")
    )


def _agent(agent: Agent) -> records.AgentPart:
    return records.AgentPart(
        name=agent.name, id_number=agent.id_number.reveal(), phone=agent.phone.reveal(), relation=agent.relation
    )


def _signer(member: Member, *, on: date) -> records.SignerRow:
    person = member.person
    return records.SignerRow(
        name=person.name,
        relation=member.get_relation_display(),
        id_number=person.id_number.reveal(),
        by_guardian=age_on(person.birth_date, on=on) < _ADULT_AGE,
    )


def _outside_signer(supporter: Supporter) -> records.SignerRow:
    return records.SignerRow(
        name=supporter.name,
        relation=supporter.relation,
        id_number=supporter.id_number.reveal(),
        is_outside_supporter=True,
    )
