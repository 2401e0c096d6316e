"""Every change of an award."""

from benefits.rules.months import first_month
from benefits.services.batches import BatchShare, BatchVersion, append_versions, lock_awards
from benefits.services.changing import AwardChange, LaterMonth, NotChangeable, change_award, change_care
from benefits.services.ending import AlreadyEnded, end_award
from benefits.services.families import (
    cancel_deaths,
    check_mergeable,
    follow_family,
    mend_deaths,
    note_change,
    settle_check,
    settle_checks,
    take_over,
)
from benefits.services.granting import AlreadyCovered, Care, CoveredPerson, grant_award
from benefits.services.papers import file_paper, file_paper_of_death, file_papers_of_versions
from benefits.services.phasing_out import (
    finish_phase_outs,
    report_less_income,
    revoke_phase_out,
    start_phase_out,
    take_back_phase_out,
)
from benefits.services.recognising import (
    NotRecognisable,
    check_not_recognised,
    end_recognition,
    move_recognitions,
    recognise,
    supersede,
    take_over_recognitions,
    uncover_who_left,
)
from benefits.services.suspending import (
    begin_suspensions,
    decide_resumption,
    decide_suspension,
    may_suspend,
    resume_award,
    suspend_award,
)

__all__ = [
    "AlreadyCovered",
    "AlreadyEnded",
    "AwardChange",
    "BatchShare",
    "BatchVersion",
    "Care",
    "CoveredPerson",
    "LaterMonth",
    "NotChangeable",
    "NotRecognisable",
    "append_versions",
    "begin_suspensions",
    "cancel_deaths",
    "change_award",
    "change_care",
    "check_mergeable",
    "check_not_recognised",
    "decide_resumption",
    "decide_suspension",
    "end_award",
    "end_recognition",
    "file_paper",
    "file_paper_of_death",
    "file_papers_of_versions",
    "finish_phase_outs",
    "first_month",
    "follow_family",
    "grant_award",
    "lock_awards",
    "may_suspend",
    "mend_deaths",
    "move_recognitions",
    "note_change",
    "recognise",
    "report_less_income",
    "resume_award",
    "revoke_phase_out",
    "settle_check",
    "settle_checks",
    "start_phase_out",
    "supersede",
    "suspend_award",
    "take_back_phase_out",
    "take_over",
    "take_over_recognitions",
    "uncover_who_left",
]
