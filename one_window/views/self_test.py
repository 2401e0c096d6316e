"""资格自测 for families: public, a few plain questions, an answer with papers and place; nothing is stored anywhere.

Everything typed travels in the form itself, by POST. The page sets no cookie, so it can bring no token either; none is
needed, since nothing is changed by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from applications.models.intakes import PaperKind
from applications.papers.bodies import HOTLINE
from eligibility.queries import FiguresInForce, MissingParameters, figures_in_force
from eligibility.rules import Assessment, TekunOutcome, assess
from eligibility.rules.ages import LABOUR_FROM
from foundation.access import public
from foundation.rates import is_within_rate
from one_window import queries
from one_window.forms.self_test import IncomeForm, SelfTest, Step, kept_values
from one_window.rules.self_test.answers import MOST_PEOPLE, MOST_RELATIVES, Told
from one_window.rules.self_test.facts import facts_of, yearly_income
from one_window.rules.self_test.further import further, is_without_adult
from one_window.rules.self_test.guide import guides
from one_window.rules.self_test.papers import papers_to_bring
from one_window.rules.self_test.verdicts import Verdict
from organizations.models import Area

STEPS_A_MINUTE = 60
"""Steps sent from one address: many phones share one, and a whole self-test takes five."""
MOST_BYTES = 64 * 1024
"""Far more than the largest family can type."""
_SIGNED_AT_WINDOW = (PaperKind.APPLICATION_FORM, PaperKind.AUTHORIZATION_LETTER, PaperKind.COMMITMENT_LETTER)
_NOT_SHOWN = ("category.", "temporary_aid.")
"""Findings that staff use only: the suggested category, and an amount that nobody has proposed yet."""


@public
@csrf_exempt
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def self_test(request: HttpRequest) -> HttpResponse:
    """The self-test (资格自测), one step after the other."""
    if request.method == "POST":
        if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
            raise RequestDataTooBig
        if not is_within_rate(request, "one_window:self_test", a_minute=STEPS_A_MINUTE):
            return _busy(request)
    areas = queries.self_test_areas()
    test = SelfTest(request.POST if request.method == "POST" else QueryDict(), areas=_choices(areas))
    try:
        return _turn(request, test, areas)
    except MissingParameters:
        return _render(request, "unavailable", {"window": _window(test, areas)}, status=503)


def _choices(areas: Sequence[Area]) -> list[tuple[str, str]]:
    return [(area.code, f"{area.name}（不清楚是哪个乡镇）" if not area.township_code else area.name) for area in areas]


def _turn(request: HttpRequest, test: SelfTest, areas: Sequence[Area]) -> HttpResponse:
    """Go where the button says, as far as everything before is right; after the last step the answer."""
    if request.method == "GET":
        return _show(request, test, Step.PLACE)
    step = _step(request.POST.get("step"))
    test, target = _moved(test, step, request.POST.get("go", "next"))
    needed = (*step.before, step) if target is None else target.before
    for earlier in needed:
        if earlier is not Step.RELATIVES and (faults := test.faults(earlier)):
            return _show(request, test, earlier, faults=faults)
    target = target or step.after
    if target is None or target is Step.RELATIVES:
        return _ask_or_answer(request, test, areas, reached=target)
    return _show(request, test, target)


def _step(text: str | None) -> Step:
    return Step(text) if text in set(Step) else Step.PLACE


def _moved(test: SelfTest, step: Step, go: str) -> tuple[SelfTest, Step | None]:
    """The step that a button leads to, with rows added or removed; None for going on."""
    word, _, place = go.partition("-")
    if go == "add-person":
        return test.with_another_person(), Step.PEOPLE
    if go == "add-relative":
        return test.with_another_relative(), Step.RELATIVES
    if word == "remove" and place.isdecimal() and 0 < int(place) < MOST_PEOPLE:
        return test.without_person(int(place)), Step.PEOPLE
    if word == "to":
        return test, _step(place)
    if go == "stay":
        return test, step
    if go == "back":
        return test, (step.before or (step,))[-1]
    return test, None


@dataclass(frozen=True)
class _Reckoned:
    told: Told
    area: Area
    figures: FiguresInForce
    result: Assessment

    @property
    def unknown(self) -> list[int]:
        """Of whom it must be known whether somebody outside ought to support them, by place."""
        counted = [member.member for member in self.result.tekun if member.outcome is TekunOutcome.UNKNOWN]
        return [int(reference) - 1 for reference in counted]


def _reckon(test: SelfTest, areas: Sequence[Area], *, on: date) -> _Reckoned:
    told = test.told()
    area = next(area for area in areas if area.code == told.area_code)
    figures = figures_in_force(area, residence=told.residence.value, on=on)
    return _Reckoned(told, area, figures, assess(facts_of(told, on=on), figures.parameters))


def _ask_or_answer(
    request: HttpRequest, test: SelfTest, areas: Sequence[Area], *, reached: Step | None
) -> HttpResponse:
    """The answer; before it, where it decides, the question about relatives outside.

    :param reached: the step of the relatives where it has only just been reached, None where it was answered.
    """
    on = timezone.localdate()
    reckoned = _reckon(test, areas, on=on)
    if reckoned.unknown:
        test = test.asking_about(reckoned.unknown)
        faults = [] if reached else test.faults(Step.RELATIVES)
        if reached or faults:
            return _show(request, test, Step.RELATIVES, faults=faults)
        reckoned = _reckon(test, areas, on=on)
    return _answer(request, test, reckoned)


def _show(request: HttpRequest, test: SelfTest, step: Step, *, faults: Sequence[tuple[str, str]] = ()) -> HttpResponse:
    if not faults:
        test.quieten(step)
    context: dict[str, Any] = {
        "test": test,
        "step": step,
        "last_step": Step.MEANS,
        "kept": list(kept_values(test.data, shown=step)),
        "faults": faults,
        "may_add": test.count < MOST_PEOPLE,
        "may_add_relative": test.relatives_count < MOST_RELATIVES,
    }
    if step is Step.INCOMES:
        context["incomes"] = _named_incomes(test)
    if step is Step.RELATIVES:
        context["asked"] = [name for _, name in test.asked_names]
    return _render(request, step.value, context, status=422 if faults else 200)


def _named_incomes(test: SelfTest) -> list[tuple[IncomeForm, str, bool]]:
    """Everybody's questions on income with their name; those of children stay folded."""
    ages = [form.cleaned_data["age"] for form in test.people]
    return [(form, name, age < LABOUR_FROM) for form, name, age in zip(test.incomes, test.names, ages, strict=True)]


