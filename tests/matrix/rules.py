"""Who may go through which door: one rule for every URL, written from the roles' duties and not from the views.

A URL without a rule fails its test, and so does an act, a family event or a revealed value that is not named here.
"""

from collections.abc import Iterator
from typing import Any

from applications.models import StepTerm
from documents.models import NumberPrefix
from organizations.permissions import ROLE_PERMISSIONS, Permission, Role
from tests.matrix.accounts import ACCOUNTS
from tests.matrix.acts import ACTS, NOBODY
from tests.matrix.aid_advances import AID_ADVANCE_DOORS
from tests.matrix.aid_deciding import AID_DECIDING_DOORS
from tests.matrix.aid_papers import AID_PAPER_DOORS
from tests.matrix.aid_reserve import RESERVE_DOORS
from tests.matrix.aid_stages import AID_STAGE_DOORS
from tests.matrix.awards import AWARD_DOORS
from tests.matrix.care import CARE_DOORS
from tests.matrix.payment import PAYMENT
from tests.matrix.reviews import REVIEW_DOORS
from tests.matrix.rule import BOTH, POST, Kwargs, Rule, any_of, each, plain
from tests.matrix.supervision import SUPERVISION
from tests.matrix.uplifts import UPLIFTS
from tests.matrix.world import World

P = Permission

# --- Objects ----------------------------------------------------------------------------------------------------


def _family(**more: Any) -> Kwargs:
    return lambda world: [{"pk": world.story.household.pk, **more}]


def _member(world: World) -> list[dict[str, Any]]:
    family = world.story.household
    return [{"pk": family.pk, "member_pk": member.pk} for member in family.members.order_by("pk")[:2]]


def _revealed(world: World) -> list[dict[str, Any]]:
    family = world.story.household
    head = family.members.get(relation="head")
    items = {
        "id-number": head.pk,
        "phone": family.pk,
        "permit-number": family.pk,
        "account": family.bank_accounts.get().pk,
        "agent-id": family.agents.get().pk,
        "agent-phone": family.agents.get().pk,
        "supporter-id": head.supporters.get().pk,
        "supporter-phone": head.supporters.get().pk,
    }
    assert items.keys() == set(REVEALED)
    return [{"pk": family.pk, "what": what, "item": item} for what, item in items.items()]


def _transfers(world: World) -> list[dict[str, Any]]:
    """A family of the neighbour's on its way here, and one from here on its way to the neighbour."""
    incoming, outgoing = world.transfers()
    return [
        {"pk": incoming.pk, "answer": "accept"},
        {"pk": incoming.pk, "answer": "decline"},
        {"pk": outgoing.pk, "answer": "take-back"},
    ]


def _award_check(world: World) -> list[dict[str, Any]]:
    return [{"pk": world.award_check().pk}]


def _recognition(world: World) -> list[dict[str, Any]]:
    return [{"pk": world.recognition().pk}]


def _tekun_award(world: World) -> list[dict[str, Any]]:
    return [{"pk": world.tekun_award().pk}]


def _case(world: World) -> list[dict[str, Any]]:
    return [{"pk": world.story.case.pk}]


def _cases(world: World) -> list[dict[str, Any]]:
    return [{"pk": story.case.pk} for story in world.stories]


def _batch(world: World) -> list[dict[str, Any]]:
    return [{"pk": world.batch().pk}]


def _draw(world: World) -> list[dict[str, Any]]:
    return [{"pk": world.draw().pk}]


def _intake(world: World) -> list[dict[str, Any]]:
    return [{"pk": world.story.intake.pk}]


def _delegation(**more: Any) -> Kwargs:
    return lambda world: [{"pk": world.delegation().pk, **more}]


def _term(world: World) -> list[dict[str, Any]]:
    return [{"pk": StepTerm.objects.order_by("pk").values_list("pk", flat=True)[0]}]


def _prefix(world: World) -> list[dict[str, Any]]:
    return [{"pk": NumberPrefix.objects.order_by("pk").values_list("pk", flat=True)[0]}]


def _checks(world: World) -> list[dict[str, Any]]:
    return [{"pk": story.check.pk} for story in world.stories]


