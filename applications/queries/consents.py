"""核查授权 of a 特困 case: legal supporters outside the family sign as well, or it is on record why not; F43 §10."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from applications.models import Case
from households.models import Member, Supporter
from households.queries import silent_supporters, supporters_of, valid_consent
from organizations.models.delegations import Scheme

if TYPE_CHECKING:
    from applications.queries.file import CaseFile


def silent_in(
    case: Case, *, on: date, supporters: Iterable[Supporter] | None = None, members: Iterable[Member] | None = None
) -> list[Supporter]:
    """Supporters of whom the consent that every member signed says nothing; nobody where no member's consent stands.

    :param supporters: whom the law asks, where they are read already.
    :param members: the current members, where they are read already.
    """
    if case.scheme != Scheme.TEKUN:
        return []
    asked = list(supporters_of(case.household) if supporters is None else supporters)
    if not asked or valid_consent(case.household, on=on, members=members, supporters=asked) is not None:
        return []
    signed = valid_consent(case.household, on=on, members=members)
    return silent_supporters(asked, signed) if signed else []


def silent_of(file: "CaseFile") -> list[Supporter]:
    """The same from what the case's page has read already."""
    if file.consent is not None:
        return []
    return silent_in(file.case, on=file.on, supporters=file.supporters, members=file.members)


def unchecked_of(file: "CaseFile") -> list[Supporter]:
    """Supporters of whom the consent of the case's means check says nothing: found after it was asked for."""
    if file.case.scheme != Scheme.TEKUN or file.means_check is None or not file.supporters:
        return []
    return silent_supporters(file.supporters, file.means_check.consent)


def silent_in_words(supporters: Iterable[Supporter]) -> str:
    """Who has not answered; empty where nobody is missing."""
    names = "、".join(row.name for row in supporters)
    return f"法定义务人还没有签署核查授权，也没有登记不签的原因：{names}" if names else ""
