"""The state of an aid and what may follow on what (django-fsm)."""

from collections.abc import Iterable

from django.db import models
from django_fsm import FSMField, FSMModelMixin, transition

from eligibility.rules.choices import HardshipType
from temporary_aid.rules.states import BEFORE_DECISION, FINAL_STATES, AidState

_S = AidState


def values_of(states: Iterable[AidState]) -> list[str]:
    """The states as the database holds them, in one order."""
    return sorted(state.value for state in states)


class AidSteps(FSMModelMixin, models.Model):
    """Where an aid stands; ``kind`` is the aid's own."""

    kind: str
    state = FSMField(
        "状态",
        max_length=20,
        choices=[(state.value, state.label) for state in AidState],
        default=AidState.OPENED.value,
        protected=True,
    )

    class Meta:
        abstract = True

    @property
    def aid_state(self) -> AidState:
        """The state as an enum member."""
        return AidState(self.state)

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self.state not in FINAL_STATES

    @property
    def hardship(self) -> HardshipType:
        """急难型 or 支出型 as the rules name it."""
        return HardshipType(self.kind)

    @transition("state", source=_S.OPENED.value, target=_S.ADVANCE_ASKED.value)
    def ask_advance(self) -> None: ...

    @transition("state", source=_S.ADVANCE_ASKED.value, target=_S.OPENED.value)
    def decline_advance(self) -> None: ...

    @transition("state", source=[_S.OPENED.value, _S.ADVANCE_ASKED.value], target=_S.ADVANCED.value)
    def advance(self) -> None: ...

    @transition("state", source=_S.ADVANCED.value, target=_S.SUPPLEMENTED.value)
    def supplement(self) -> None: ...

    @transition("state", source=_S.SUPPLEMENTED.value, target=_S.ADVANCED.value)
    def return_supplement(self) -> None: ...

    @transition("state", source=[_S.OPENED.value, _S.ADVANCE_ASKED.value], target=_S.PROPOSED.value)
    def propose(self) -> None: ...

    @transition("state", source=_S.PROPOSED.value, target=_S.OPENED.value)
    def send_back(self) -> None: ...

    @transition("state", source=_S.OPENED.value, target=_S.IN_CASE.value)
    def enter_case(self) -> None: ...

    @transition(
        "state",
        source=[_S.OPENED.value, _S.PROPOSED.value, _S.SUPPLEMENTED.value, _S.IN_CASE.value],
        target=_S.APPROVED.value,
    )
    def approve(self) -> None: ...

    @transition(
        "state",
        source=[_S.OPENED.value, _S.PROPOSED.value, _S.IN_CASE.value],
        target=_S.REFUSED.value,
    )
    def refuse(self) -> None: ...

    @transition("state", source=values_of({*BEFORE_DECISION, _S.IN_CASE}), target=_S.WITHDRAWN.value)
    def withdraw(self) -> None: ...

    @transition(
        "state",
        source=[_S.ADVANCED.value, _S.SUPPLEMENTED.value, _S.APPROVED.value, _S.CLOSED.value],
        target=_S.RECOUPING.value,
    )
    def recoup(self) -> None: ...

    @transition("state", source=_S.RECOUPING.value, target=_S.RECOUPED.value)
    def settle_recoupment(self) -> None: ...

    @transition("state", source=_S.APPROVED.value, target=_S.CLOSED.value)
    def close(self) -> None: ...
