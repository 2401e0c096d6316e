"""事项: what differs between schemes and kinds of cases, one module each."""

from applications.rules.matters.base import Beside, Facts, Further, Matter, Result, Words, with_further
from applications.rules.matters.dibao import DIBAO
from applications.rules.matters.dibao_review import DIBAO_REVIEW
from applications.rules.matters.marginal import MARGINAL
from applications.rules.matters.rigid_expense_household import RIGID_EXPENSE_HOUSEHOLD
from applications.rules.matters.tekun import TEKUN
from applications.rules.matters.tekun_review import TEKUN_REVIEW
from applications.rules.matters.tekun_termination import TEKUN_TERMINATION
from applications.rules.matters.temporary_aid import TEMPORARY_AID

MATTERS: dict[str, Matter] = {
    matter.key: matter
    for matter in (
        DIBAO,
        DIBAO_REVIEW,
        TEKUN,
        TEKUN_REVIEW,
        TEKUN_TERMINATION,
        MARGINAL,
        RIGID_EXPENSE_HOUSEHOLD,
        TEMPORARY_AID,
    )
}
"""Every matter by its key (``dibao.application``)."""

__all__ = ["MATTERS", "Beside", "Facts", "Further", "Matter", "Result", "Words", "with_further"]
