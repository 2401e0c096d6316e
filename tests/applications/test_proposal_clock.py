"""From when the proposal that is still to be signed is counted (受理至初审, 公示异议至重新初审); F43 §§13, 15."""

from datetime import date

from applications.rules.process import CaseState, EventKind, proposal_clock

S, E = CaseState, EventKind
ACCEPTED = date(2026, 9, 7)
STARTED = (E.INVESTIGATION_STARTED, S.ACCEPTED, date(2026, 9, 8))
PROPOSED = (E.PROPOSED, S.INVESTIGATING, date(2026, 9, 14))
OBJECTED = (E.OBJECTED, S.PUBLICISED, date(2026, 9, 17))


def clock(*happened: tuple[str, str, date]) -> tuple[bool, date] | None:
    return proposal_clock(happened, accepted_on=ACCEPTED)


def test_investigating_and_proposing_are_counted_from_acceptance_in_all() -> None:
    assert clock() == clock(STARTED) == (False, ACCEPTED)


def test_nothing_is_counted_once_the_proposal_is_signed() -> None:
    assert clock(STARTED, PROPOSED) is None


def test_a_signature_taken_back_leaves_the_days_as_they_were() -> None:
    taken_back = (E.TAKEN_BACK, S.PROPOSED, date(2026, 9, 14))
    assert clock(STARTED, PROPOSED, taken_back) == (False, ACCEPTED)


def test_after_an_objection_the_new_opinion_is_counted_from_the_objection() -> None:
    again = (E.REINVESTIGATED, S.OBJECTED, date(2026, 9, 18))
    assert clock(STARTED, PROPOSED, OBJECTED, again) == (True, date(2026, 9, 17))
    assert clock(STARTED, PROPOSED, OBJECTED, again, (E.PROPOSED, S.INVESTIGATING, date(2026, 9, 25))) is None


def test_a_case_returned_by_the_county_is_counted_by_its_own_steps() -> None:
    assert clock(STARTED, PROPOSED, (E.RETURNED, S.CONFIRMING, date(2026, 9, 30))) is None
