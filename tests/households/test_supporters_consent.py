"""核查授权 of legal supporters: signed, or why not; one that says nothing leaves the consent incomplete (F43 §10)."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from households import services
from households.models import Consent, ConsentSigner, Household, Supporter
from households.queries import silent_supporters, supporters_of, valid_consent
from households.services import SupporterAnswer, SupporterData
from organizations.models import Staff
from tests.households.builders import head, register
from tests.support.factories import ON

pytestmark = pytest.mark.django_db


def add_supporter(family: Household, by: Staff, name: str = "胡建国") -> Supporter:
    kept = [SupporterData(row.name, row.relation, row.birth_date, {}, pk=row.pk) for row in supporters_of(family)]
    new = SupporterData(name, "儿子", date(1990, 5, 1), {})
    services.save_supporters(head(family), rows=[*kept, new], known_all=True, by=by, on=ON)
    return Supporter.objects.get(name=name)


def record(family: Household, by: Staff, supporters: dict[int, SupporterAnswer] | None = None) -> Consent:
    signers = {head(family).pk: ""}
    return services.record_consent(family, signed_on=ON, signers=signers, by=by, on=ON, supporters=supporters)


def test_a_supporter_who_signed_or_of_whom_it_is_said_why_not_makes_it_whole(clerk: Staff, family: Household) -> None:
    son, other = add_supporter(family, clerk), add_supporter(family, clerk, "胡建军")
    asked = list(supporters_of(family))
    first = record(family, clerk, {son.pk: SupporterAnswer()})
    assert valid_consent(family, on=ON) == first
    assert valid_consent(family, on=ON, supporters=asked) is None
    assert silent_supporters(asked, first) == [other]
    answer = SupporterAnswer("unreachable", "11月20日、21日两次电话无人接听")
    second = record(family, clerk, {son.pk: SupporterAnswer(), other.pk: answer})
    assert valid_consent(family, on=ON, supporters=asked) == second
    assert silent_supporters(asked, second) == []
    row = second.signers.get(supporter=other)
    assert (row.get_unsigned_reason_display(), row.unsigned_note) == ("无法联系", answer.unsigned_note)


def test_a_supporter_added_later_makes_it_incomplete_again(clerk: Staff, family: Household) -> None:
    son = add_supporter(family, clerk)
    consent = record(family, clerk, {son.pk: SupporterAnswer()})
    later = add_supporter(family, clerk, "胡建军")
    asked = list(supporters_of(family))
    assert valid_consent(family, on=ON, supporters=asked) is None
    assert silent_supporters(asked, consent) == [later]


@pytest.mark.parametrize("answer", [SupporterAnswer("lost"), SupporterAnswer("lost", "  "), SupporterAnswer("x", "y")])
def test_why_somebody_has_not_signed_is_said(clerk: Staff, family: Household, answer: SupporterAnswer) -> None:
    son = add_supporter(family, clerk)
    with pytest.raises(services.NotAllowedNow, match="胡建国没有签字的，请选择原因并写明情况"):
        record(family, clerk, {son.pk: answer})
    assert not family.consents.exists()


def test_a_supporter_of_another_family_is_refused(clerk: Staff, family: Household) -> None:
    stranger = add_supporter(register(clerk), clerk)
    with pytest.raises(services.NotAllowedNow, match="法定义务人有变化"):
        record(family, clerk, {stranger.pk: SupporterAnswer()})


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"member": None}, "consent_signer_member_or_supporter"),
        ({"supporter": True}, "consent_signer_member_or_supporter"),
        ({"unsigned_reason": "lost", "unsigned_note": "x"}, "consent_unsigned_is_a_supporter_with_reason"),
        ({"member": None, "supporter": True, "unsigned_reason": "lost"}, "consent_unsigned_is_a_supporter_with_reason"),
    ],
)
def test_the_database_forbids_a_signature_of_nobody_or_of_two(
    clerk: Staff, family: Household, values: dict[str, Any], constraint: str
) -> None:
    son = add_supporter(family, clerk)
    record(family, clerk)
    if values.get("supporter"):
        values = values | {"supporter": son.pk}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ConsentSigner.objects.update(**values)