def _answer(request: HttpRequest, test: SelfTest, reckoned: _Reckoned) -> HttpResponse:
    told, result = reckoned.told, reckoned.result
    answers = guides(told, result)
    context = {
        "test": test,
        "step": Step.RELATIVES if test.asked else Step.MEANS,
        "steps": [step for step in Step if step is not Step.RELATIVES or test.asked],
        "kept": list(kept_values(test.data)),
        "told": told,
        "area": reckoned.area,
        "on": result.on,
        "answers": answers,
        "likely": [answer.summary for answer in answers if answer.verdict is Verdict.LIKELY],
        "to_ask": [answer.summary for answer in answers if answer.verdict is Verdict.ASK],
        "is_without_income": not yearly_income(told),
        "is_without_adult": is_without_adult(told),
        "further": further(told, result),
        "papers": papers_to_bring(queries.listed_papers(), told, answers),
        "signed_at_window": [kind.label for kind in _SIGNED_AT_WINDOW],
        "window": queries.window_contact(reckoned.area),
        "samples": reckoned.figures.samples,
        "findings": [finding for finding in result.findings if not finding.rule.startswith(_NOT_SHOWN)],
    }
    return _render(request, "answer", context)


def _window(test: SelfTest, areas: Sequence[Area]) -> queries.WindowContact:
    code = test.told().area_code
    return queries.window_contact(next(area for area in areas if area.code == code))


def _busy(request: HttpRequest) -> HttpResponse:
    """Too many at once: what was typed waits in the page; the database is not asked."""
    context = {
        "kept": list(kept_values(request.POST)),
        "step": _step(request.POST.get("step")),
        "go": request.POST.get("go", "next"),
    }
    return _render(request, "busy", context, status=429)


def _render(request: HttpRequest, page: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return render(request, f"one_window/self_test/{page}.html", context | {"hotline": HOTLINE}, status=status)
