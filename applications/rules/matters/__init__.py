"""事项: what differs between schemes and kinds of cases, one module each."""

from applications.rules.matters.base import Facts, Matter, Result
from applications.rules.matters.dibao import DIBAO
from applications.rules.matters.tekun import TEKUN

MATTERS: dict[str, Matter] = {matter.key: matter for matter in (DIBAO, TEKUN)}
"""Every matter by its key (``dibao.application``)."""

__all__ = ["MATTERS", "Facts", "Matter", "Result"]