def _check_member(world: World) -> list[dict[str, Any]]:
    head = world.story.household.members.get(relation="head")
    return [{"pk": world.story.check.pk, "member_pk": head.pk}]


def _consent(world: World) -> list[dict[str, Any]]:
    family = world.story.household
    return [{"pk": family.pk, "consent_pk": consent.pk} for consent in family.consents.all()[:1]]


def _attachment(world: World) -> list[dict[str, Any]]:
    return [{"pk": world.attachment().pk}]


def _documents(world: World) -> list[dict[str, Any]]:
    return [{"pk": document.pk} for document in world.documents()]


def _one_document(world: World) -> list[dict[str, Any]]:
    return _documents(world)[:1]


def _parameter(world: World) -> list[dict[str, Any]]:
    return [{"key": "dibao_monthly_standard"}]


# --- Families ---------------------------------------------------------------------------------------------------

REVEALED = (
    "id-number",
    "phone",
    "permit-number",
    "account",
    "agent-id",
    "agent-phone",
    "supporter-id",
    "supporter-phone",
)
FAMILY_EVENTS = (
    "birth",
    "marry",
    "divorce",
    "death",
    "mend-death",
    "cancel-death",
    "leave",
    "head",
    "split",
    "merge",
    "move",
    "identify",
)
SEE, KEEP = any_of(P.VIEW_HOUSEHOLD), any_of(P.REGISTER_HOUSEHOLD)
ATTACH = any_of(
    P.REGISTER_HOUSEHOLD,
    P.OPEN_INTAKE,
    P.INVESTIGATE,
    P.ANSWER_MEANS_CHECK,
    P.PUBLICISE,
    P.SIGN_PROPOSAL,
    P.COUNTY_VISIT,
    P.CONFIRM,
)


def _kept(kwargs: Kwargs, methods: tuple[str, ...] = BOTH) -> Rule:
    return Rule(KEEP, SEE, KEEP, kwargs, methods)


_FAMILIES = {
    "list": Rule(SEE, methods=BOTH),
    "export": Rule(any_of(P.EXPORT), methods=POST),
    "full_export": Rule(any_of(P.FULL_EXPORT), methods=BOTH),
    "duplicates": Rule(any_of(P.VIEW_DUPLICATES)),
    "register": Rule(KEEP, methods=BOTH),
    "transfers": Rule(KEEP),
    "answer_transfer": Rule(KEEP, KEEP, None, _transfers, BOTH),
    "lookup": Rule(any_of(P.REGISTER_HOUSEHOLD, P.OPEN_INTAKE), methods=POST),
    "attachment": Rule(SEE, SEE, None, _attachment),
    "void_attachment": Rule(ATTACH, SEE, ATTACH, _attachment, POST),
    "detail": Rule(SEE, SEE, None, _family()),
    "record": Rule(SEE, SEE, None, _family()),
    "person_record": Rule(SEE, SEE, None, _member),
    "edit": _kept(_family()),
    "reveal": Rule(any_of(P.REVEAL_IDENTITY), SEE, any_of(P.REVEAL_IDENTITY), _revealed, POST),
    "add_member": _kept(_family()),
    "correct_member": _kept(_member),
    "supporters": _kept(_member),
    "yearly": _kept(each("kind", ("incomes", "expenses"), _family(year=2026))),
    "property": _kept(_family()),
    "bank_account": _kept(_family()),
    "agent": _kept(_family()),
    "end_agent": _kept(_family(), POST),
    "consent": _kept(_family()),
    "withdraw_consent": _kept(_consent, POST),
    "attach": Rule(ATTACH, SEE, ATTACH, _family(), BOTH),
    "life": _kept(each("act", FAMILY_EVENTS, _family())),
}

# --- Cases ------------------------------------------------------------------------------------------------------

PRINTED = (
    "application_form",
    "authorization_letter",
    "commitment_letter",
    "agent_letter",
    "relative_record",
    "visit_form",
    "appraisal_record",
    "selfcare_form",
)
BATCH_ACTS = ("publicise", "announce", "print", "deliver")
READ = any_of(P.VIEW_CASE)
CHECKS = any_of(P.VIEW_CASE, P.ANSWER_MEANS_CHECK)
WINDOW = any_of(P.OPEN_INTAKE)
DRAWS = any_of(P.COUNTY_VISIT, P.CONFIRM)

