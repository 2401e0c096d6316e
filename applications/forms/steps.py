"""What leaves each state of a case: the acts that may be the one primary button, and what they wait for."""

from applications.rules.process import CaseState

_S = CaseState

STEP_ACTS: dict[CaseState, tuple[str, ...]] = {
    _S.DRAFT: ("submit",),
    _S.SUBMITTED: ("accept",),
    _S.SUPPLEMENTING: ("accept",),
    _S.ACCEPTED: ("start-investigation",),
    _S.INVESTIGATING: ("sign-proposal", "draft-proposal"),
    _S.APPRAISING: ("sign-proposal", "draft-proposal"),
    _S.PROPOSED: ("publicise", "tell-not-eligible", "tell-review", "send-to-confirm"),
    _S.PUBLICISED: ("close-publicity",),
    _S.OBJECTED: ("reinvestigate",),
    _S.CONFIRMING: ("approve", "refuse", "end-support", "keep-support", "decide-review"),
    _S.RETURNED: ("resume",),
    _S.APPROVED: ("announce", "deliver"),
    _S.REFUSED: ("deliver",),
    _S.WITHDRAWN: (),
    _S.TERMINATED: (),
}
"""What leaves each state, in the order in which it is offered as the one primary button."""

WHOLE_FIRST = frozenset(
    {
        "accept",
        "draft-proposal",
        "sign-proposal",
        "send-to-confirm",
        "close-publicity",
        "approve",
        "refuse",
        "end-support",
        "keep-support",
        "decide-review",
    }
)
"""Acts whose services refuse while the step lacks something."""

OPEN_TO_RELATIVES = frozenset(
    {"submit", "add-paper", "declare-relative", "receive-complaint", "add-publicity-photo", "withdraw", "deliver"}
)
"""Acts that a registered near relative of the family may still do (see ``rules.process``)."""
