"""Versions of an uplift (提标) laid behind what awards stand on, each resting on an assessment of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from benefits.models import AwardVersion, VersionKind
from benefits.services import BatchShare, BatchVersion, Care, LaterMonth, append_versions
from dynamic_review.models import Uplift
from dynamic_review.queries.standings import award_cases
from dynamic_review.rules.uplift import Apart, Outcome
from dynamic_review.services.reckoning import Books, NewAward, NewTerms, uplifted
from dynamic_review.services.uplift_calls import call_for_review
from dynamic_review.services.uplift_notices import void_notice_of_former_sum
from eligibility.services import ReckonedFamily, store_reckoned
from organizations.models import Staff


@dataclass(frozen=True)
class Source:
    """On what versions of an uplift rest, in words and as its number."""

    reason: str
    number: str
    kind: str = VersionKind.UPLIFT

    @classmethod
    def of(cls, uplift: Uplift) -> "Source":
        return cls(f"提标：{uplift.title}"[:100], uplift.number)


def lay(going: Sequence[NewAward], *, source: Source, by: Staff, on: date) -> dict[int, int]:
    """Write assessments and versions of some locked awards; by award the key of the last version written."""
    terms = [(new, one) for new in going for one in _from_first_change(new)]
    families = [
        ReckonedFamily(new.case.award.household_id, one.found.facts, one.parameters)
        for new, one in terms
        if one.found.facts is not None
    ]
    kept = store_reckoned(families, by=by)
    rows, serials = [], {new.case.award.pk: new.case.latest.serial for new in going}
    for (new, one), assessment in zip(terms, kept, strict=True):
        serials[new.case.award.pk] += 1
        rows.append(_version(source, new, one, serial=serials[new.case.award.pk], assessment_id=assessment.pk))
    return {version.award_id: version.pk for version in append_versions(rows, by=by, on=on)}


def _from_first_change(new: NewAward) -> list[NewTerms]:
    """The first segment that changes and all after it: a version written later holds over every earlier one."""
    first = next(place for place, one in enumerate(new.terms) if one.found.outcome is not Outcome.SAME)
    return list(new.terms[first:])


def _version(source: Source, new: NewAward, one: NewTerms, *, serial: int, assessment_id: int) -> BatchVersion:
    segment, found = one.segment, one.found
    version = segment.version
    care = Care(found.care_monthly_amount, version.care_level, version.support_mode) if version.care_level else None
    return BatchVersion(
        award_id=new.case.award.pk,
        serial=serial,
        from_month=segment.from_month,
        kind=source.kind,
        category=version.category,
        basis=version.basis,
        shares=[
            BatchShare(segment.people[share.person], share.base, share.topup, share.topup_class)
            for share in found.shares
        ],
        reason=source.reason,
        source=source.number,
        assessment_id=assessment_id,
        care=care,
    )


def lay_by_later_standards(version: AwardVersion, *, later: Sequence[LaterMonth]) -> None:
    """Reckon what one version just laid says by the standards of later months, and lay each behind it.

    The award is locked by whoever wrote the version. Where one cannot be reckoned, the award is reviewed from that
    month on: nothing of it is lost.
    """
    books = Books()
    for one in later:
        (case,) = award_cases([version.award_id], since=one.from_month)
        # What stood before the award was suspended holds once it goes on.
        held = None if case.apart is Apart.SUSPENDED else case.apart
        new = uplifted(replace(case, segments=case.segments[:1], apart=held), books=books)
        if new.apart is not None and new.apart.apart is not None:
            call_for_review(version, later=one, why=new.apart.apart)
        elif new.outcome is not Outcome.SAME:
            source = Source(one.reason, one.source, one.kind)
            lay([new], source=source, by=version.decided_by, on=version.decided_on)
            if one.kind == VersionKind.UPLIFT:
                void_notice_of_former_sum(version, number=one.source)
