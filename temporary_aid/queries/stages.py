"""分期与发放: stages where the person may see them, whom to visit, what to pay, and how far each aid has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Case, Count, DateField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from households.models import BankAccount
from households.models.representation import PayeeKind
from organizations.models import Staff
from temporary_aid.models import AidStage, AidVisit, StageState, TemporaryAid
from temporary_aid.permissions import Permission
from temporary_aid.queries.paying import due_to_pay, not_of_relatives
from temporary_aid.rules.states import AidState

NOTHING = Decimal("0.00")
SHOWN = {
    "to_visit": "待走访",
    "to_pay": "待发放",
    "sent": "已送银行",
    "paid": "已发放",
    "cancelled": "已终止",
    "all": "全部",
}
"""Which stages the list shows."""
_SENT = Q(exported_at__isnull=False)
_STATES = {
    "to_visit": Q(state=StageState.PLANNED),
    "to_pay": Q(state=StageState.READY) & ~_SENT,
    "sent": Q(state=StageState.READY) & _SENT,
    "paid": Q(state=StageState.PAID),
    "cancelled": Q(state=StageState.CANCELLED),
}
SORTS = {
    "due": "due_on",
    "number": "aid__number",
    "area": "aid__area__code",
    "amount": "amount",
    "paid": "paid_at",
}
VISIT_SOON_DAYS = 3
"""A stage stands on the task list from so many days before its planned day on (a weekend and a day)."""


@dataclass(frozen=True)
class StageFilter:
    """What the list is cut to; empty for all.

    :param show: a key of :data:`SHOWN`.
    :param paid_month: first day of the month in which the stage was paid.
    """

    show: str = "all"
    text: str = ""
    form: str = ""
    kind: str = ""
    township: str = ""
    village: str = ""
    paid_month: date | None = None


@dataclass(frozen=True)
class StageTotal:
    """How many stages, and yuan."""

    count: int = 0
    amount: Decimal = NOTHING


def stages_visible_to(staff: Staff) -> QuerySet[AidStage]:
    """Stages of aid in the areas that the person works for; the start of every read of stages."""
    return AidStage.objects.filter(aid__area_id__in=staff.area_ids(Permission.VIEW_AID))


def annotate_due(stages: QuerySet[AidStage]) -> QuerySet[AidStage]:
    """Add the day (``due_on``) of a stage: the planned one, of a first urgent one the day its clock ends."""
    clock = Case(When(serial=1, then=TruncDate("aid__help_due_at")), output_field=DateField())
    return stages.annotate(due_on=Coalesce("planned_on", clock, output_field=DateField()))


def list_stages(staff: Staff, wanted: StageFilter, *, sort: str = "") -> QuerySet[AidStage]:
    """Stages for the list with what their last visit found; due first unless sorted.

    :param sort: a key of :data:`SORTS`, with a minus for the other way round.
    """
    rows = annotate_due(_cut(stages_visible_to(staff), wanted))
    if wanted.show in _STATES:
        rows = rows.filter(_STATES[wanted.show])
    last = AidVisit.objects.filter(stage=OuterRef("pk")).order_by("-visited_on", "-pk")
    account = BankAccount.objects.filter(household=OuterRef("aid__household"), ended_on=None)
    total = AidStage.objects.filter(aid=OuterRef("aid")).order_by().values("aid").annotate(total=Count("pk"))
    rows = rows.select_related("aid__area__parent", "paid_by").annotate(
        last_visit=Subquery(last.values("visited_on")[:1]),
        still_in_need=Subquery(last.values("still_in_need")[:1]),
        has_account=Exists(account),
        of_stages=Subquery(total.values("total")),
    )
    order, key = F(SORTS.get(sort.removeprefix("-"), "due_on")), "pk"
    if sort.startswith("-"):
        return rows.order_by(order.desc(nulls_last=True), f"-{key}")
    return rows.order_by(order.asc(nulls_last=True), key)


def totals_by_state(staff: Staff, wanted: StageFilter) -> Mapping[str, StageTotal]:
    """How far the stages of a cut have come (进度), by what :data:`SHOWN` calls them; one query."""
    wanted_ones = {**_STATES, "all": Q()}
    counts = {f"{show}_count": Count("pk", filter=state) for show, state in wanted_ones.items()}
    sums = {f"{show}_sum": Sum("amount", filter=state, default=NOTHING) for show, state in wanted_ones.items()}
    found = _cut(stages_visible_to(staff), wanted).order_by().aggregate(**counts, **sums)
    return {show: StageTotal(found[f"{show}_count"], found[f"{show}_sum"]) for show in wanted_ones}


def stages_to_visit(staff: Staff, *, on: date) -> QuerySet[AidStage]:
    """Planned stages that are due soon or overdue, or have no day, of the village's and the township's own people."""
    areas = staff.area_ids(Permission.ENTRUSTED_AID) | staff.area_ids(Permission.HANDLE_AID)
    soon = on + timedelta(days=VISIT_SOON_DAYS)
    planned = _of_approved(staff, StageState.PLANNED).filter(aid__area_id__in=areas)
    return annotate_due(planned.filter(Q(planned_on=None) | Q(planned_on__lte=soon)))


def stages_to_pay(staff: Staff, *, on: date) -> QuerySet[AidStage]:
    """Confirmed stages that wait to be paid and are due, where the person pays and did not decide."""
    areas = staff.area_ids(Permission.PAY_AID)
    ready = _of_approved(staff, StageState.READY).filter(due_to_pay(on), aid__area_id__in=areas)
    return annotate_due(ready.exclude(aid__decided_by=staff))


def _of_approved(staff: Staff, state: StageState) -> QuerySet[AidStage]:
    """Not of families whose registered near relative the person is (F57 §11)."""
    return stages_visible_to(staff).filter(not_of_relatives(staff), state=state, aid__state=AidState.APPROVED)


def _cut(stages: QuerySet[AidStage], wanted: StageFilter) -> QuerySet[AidStage]:
    exact = {
        "form": wanted.form,
        "aid__kind": wanted.kind,
        "aid__area__code": wanted.village,
        "aid__area__code__startswith": wanted.township,
    }
    stages = stages.filter(**{name: value for name, value in exact.items() if value})
    if wanted.text:
        stages = stages.filter(
            Q(aid__number__iexact=wanted.text)
            | Q(aid__recipient_name__icontains=wanted.text)
            | Q(voucher__iexact=wanted.text)
        )
    if wanted.paid_month is not None:
        begin, end = month_bounds(wanted.paid_month)
        stages = stages.filter(paid_at__gte=begin, paid_at__lt=end)
    return stages


def month_bounds(month: date) -> tuple[datetime, datetime]:
    """The first instant of a month and the first after it, by local time."""
    zone = timezone.get_current_timezone()
    following = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
    return (
        datetime(month.year, month.month, 1, tzinfo=zone),
        datetime(following.year, following.month, 1, tzinfo=zone),
    )


@dataclass(frozen=True)
class Progress:
    """How far one aid has come: stages and yuan, paid and promised."""

    paid: int
    stages: int
    paid_amount: Decimal
    cancelled_amount: Decimal
    amount: Decimal


def progress_of(aid: TemporaryAid) -> Progress:
    """Of the aid's stages, in the query that reads them."""
    stages = list(aid.stages.all())
    paid = [row for row in stages if row.state == StageState.PAID]
    cancelled = [row for row in stages if row.state == StageState.CANCELLED]
    return Progress(
        paid=len(paid),
        stages=len(stages),
        paid_amount=sum((row.amount for row in paid), NOTHING),
        cancelled_amount=sum((row.amount for row in cancelled), NOTHING),
        amount=sum((row.amount for row in stages), NOTHING),
    )


def current_account(aid: TemporaryAid) -> BankAccount | None:
    """The account (发放账户) that the family's benefits are paid to now; nothing of people without a family here."""
    if aid.household is None:
        return None
    return aid.household.bank_accounts.filter(ended_on=None).select_related("payee_member__person").first()


def account_for(stage: AidStage) -> BankAccount | None:
    """The account that a stage was sent to (已送银行); before that, the one that the family has now."""
    return stage.account if stage.exported_at is not None else current_account(stage.aid)


def payee_of(account: BankAccount) -> str:
    """Who receives what is paid to an account (领款人)."""
    if account.payee_kind != PayeeKind.OWN:
        return account.payee_name
    return account.payee_member.person.name if account.payee_member else account.holder
