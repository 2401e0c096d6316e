"""生活自理能力 and 供养方式 as an assessment found them."""

from collections.abc import Collection

from django.db import transaction

from households.models import Household, Person
from households.models.people import SELF_CARE_INDICATORS, SupportMode
from households.services.checks import touch


@transaction.atomic
def write_self_care(person: Person, *, unable: Collection[str], support_mode: str) -> Person:
    """Write which of the six indicators (F43 §21) a person does not manage, and the mode of support they chose.

    Whether the writer may say so is the caller's duty, which holds the assessment.

    :raises ValueError: an indicator or a mode that does not exist.
    """
    if set(unable) - set(SELF_CARE_INDICATORS) or support_mode not in SupportMode.values:
        raise ValueError(f"no such indicators or mode: {sorted(unable)}, {support_mode}")
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    person.unable_self_care = [indicator for indicator in SELF_CARE_INDICATORS if indicator in unable]
    person.support_mode = support_mode
    person.save(update_fields=["unable_self_care", "support_mode"])
    return person


@transaction.atomic
def mark_tekun_since_minor(person: Person, *, is_so: bool = True) -> None:
    """Keep whether a person was recognised as 特困 while under age and still is (F43 §24).

    The decision's permission is checked by the caller, which holds the case.
    """
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if person.tekun_since_minor != is_so:
        person.tekun_since_minor = is_so
        person.save(update_fields=["tekun_since_minor"])


@transaction.atomic
def write_reassessment(household: Household, person: Person, *, unable: Collection[str], support_mode: str) -> Person:
    """:func:`write_self_care` for somebody supported already (复核评估), under the family's lock, counting a version.

    :raises ValueError: an indicator or a mode that does not exist.
    """
    household = Household.objects.select_for_update(no_key=True).get(pk=household.pk)
    written = write_self_care(person, unable=unable, support_mode=support_mode)
    touch(household)
    return written
