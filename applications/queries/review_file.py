"""What the file of a review (复核) shows beside what every case's does."""

from dataclasses import replace
from datetime import date
from functools import cached_property

from applications.models import Proposal
from applications.queries.family_file import FamilyFile
from applications.queries.naming import named_differences
from applications.queries.reviewing import (
    Changed,
    suspension_to_settle,
    version_in_force,
    version_numbered,
    what_changed,
)
from applications.queries.shown import ShownAssessment
from applications.queries.telling import intended, result_words
from benefits.models import AwardSuspension, AwardVersion


class ReviewFile(FamilyFile):
    """The award under review and what changed since it was decided."""

    @property
    def assessment(self) -> ShownAssessment | None:
        """The assessment that the page shows; the file that inherits this has it."""
        raise NotImplementedError

    @property
    def proposal(self) -> Proposal | None:
        """The proposal that stands; the file that inherits this has it."""
        raise NotImplementedError

    @property
    def effect_month(self) -> date:
        """From which month a decision takes effect; the file that inherits this has it."""
        raise NotImplementedError

    @property
    def proposed_result(self) -> str:
        """拟作的决定 in words."""
        return intended(self.case, self.proposal) if self.proposal else ""

    @property
    def decided_result(self) -> str:
        """复核结果 in words."""
        decision = getattr(self.case, "decision", None)
        return result_words(self.case, decision.result) if decision and decision.result else ""

    @cached_property
    def still_suspended(self) -> AwardSuspension | None:
        """The suspension that goes on although the decided review found that the award is paid on (暂缓发放)."""
        decision = getattr(self.case, "decision", None)
        return suspension_to_settle(decision) if decision and self.case.matter.is_review else None

    @cached_property
    def version_reviewed(self) -> AwardVersion | None:
        """The award as it is in force; once decided, as it was in force before."""
        award = self.case.award
        if not self.case.matter.is_review or award is None:
            return None
        decision = getattr(self.case, "decision", None)
        if decision is None:
            proposal = self.proposal
            return version_in_force(award, on=self.on, month=proposal.from_month if proposal else self.effect_month)
        return version_numbered(award, decision.further["beside"]["award"]["version"])

    @cached_property
    def changed(self) -> Changed | None:
        """The family beside the assessment that the award in force rests on (变化比对), in words."""
        version, shown = self.version_reviewed, self.assessment
        if version is None or self.case.award is None:
            return None
        result, facts = (shown.result, shown.facts) if shown else ({}, {})
        found = what_changed(self.case.award, result, facts, version=version).of_person(self.case.matter.person)
        return replace(found, facts=named_differences(found.facts, self.case.household) if found.facts else [])