_CASES = {
    "list": Rule(READ, methods=BOTH),
    "export": Rule(any_of(P.EXPORT), methods=POST),
    "full_export": Rule(any_of(P.FULL_EXPORT), methods=BOTH),
    "batch": Rule(READ, kwargs=each("act", BATCH_ACTS, plain), methods=BOTH),
    "batch_result": Rule(READ, NOBODY, None, _batch),
    "documents": Rule(READ, methods=BOTH),
    "documents_export": Rule(any_of(P.EXPORT), methods=POST),
    "batch_sheets": Rule(READ, NOBODY, None, _batch, POST),
    "detail": Rule(READ, READ, None, _cases),
    "print_paper": Rule(READ, READ, WINDOW, each("kind", PRINTED, _case), POST),
    "dossier": Rule(READ, READ, None, _case, POST),
    "replay": Rule(READ, READ, None, _case),
    "delegations": Rule(any_of(P.VIEW_PARAMETERS)),
    "export_delegations": Rule(any_of(P.VIEW_PARAMETERS)),
    "start_delegation": Rule(any_of(P.MANAGE_DELEGATIONS), methods=BOTH),
    "end_delegation": Rule(
        any_of(P.MANAGE_DELEGATIONS),
        any_of(P.MANAGE_DELEGATIONS),
        None,
        lambda world: [{"pk": world.delegation().pk}],
        BOTH,
    ),
    "delegation_scan": Rule(
        any_of(P.VIEW_PARAMETERS),
        any_of(P.VIEW_PARAMETERS),
        None,
        lambda world: [{"pk": world.delegation().pk, "which": "start"}],
    ),
    "open_termination": Rule(any_of(P.ACCEPT), any_of(P.ACCEPT), None, _tekun_award, BOTH),
    "open_review": Rule(any_of(P.ACCEPT), any_of(P.ACCEPT), None, _tekun_award, BOTH),
    "draws": Rule(DRAWS),
    "export_draws": Rule(any_of(P.EXPORT), methods=POST),
    "draw_now": Rule(any_of(P.COUNTY_VISIT), methods=POST),
    "draw": Rule(DRAWS, DRAWS, None, _draw),
    "recompute_draw": Rule(DRAWS, DRAWS, None, _draw, POST),
    "terms": Rule(any_of(P.VIEW_PARAMETERS)),
    "export_terms": Rule(any_of(P.VIEW_PARAMETERS)),
    "change_term": Rule(any_of(P.MANAGE_PARAMETERS), kwargs=_term, methods=BOTH),
}
_MEANS_CHECKS = {
    "list": Rule(CHECKS),
    "export": Rule(any_of(P.EXPORT), methods=POST),
    "detail": Rule(CHECKS, CHECKS, None, _checks),
    "answer": Rule(any_of(P.ANSWER_MEANS_CHECK), CHECKS, any_of(P.ANSWER_MEANS_CHECK), _checks, BOTH),
    "tell": Rule(any_of(P.INVESTIGATE), CHECKS, any_of(P.INVESTIGATE), _checks, POST),
    "withdraw": Rule(any_of(P.REQUEST_MEANS_CHECK), CHECKS, any_of(P.REQUEST_MEANS_CHECK), _checks, POST),
    "reveal": Rule(any_of(P.REVEAL_IDENTITY), CHECKS, any_of(P.REVEAL_IDENTITY), _check_member, POST),
}
_INTAKES = {
    "start": Rule(WINDOW, methods=BOTH),
    "register": Rule(WINDOW, methods=BOTH),
    "intake": Rule(WINDOW, WINDOW, None, _family(), BOTH),
    "trial": Rule(WINDOW, WINDOW, None, _family(), POST),
    "papers": Rule(WINDOW, WINDOW, None, _intake, POST),
    "print": Rule(WINDOW, WINDOW, None, _intake, POST),
    "relatives": Rule(any_of(P.REGISTER_RELATIVE), WINDOW, None, _intake, POST),
    "submit": Rule(WINDOW, WINDOW, None, _intake, POST),
    "self_test": Rule(frozenset(), methods=BOTH, for_all="public"),
}
_AWARDS = {
    "check": Rule(any_of(P.PROPOSE), any_of(P.PROPOSE), None, _award_check, BOTH),
    **{name: Rule(**terms) for name, terms in AWARD_DOORS.items()},
    "recognitions": Rule(any_of(P.VIEW_AWARD)),
    "export_recognitions": Rule(any_of(P.EXPORT), methods=POST),
    "end_recognition": Rule(any_of(P.CONFIRM), any_of(P.VIEW_AWARD), any_of(P.CONFIRM), _recognition, BOTH),
    **PAYMENT,
}
_REVIEWS = {name: Rule(**terms) for name, terms in REVIEW_DOORS.items()}
_CARE = {name: Rule(**terms) for name, terms in CARE_DOORS.items()}
_AID = {
    name: Rule(**terms)
    for doors in (AID_ADVANCE_DOORS, AID_DECIDING_DOORS, AID_PAPER_DOORS, AID_STAGE_DOORS, RESERVE_DOORS)
    for name, terms in doors.items()
}
_DOCUMENTS = {
    "prefixes": Rule(any_of(P.MANAGE_PARAMETERS)),
    "change_prefix": Rule(any_of(P.MANAGE_PARAMETERS), kwargs=_prefix, methods=BOTH),
    "batch": Rule(any_of(P.ISSUE_DOCUMENT), methods=BOTH),
    "preview": Rule(READ, READ, None, _documents),
    "pdf": Rule(READ, READ, None, _one_document),
    "deliver": Rule(any_of(P.RECORD_DELIVERY), READ, any_of(P.RECORD_DELIVERY), _one_document, POST),
    "void": Rule(any_of(P.ISSUE_DOCUMENT), READ, any_of(P.ISSUE_DOCUMENT), _one_document, BOTH),
    "check": Rule(frozenset(), for_all="public"),
    "check_code": Rule(frozenset(), kwargs=lambda world: [{"code": "0123456789abcdef"}], for_all="public"),
}
_HOME = {
    "home": Rule(frozenset(), for_all="signed in"),
    "search": Rule(any_of(P.VIEW_HOUSEHOLD, P.VIEW_CASE), methods=BOTH, query={"q": "胡德旺"}),
}
_PARAMETERS = {
    "list": Rule(any_of(P.VIEW_PARAMETERS)),
    "export": Rule(any_of(P.VIEW_PARAMETERS)),
    "changes": Rule(any_of(P.MANAGE_PARAMETERS)),
    "change": Rule(any_of(P.MANAGE_PARAMETERS), kwargs=lambda world: [{"pk": world.change().pk}], methods=BOTH),
    "source_scan": Rule(any_of(P.VIEW_PARAMETERS), kwargs=lambda world: [{"pk": world.change().source_id}]),
    "history": Rule(any_of(P.VIEW_PARAMETERS), kwargs=_parameter),
    "edit": Rule(any_of(P.MANAGE_PARAMETERS), kwargs=_parameter, methods=BOTH),
}


def _all() -> Iterator[tuple[str, Rule]]:
    rooms = {
        "households": _FAMILIES,
        "applications": _CASES,
        "verification": _MEANS_CHECKS,
        "one_window": _INTAKES,
        "benefits": _AWARDS,
        "care": _CARE,
        "temporary_aid": _AID,
        "dynamic_review": _REVIEWS | UPLIFTS,
        "supervision": SUPERVISION,
        "documents": _DOCUMENTS,
        "organizations": ACCOUNTS,
        "workbench": _HOME,
        "eligibility": _PARAMETERS,
    }
    for room, rules in rooms.items():
        for name, rule in rules.items():
            yield f"{room}:{name}", rule
    for name, needs in ACTS.items():
        kwargs: Kwargs = each("name", (name,), _case)
        yield f"applications:act {name}", Rule(READ, READ, needs, kwargs, BOTH)
    yield "healthz", Rule(frozenset(), for_all="public")


RULES: dict[str, Rule] = dict(_all())
ADMINISTRATORS = frozenset(role for role, held in ROLE_PERMISSIONS.items() if P.MANAGE_STAFF in held)
assert {Role.SYSTEM_ADMINISTRATOR} == ADMINISTRATORS
