"""Who may go through which door: one rule for every URL, written from the roles' duties and not from the views.

A URL without a rule fails its test, and so does an act, a family event or a revealed value that is not named here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from applications.models import StepTerm
from documents.models import NumberPrefix
from organizations.permissions import ROLE_PERMISSIONS, Permission, Role
from tests.matrix.acts import ACTS, NOBODY
from tests.matrix.care import CARE_DOORS
from tests.matrix.world import Visitor, World

P = Permission
FINE = frozenset({200, 302, 409, 422})
"""What an allowed visitor meets: the page, the way on, or what is wrong with an empty form."""
Kwargs = Callable[[World], list[dict[str, Any]]]


def _plain(world: World) -> list[dict[str, Any]]:
    return [{}]


@dataclass(frozen=True)
class Rule:
    """
    :param door: permissions any of which, held anywhere, opens the door.
    :param sees: permissions any of which, held where the object lies, makes it found; None where there is no object.
    :param needs: permissions any of which, held where the object lies, allows what is done; None for nothing more.
    """

    door: frozenset[Permission]
    sees: frozenset[Permission] | None = None
    needs: frozenset[Permission] | None = None
    kwargs: Kwargs = _plain
    methods: tuple[str, ...] = ("get",)
    for_all: str = ""
    query: dict[str, str] = field(default_factory=dict)

    def expected(self, visitor: Visitor) -> frozenset[int]:
        """Status codes that the visitor may meet."""
        if self.for_all == "public":
            return FINE | {404}
        if visitor.label == "anonymous":
            return frozenset({302})
        if self.for_all == "signed in":
            return FINE
        held = ROLE_PERMISSIONS[visitor.role] if visitor.role else frozenset()
        if not held & self.door:
            return frozenset({403})
        if self.sees is not None and not (visitor.is_here and held & self.sees):
            return frozenset({404})
        if self.needs is not None and not held & self.needs:
            return frozenset({403})
        return FINE


GET, POST, BOTH = ("get",), ("post",), ("get", "post")


def _any(*permissions: Permission) -> frozenset[Permission]:
    return frozenset(permissions)


# --- Objects ----------------------------------------------------------------------------------------------------


def _family(**more: Any) -> Kwargs:
    return lambda world: [{"pk": world.story.household.pk, **more}]


def _member(world: World) -> list[dict[str, Any]]:
    family = world.story.household
    return [{"pk": family.pk, "member_pk": member.pk} for member in family.members.order_by("pk")[:2]]


def _each(name: str, values: tuple[str, ...], of: Kwargs) -> Kwargs:
    return lambda world: [kwargs | {name: value} for kwargs in of(world) for value in values]


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


def _saved_filter(world: World) -> list[dict[str, Any]]:
    return [{"pk": world.saved_filter().pk}]


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
FAMILY_EVENTS = ("birth", "marry", "divorce", "death", "leave", "head", "split", "merge", "move", "identify")
SEE, KEEP = _any(P.VIEW_HOUSEHOLD), _any(P.REGISTER_HOUSEHOLD)
ATTACH = _any(
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
    "export": Rule(_any(P.EXPORT), methods=POST),
    "duplicates": Rule(_any(P.VIEW_DUPLICATES)),
    "register": Rule(KEEP, methods=BOTH),
    "transfers": Rule(KEEP),
    "answer_transfer": Rule(KEEP, KEEP, None, _transfers, BOTH),
    "lookup": Rule(_any(P.REGISTER_HOUSEHOLD, P.OPEN_INTAKE), methods=POST),
    "attachment": Rule(SEE, SEE, None, _attachment),
    "void_attachment": Rule(ATTACH, SEE, ATTACH, _attachment, POST),
    "detail": Rule(SEE, SEE, None, _family()),
    "edit": _kept(_family()),
    "reveal": Rule(_any(P.REVEAL_IDENTITY), SEE, _any(P.REVEAL_IDENTITY), _revealed, POST),
    "add_member": _kept(_family()),
    "correct_member": _kept(_member),
    "supporters": _kept(_member),
    "yearly": _kept(_each("kind", ("incomes", "expenses"), _family(year=2026))),
    "property": _kept(_family()),
    "bank_account": _kept(_family()),
    "agent": _kept(_family()),
    "end_agent": _kept(_family(), POST),
    "consent": _kept(_family()),
    "withdraw_consent": _kept(_consent, POST),
    "attach": Rule(ATTACH, SEE, ATTACH, _family(), BOTH),
    "life": _kept(_each("act", FAMILY_EVENTS, _family())),
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
READ = _any(P.VIEW_CASE)
CHECKS = _any(P.VIEW_CASE, P.ANSWER_MEANS_CHECK)
LISTS = _any(P.VIEW_CASE, P.VIEW_HOUSEHOLD, P.ANSWER_MEANS_CHECK, P.VIEW_PARAMETERS, P.VIEW_CARE)
WINDOW = _any(P.OPEN_INTAKE)
DRAWS = _any(P.COUNTY_VISIT, P.CONFIRM)

_CASES = {
    "list": Rule(READ, methods=BOTH),
    "export": Rule(_any(P.EXPORT), methods=POST),
    "batch": Rule(READ, kwargs=_each("act", BATCH_ACTS, _plain), methods=BOTH),
    "batch_result": Rule(READ, NOBODY, None, _batch),
    "documents": Rule(READ, methods=BOTH),
    "documents_export": Rule(_any(P.EXPORT), methods=POST),
    "batch_sheets": Rule(READ, NOBODY, None, _batch, POST),
    "detail": Rule(READ, READ, None, _cases),
    "print_paper": Rule(READ, READ, WINDOW, _each("kind", PRINTED, _case), POST),
    "dossier": Rule(READ, READ, None, _case, POST),
    "replay": Rule(READ, READ, None, _case),
    "delegations": Rule(_any(P.VIEW_PARAMETERS)),
    "export_delegations": Rule(_any(P.VIEW_PARAMETERS)),
    "start_delegation": Rule(_any(P.MANAGE_DELEGATIONS), methods=BOTH),
    "end_delegation": Rule(
        _any(P.MANAGE_DELEGATIONS),
        _any(P.MANAGE_DELEGATIONS),
        None,
        lambda world: [{"pk": world.delegation().pk}],
        BOTH,
    ),
    "delegation_scan": Rule(
        _any(P.VIEW_PARAMETERS),
        _any(P.VIEW_PARAMETERS),
        None,
        lambda world: [{"pk": world.delegation().pk, "which": "start"}],
    ),
    "open_termination": Rule(_any(P.ACCEPT), _any(P.ACCEPT), None, _tekun_award, BOTH),
    "draws": Rule(DRAWS),
    "export_draws": Rule(_any(P.EXPORT), methods=POST),
    "draw_now": Rule(_any(P.COUNTY_VISIT), methods=POST),
    "draw": Rule(DRAWS, DRAWS, None, _draw),
    "recompute_draw": Rule(DRAWS, DRAWS, None, _draw, POST),
    "terms": Rule(_any(P.VIEW_PARAMETERS)),
    "export_terms": Rule(_any(P.VIEW_PARAMETERS)),
    "change_term": Rule(_any(P.MANAGE_PARAMETERS), kwargs=_term, methods=BOTH),
}
_MEANS_CHECKS = {
    "list": Rule(CHECKS),
    "export": Rule(_any(P.EXPORT), methods=POST),
    "detail": Rule(CHECKS, CHECKS, None, _checks),
    "answer": Rule(_any(P.ANSWER_MEANS_CHECK), CHECKS, _any(P.ANSWER_MEANS_CHECK), _checks, BOTH),
    "tell": Rule(_any(P.INVESTIGATE), CHECKS, _any(P.INVESTIGATE), _checks, POST),
    "withdraw": Rule(_any(P.REQUEST_MEANS_CHECK), CHECKS, _any(P.REQUEST_MEANS_CHECK), _checks, POST),
    "reveal": Rule(_any(P.REVEAL_IDENTITY), CHECKS, _any(P.REVEAL_IDENTITY), _check_member, POST),
}
_INTAKES = {
    "start": Rule(WINDOW, methods=BOTH),
    "register": Rule(WINDOW, methods=BOTH),
    "intake": Rule(WINDOW, WINDOW, None, _family(), BOTH),
    "trial": Rule(WINDOW, WINDOW, None, _family(), POST),
    "papers": Rule(WINDOW, WINDOW, None, _intake, POST),
    "print": Rule(WINDOW, WINDOW, None, _intake, POST),
    "relatives": Rule(_any(P.REGISTER_RELATIVE), WINDOW, None, _intake, POST),
    "submit": Rule(WINDOW, WINDOW, None, _intake, POST),
    "self_test": Rule(frozenset(), methods=BOTH, for_all="public"),
}
_AWARDS = {
    "check": Rule(_any(P.PROPOSE), _any(P.PROPOSE), None, _award_check, BOTH),
    "recognitions": Rule(_any(P.VIEW_AWARD)),
    "export_recognitions": Rule(_any(P.EXPORT), methods=POST),
    "end_recognition": Rule(_any(P.CONFIRM), _any(P.VIEW_AWARD), _any(P.CONFIRM), _recognition, BOTH),
}
_CARE = {name: Rule(**terms) for name, terms in CARE_DOORS.items()}
_DOCUMENTS = {
    "prefixes": Rule(_any(P.MANAGE_PARAMETERS)),
    "change_prefix": Rule(_any(P.MANAGE_PARAMETERS), kwargs=_prefix, methods=BOTH),
    "preview": Rule(READ, READ, None, _documents),
    "pdf": Rule(READ, READ, None, _one_document),
    "deliver": Rule(_any(P.RECORD_DELIVERY), READ, _any(P.RECORD_DELIVERY), _one_document, POST),
    "void": Rule(_any(P.ISSUE_DOCUMENT), READ, _any(P.ISSUE_DOCUMENT), _one_document, BOTH),
    "check": Rule(frozenset(), for_all="public"),
    "check_code": Rule(frozenset(), kwargs=lambda world: [{"code": "0123456789abcdef"}], for_all="public"),
}
KEEPERS = _any(P.MANAGE_STAFF)
ACCOUNT_ACTS = ("suspend", "resume", "reset-password", "unlock", "end-sessions")


def _account(world: World) -> list[dict[str, Any]]:
    return [{"pk": world.story.people.officer.pk}]


def _post(world: World) -> list[dict[str, Any]]:
    officer = world.story.people.officer
    return [{"pk": officer.pk, "post_pk": officer.posts.get().pk}]


_ACCOUNTS = {
    "staff": Rule(KEEPERS),
    "export_staff": Rule(KEEPERS, methods=POST),
    "open_account": Rule(KEEPERS, methods=BOTH),
    "staff_account": Rule(KEEPERS, kwargs=_account),
    "correct_account": Rule(KEEPERS, kwargs=_account, methods=BOTH),
    "appoint": Rule(KEEPERS, kwargs=_account, methods=BOTH),
    "end_post": Rule(KEEPERS, kwargs=_post, methods=BOTH),
    "staff_act": Rule(KEEPERS, kwargs=_each("name", ACCOUNT_ACTS, _account), methods=BOTH),
    "login": Rule(frozenset(), methods=BOTH, for_all="public"),
    "logout": Rule(frozenset(), methods=POST, for_all="public"),
    "password_change": Rule(frozenset(), methods=BOTH, for_all="signed in"),
    "calendar": Rule(_any(P.MANAGE_CALENDAR)),
    "calendar_year": Rule(_any(P.MANAGE_CALENDAR), kwargs=lambda world: [{"year": 2027}], methods=BOTH),
    "account": Rule(frozenset(), for_all="signed in"),
    "choose_columns": Rule(LISTS, kwargs=_each("key", ("cases",), _plain), methods=POST),
    "save_filter": Rule(LISTS, kwargs=_each("key", ("cases",), _plain), methods=POST),
    "saved_filter": Rule(LISTS, NOBODY, None, _saved_filter, BOTH),
    "delete_filter": Rule(LISTS, NOBODY, None, _saved_filter, POST),
}
_HOME = {
    "home": Rule(frozenset(), for_all="signed in"),
    "search": Rule(_any(P.VIEW_HOUSEHOLD, P.VIEW_CASE), methods=BOTH, query={"q": "胡德旺"}),
}
_PARAMETERS = {
    "list": Rule(_any(P.VIEW_PARAMETERS)),
    "export": Rule(_any(P.VIEW_PARAMETERS)),
    "changes": Rule(_any(P.MANAGE_PARAMETERS)),
    "change": Rule(_any(P.MANAGE_PARAMETERS), kwargs=lambda world: [{"pk": world.change().pk}], methods=BOTH),
    "source_scan": Rule(_any(P.VIEW_PARAMETERS), kwargs=lambda world: [{"pk": world.change().source_id}]),
    "history": Rule(_any(P.VIEW_PARAMETERS), kwargs=_parameter),
    "edit": Rule(_any(P.MANAGE_PARAMETERS), kwargs=_parameter, methods=BOTH),
}


def _all() -> Iterator[tuple[str, Rule]]:
    rooms = {
        "households": _FAMILIES,
        "applications": _CASES,
        "verification": _MEANS_CHECKS,
        "one_window": _INTAKES,
        "benefits": _AWARDS,
        "care": _CARE,
        "documents": _DOCUMENTS,
        "organizations": _ACCOUNTS,
        "workbench": _HOME,
        "eligibility": _PARAMETERS,
    }
    for room, rules in rooms.items():
        for name, rule in rules.items():
            yield f"{room}:{name}", rule
    for name, needs in ACTS.items():
        kwargs: Kwargs = _each("name", (name,), _case)
        yield f"applications:act {name}", Rule(READ, READ, needs, kwargs, BOTH)
    yield "healthz", Rule(frozenset(), for_all="public")


RULES: dict[str, Rule] = dict(_all())
ADMINISTRATORS = frozenset(role for role, held in ROLE_PERMISSIONS.items() if P.MANAGE_STAFF in held)
assert {Role.SYSTEM_ADMINISTRATOR} == ADMINISTRATORS
