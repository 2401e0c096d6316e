"""Who may do which act on a case; every act that a case page offers is named here."""

from organizations.permissions import Permission

P = Permission


def _any(*permissions: Permission) -> frozenset[Permission]:
    return frozenset(permissions)


NOBODY: frozenset[Permission] = frozenset()
"""None of the visitors: only who made the last step takes it back, and a stranger to the case made none."""
ACTS: dict[str, frozenset[Permission]] = {
    "submit": _any(P.OPEN_INTAKE),
    "add-paper": _any(P.OPEN_INTAKE),
    "accept": _any(P.ACCEPT),
    "ask-supplement": _any(P.ACCEPT),
    "receive-supplement": _any(P.ACCEPT),
    "start-investigation": _any(P.INVESTIGATE),
    "ask-means-check": _any(P.REQUEST_MEANS_CHECK),
    "tell-family": _any(P.INVESTIGATE),
    "record-visit": _any(P.INVESTIGATE),
    "record-county-visit": _any(P.COUNTY_VISIT),
    "record-self-care": _any(P.INVESTIGATE),
    "record-support-choice": _any(P.INVESTIGATE),
    "record-appraisal": _any(P.INVESTIGATE),
    "record-recheck": _any(P.INVESTIGATE),
    "draft-proposal": _any(P.PROPOSE),
    "sign-proposal": _any(P.SIGN_PROPOSAL),
    "return-draft": _any(P.SIGN_PROPOSAL),
    "tell-not-eligible": _any(P.PROPOSE),
    "publicise": _any(P.PUBLICISE),
    "send-to-confirm": _any(P.PROPOSE),
    "contest": _any(P.PROPOSE),
    "add-publicity-photo": _any(P.OPEN_INTAKE),
    "close-publicity": _any(P.PUBLICISE),
    "raise-objection": _any(P.PUBLICISE),
    "resolve-objection": _any(P.INVESTIGATE),
    "reinvestigate": _any(P.INVESTIGATE),
    "call-appraisal": _any(P.INVESTIGATE),
    "approve": _any(P.CONFIRM),
    "send-back": _any(P.CONFIRM),
    "refuse": _any(P.CONFIRM),
    "resume": _any(P.INVESTIGATE),
    "announce": _any(P.PUBLICISE),
    "deliver": _any(P.RECORD_DELIVERY),
    "reissue": _any(P.ISSUE_DOCUMENT),
    "declare-relative": _any(P.REGISTER_RELATIVE),
    "receive-complaint": _any(P.COUNTY_VISIT, P.ACCEPT),
    "extend-deadline": _any(P.EXTEND_DEADLINE),
    "take-back": NOBODY,
    "withdraw": _any(P.ACCEPT),
    "record-verification": _any(P.INVESTIGATE),
    "end-support": _any(P.CONFIRM),
    "keep-support": _any(P.CONFIRM),
    "call-off": _any(P.ACCEPT),
    "tell-review": _any(P.PROPOSE),
    "contest-review": _any(P.PROPOSE),
    "decide-review": _any(P.CONFIRM),
    "call-off-review": _any(P.ACCEPT),
    "terminate": _any(P.ACCEPT, P.CONFIRM),
}
"""Acts on a case of a township whose confirmation is not delegated."""
