"""Cases of 临时救助（支出型）, and somebody who keeps the aid's record in place of the room above."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.dispatch import Signal

from applications import services, signals
from applications.rules.process import CaseState
from organizations.models.delegations import Scheme
from tests.support.stories import Story, new_story, refusal_to_confirming

AID_SIGNALS = ("aid_proposed", "aid_approved", "aid_ended", "aid_amount_asked", "case_page_opened")


@contextmanager
def only(signal: Signal, *receivers: Callable[..., Any]) -> Iterator[None]:
    """Nobody else hears a signal."""
    before = signal.receivers
    signal.receivers = []
    for receiver in receivers:
        signal.connect(receiver, weak=False)
    try:
        yield
    finally:
        signal.receivers = before


class Keeper:
    """Keeps what it is told; ``refuses`` is raised at the next proposal, ``amount`` is what its record comes to."""

    def __init__(self) -> None:
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.refuses: Exception | None = None
        self.amount: Decimal | None = None
        self.aside: signals.Aside | None = None

    def names(self) -> list[str]:
        return [name for name, _ in self.told]

    def last(self, name: str) -> dict[str, Any]:
        return next(told for said, told in reversed(self.told) if said == name)

    @contextmanager
    def listening(self) -> Iterator["Keeper"]:
        with ExitStack() as stack:
            for name in AID_SIGNALS:
                stack.enter_context(only(getattr(signals, name), self._receiver(name)))
            yield self

    def _receiver(self, name: str) -> Callable[..., Any]:
        def receive(sender: Any, **told: Any) -> Any:
            if name == "aid_amount_asked":
                return self.amount
            if name == "case_page_opened":
                return self.aside
            self.told.append((name, told))
            if name == "aid_proposed" and self.refuses:
                raise self.refuses
            return "已登记救助" if name == "aid_approved" else None

        return receive


@dataclass
class AidStory(Story):
    """A case of temporary aid; its proposal says an amount."""

    amount: Decimal = field(default=Decimal("3000.00"))

    def suggested(self) -> services.ProposalData:
        data = super().suggested()
        return replace(data, aid_amount=self.amount) if data.is_eligible else data


def aid_story(amount: str = "3000.00", **options: Any) -> AidStory:
    """A drafted application of the family of three, which earns 60,000 yuan a year unless said otherwise."""
    told = new_story(scheme=Scheme.TEMPORARY_AID, **{"yearly_wage": "60000.00", **options})
    return AidStory(told.people, told.household, told.intake, told.case, told.today, amount=Decimal(amount))


def aid_case(state: CaseState, amount: str = "3000.00", **options: Any) -> AidStory:
    """A case of temporary aid brought to a state, as people bring it there."""
    story = aid_story(amount, **options)
    for reached, act in _WAY:
        if story.refresh().state == state:
            break
        act(story)
        if reached == state:
            break
    assert story.refresh().state == state
    return story


_WAY: tuple[tuple[CaseState | None, Callable[[AidStory], Any]], ...] = (
    (CaseState.SUBMITTED, lambda s: s.sign_papers().submit()),
    (CaseState.ACCEPTED, lambda s: s.accept()),
    (CaseState.INVESTIGATING, lambda s: s.later().start()),
    (None, lambda s: s.ask_check().later(2).answer_check().visit()),
    (CaseState.PROPOSED, lambda s: s.later().draft().sign()),
    (CaseState.PUBLICISED, lambda s: s.later().publicise().photograph()),
    (CaseState.CONFIRMING, lambda s: s.wait_publicity().close()),
    (CaseState.APPROVED, lambda s: s.later().approve()),
)


def refusing(story: AidStory) -> AidStory:
    """An investigated case goes up with a refusal that the family lets stand."""
    story.ask_check().later(2).answer_check().visit().later().draft().sign()
    refusal_to_confirming(story)
    return story
