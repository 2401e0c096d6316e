"""Who reports, handles, decides and pays temporary aid, who keeps the reserve, and whose a paper is."""

from documents.models import DocumentKind
from organizations.permissions import Permission, can_act, check_can_act
from temporary_aid.rules.states import DecidedBy

__all__ = ["OF_THE_DECISION", "Permission", "can_act", "check_can_act", "paper_permission"]

OF_THE_DECISION = frozenset({DocumentKind.TEMP_AID_FORM, DocumentKind.TEMP_AID_NOTICE, DocumentKind.TEMP_AID_REFUSAL})
"""Papers that only who decides for the body may void and issue anew."""


def paper_permission(kind: str, *, level: str) -> Permission:
    """What it takes to void a paper of an aid or to issue it anew.

    :param level: at which the aid was decided (:class:`temporary_aid.rules.states.DecidedBy`).
    """
    if kind not in OF_THE_DECISION:
        return Permission.ISSUE_DOCUMENT
    return Permission.APPROVE_AID_COUNTY if level == DecidedBy.COUNTY else Permission.APPROVE_AID_TOWNSHIP
