from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from foundation.errors import NotPermitted
from households.models import Household
from households.services import NotAllowedNow, add_attachment, record_consent, void_attachment, withdraw_consent
from organizations.models import Staff
from organizations.permissions import Role
from organizations.rules.working_days import Deadline
from tests.households.builders import head, picture, register
from tests.support.factories import AT, ON, make_staff
from verification import services
from verification.models import MeansCheck, MeansCheckFinding
from verification.queries import answerable_by, visible_to

pytestmark = pytest.mark.django_db
DUE = Deadline(on=date(2026, 11, 26), provisional=False)


@pytest.fixture
def clerk(county: None) -> Staff:
    return make_staff(Role.TOWNSHIP_OFFICER, "341824101")


@pytest.fixture
def neighbour(county: None) -> Staff:
    return make_staff(Role.TOWNSHIP_OFFICER, "341824100")


@pytest.fixture
def operator(county: None) -> Staff:
    return make_staff(Role.VERIFICATION_OPERATOR, "341824", name="周核")


@pytest.fixture
def family(clerk: Staff) -> Household:
    family = register(clerk)
    record_consent(family, signed_on=ON, signers={head(family).pk: ""}, by=clerk, on=ON)
    return family


def ask(family: Household, by: Staff) -> MeansCheck:
    return services.request_means_check(family, by=by, on=ON, due=DUE)


DIFFERS = {"source": "bank", "declared": Decimal(15000), "found": Decimal(16400), "agrees": False}
AGREES = {"source": "vehicles", "description": "名下无车", "agrees": True}


def answer(
    check: MeansCheck, by: Staff, result: str = "alert", findings: tuple[dict[str, object], ...] = (DIFFERS,)
) -> MeansCheck:
    return services.answer_means_check(check, result=result, findings=findings, by=by, on=ON)


def test_a_check_rests_on_the_consent_of_all(clerk: Staff, family: Household) -> None:
    check = ask(family, clerk)
    assert (check.batch_number, check.state, check.due_on) == ("HD202611230001", "requested", DUE.on)
    withdraw_consent(check.consent, by=clerk, on=ON)
    with pytest.raises(services.ConsentMissing, match="补签"):
        ask(family, clerk)


def test_one_check_of_a_family_runs_at_a_time_and_numbers_go_on(clerk: Staff, family: Household) -> None:
    first = ask(family, clerk)
    with pytest.raises(services.NotCheckable, match="正在进行"):
        ask(family, clerk)
    services.withdraw_means_check(first, by=clerk)
    assert ask(family, clerk).batch_number == "HD202611230002"


def test_an_answer_is_entered_once(clerk: Staff, operator: Staff, family: Household) -> None:
    check = answer(ask(family, clerk), operator)
    assert (check.state, check.result, check.answered_by) == ("answered", "alert", operator)
    assert check.findings.get().found == Decimal(16400)
    with pytest.raises(services.NotCheckable, match="再次"):
        answer(check, operator)
    with pytest.raises(services.NotCheckable, match="不能撤回"):
        services.withdraw_means_check(check, by=clerk)


@pytest.mark.parametrize(
    ("result", "findings", "sentence"),
    [
        ("alert", (AGREES,), "至少登记一条"),
        ("alert", (), "至少登记一条"),
        ("clean", (DIFFERS,), "不能选"),
        ("", (), "请选择"),
        ("sure", (), "请选择"),
        ("alert", ({**DIFFERS, "found": Decimal(-1)},), "负数"),
    ],
)
def test_result_and_findings_go_together(
    clerk: Staff,
    operator: Staff,
    family: Household,
    result: str,
    findings: tuple[dict[str, object], ...],
    sentence: str,
) -> None:
    check = ask(family, clerk)
    with pytest.raises(services.NotCheckable, match=sentence):
        answer(check, operator, result, findings)
    assert MeansCheck.objects.get().state == "requested"


def test_a_finding_names_members_of_the_family_only(clerk: Staff, operator: Staff, family: Household) -> None:
    stranger = head(register(clerk))
    with pytest.raises(ValueError, match="another family"):
        answer(ask(family, clerk), operator, findings=({**DIFFERS, "member": stranger},))


def test_the_family_is_told_of_differences_only(clerk: Staff, operator: Staff, family: Household) -> None:
    check = answer(ask(family, clerk), operator, "clean", (AGREES,))
    with pytest.raises(services.NotCheckable, match="不需要告知"):
        services.tell_family(check, statement="利息", by=clerk, on=ON)
    second = answer(ask(family, clerk), operator)
    with pytest.raises(services.NotCheckable, match="说明"):
        services.tell_family(second, statement=" ", by=clerk, on=ON)
    told = services.tell_family(second, statement="多出的是利息。", by=clerk, on=ON)
    assert (told.told_family_on, told.family_statement) == (ON, "多出的是利息。")


def test_only_who_may_does(clerk: Staff, neighbour: Staff, operator: Staff, family: Household) -> None:
    check = ask(family, clerk)
    acts: list[Callable[[], object]] = [
        lambda: ask(family, neighbour),
        lambda: ask(family, operator),
        lambda: answer(check, clerk),
        lambda: services.withdraw_means_check(check, by=neighbour),
        lambda: services.tell_family(check, statement="x", by=neighbour, on=ON),
    ]
    for act in acts:
        with pytest.raises(NotPermitted):
            act()


def test_lists_are_cut_to_the_area(clerk: Staff, neighbour: Staff, operator: Staff, family: Household) -> None:
    check = ask(family, clerk)
    assert list(answerable_by(operator)) == list(visible_to(operator)) == list(visible_to(clerk)) == [check]
    assert not visible_to(neighbour).exists() and not answerable_by(clerk).exists()


def test_a_report_of_a_check_is_not_voided(clerk: Staff, operator: Staff, family: Household) -> None:
    answer(ask(family, clerk), operator)
    report = add_attachment(family, kind="other", upload=picture(), by=clerk, at=AT)
    check = MeansCheckFinding.objects.get().means_check
    MeansCheckFinding.objects.create(means_check=check, source="bank", report=report)
    with pytest.raises(NotAllowedNow, match="回执"):
        void_attachment(report, reason="传错", by=clerk, at=AT)
