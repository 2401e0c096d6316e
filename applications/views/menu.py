"""Buttons of the case page: which acts the person is offered, and which one is next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.urls import reverse

from applications.forms.act import Act, Check, take_back_check
from applications.forms.acts import ACTS
from applications.forms.base import ActForm
from applications.forms.steps import OPEN_TO_RELATIVES, STEP_ACTS, WHOLE_FIRST
from applications.permissions import Relatives
from applications.queries import CaseFile
from applications.services.ending import may_take_back
from foundation.errors import NotPermitted
from organizations.models import Staff


@dataclass(frozen=True)
class Offer:
    """One act as a button; ``why_not`` says what must come first."""

    act: Act
    file: CaseFile
    form: ActForm
    why_not: str = ""

    @property
    def url(self) -> str:
        return reverse("applications:act", args=[self.file.case.pk, self.act.name])

    @property
    def asks_on_the_spot(self) -> bool:
        """Whether a question beside the button is all that is needed."""
        return self.form.asks_nothing

    @property
    def question(self) -> str:
        return f"{self.act.label}：{self.file.family}的{self.file.case}？"

    @property
    def effect(self) -> str:
        return self.act.effect_on(self.file)


class Menu:
    """The acts that a person is offered on a case.

    :param at: now, for the forms behind the buttons.
    """

    def __init__(self, file: CaseFile, staff: Staff, *, at: datetime) -> None:
        self._file, self._staff, self._at = file, staff, at
        self._may: dict[Check, bool] = {}

    @cached_property
    def offers(self) -> list[Offer]:
        """Every act that may be done now by this person; what a service would refuse outright is not among them."""
        return [offer for offer in self._possible if not self._waits(offer.act)]

    @cached_property
    def is_recused(self) -> bool:
        """Whether the person is, or bears the name of, a registered near relative and keeps out (回避)."""
        return Relatives.among(self._file.relatives).include(self._staff.pk, self._staff.name)

    @cached_property
    def _possible(self) -> list[Offer]:
        acts = [
            act.told_of(self._file.case)
            for act in ACTS.values()
            if not self.is_recused or act.name in OPEN_TO_RELATIVES
        ]
        return [self._offer(act) for act in acts if not act.refusal(self._file) and self._allowed(act)]

    def _waits(self, act: Act) -> bool:
        """Whether an act waits for what the step still lacks."""
        return act.name in WHOLE_FIRST and bool(self._file.lacks)

    @cached_property
    def primary(self) -> Offer | None:
        """This person's one next act: what mends a lack, else what leaves the step, disabled while it lacks something.

        Nobody but who signs has one while a draft waits for its signature.
        """
        by_name = {offer.act.name: offer for offer in self._possible}
        if self._file.case.awaits_signature:
            return self._ready(by_name.get("sign-proposal"))
        mending = next((offer for offer in self.offers if self._mends(offer.act)), None)
        if mending is not None:
            return mending
        steps = (by_name[name] for name in STEP_ACTS[self._file.case.case_state] if name in by_name)
        return self._ready(next(steps, None))

    def _mends(self, act: Act) -> bool:
        """Whether an act brings what is lacking; the county's visit is waited for before the step that needs it."""
        return (bool(self._file.lacks) or act.name == "record-county-visit") and act.mends(self._file)

    def _ready(self, step: Offer | None) -> Offer | None:
        if step is None or not self._waits(step.act):
            return step
        return Offer(step.act, step.file, step.form, why_not=f"还缺{len(self._file.lacks)}项，见下")

    @property
    def head(self) -> list[Offer]:
        """Further acts at the head of the page."""
        return [offer for offer in self._others if offer.act.place == "head"]

    @property
    def more(self) -> list[Offer]:
        """Acts that are rare."""
        return [offer for offer in self._others if offer.act.place == "more"]

    @cached_property
    def by_panel(self) -> dict[str, list[Offer]]:
        """Acts that belong to a panel, by its anchor."""
        found: dict[str, list[Offer]] = {}
        for offer in self.offers:
            found.setdefault(offer.act.place, []).append(offer)
        return found

    @property
    def _others(self) -> Iterable[Offer]:
        primary = self.primary.act if self.primary else None
        return [offer for offer in self.offers if offer.act is not primary]

    def _allowed(self, act: Act) -> bool:
        if act.check is take_back_check:
            return may_take_back(self._file.case, self._staff, events=self._file.events)
        if act.check not in self._may:
            try:
                act.check(self._staff, self._file.case, self._file.on)
            except NotPermitted:
                self._may[act.check] = False
            else:
                self._may[act.check] = True
        return self._may[act.check]

    def _offer(self, act: Act) -> Offer:
        form = act.form_for(self._file.case)
        plain = form.base_fields.keys() <= ActForm.base_fields.keys() and not form.body
        form_class = form if plain else _Asking
        return Offer(act, self._file, form_class(file=self._file, by=self._staff, on=self._file.on, at=self._at))


class _Asking(ActForm):
    """Stands for a form that asks something: it is built on its own page only."""

    @property
    def asks_nothing(self) -> bool:
        return False
