"""分期与发放: stages where the person may see them, whom to visit, what to pay, and how far each aid has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    DecimalField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest, Least, TruncDate
from django.utils import timezone

from foundation.money import half_up_to_fen
from households.models import BankAccount
from households.models.representation import PayeeKind
from organizations.models import Post, Staff
from temporary_aid.models import AidRepayment, AidStage, AidVisit, StageForm, StageState, TemporaryAid
from temporary_aid.permissions import Permission
from temporary_aid.queries.listing import family_key
from temporary_aid.queries.paying import due_to_pay, not_of_relatives
from temporary_aid.queries.stock import GOODS_VALUE, goods_returned
from temporary_aid.rules.states import AidState

NOTHING = Decimal("0.00")
_MONEY = DecimalField(max_digits=14, decimal_places=2)
_NO_MONEY = Value(NOTHING, output_field=_MONEY)
_REPAID = AidRepayment.objects.filter(goods=None).order_by()
"""退回 in money; what came back of goods (退库) is told by the stage that they were given with."""
SHOWN = {
    "to_visit": "待走访",
    "to_pay": "待发放",
    "sent": "已送银行",
    "paid": "已发放",
    "cancelled": "已终止",
    "all": "全部",
}
"""Which stages the list shows."""
GOODS = "goods"
"""实物和服务: what is no money, as the figures count it."""
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

    :param show: a key of :data:`SHOWN`; :param form: a form (方式), or :data:`GOODS`.
    :param paid_month: first day of the month in which the stage was paid; a year stands for all its months.
    :param returned: ``yes`` for those of which something came back (已退回).
    """

    show: str = "all"
    text: str = ""
    form: str = ""
    kind: str = ""
    township: str = ""
    village: str = ""
    paid_month: date | None = None
    paid_year: int | None = None
    returned: str = ""


@dataclass(frozen=True)
class StageTotal:
    """How many stages, and yuan."""

    count: int = 0
    amount: Decimal = NOTHING


@dataclass(frozen=True)
class PaidTotals:
    """What paid stages of a list come to: stages, families (户) and yuan, and what came back of them."""

    count: int
    families: int
    amount: Decimal
    returned: Decimal

    @property
    def average(self) -> Decimal | None:
        """户均, yuan."""
        return half_up_to_fen(self.amount / self.families) if self.families else None


def stages_visible_to(staff: Staff) -> QuerySet[AidStage]:
    """Stages of aid in the areas that the person works for; the start of every read of stages."""
    return AidStage.objects.filter(aid__area_id__in=staff.area_ids(Permission.VIEW_AID))


def annotate_due(stages: QuerySet[AidStage]) -> QuerySet[AidStage]:
    """Add the day (``due_on``) of a stage: the planned one, of a first urgent one the day its clock ends."""
    clock = Case(When(Q(serial=1) | Q(given_with=1), then=TruncDate("aid__help_due_at")), output_field=DateField())
    return stages.annotate(due_on=Coalesce("planned_on", clock, output_field=DateField()))


def list_stages(staff: Staff, wanted: StageFilter, *, sort: str = "") -> QuerySet[AidStage]:
    """Stages for the list with what their last visit found; due first unless sorted.

    :param sort: a key of :data:`SORTS`, with a minus for the other way round.
    """
    rows = annotate_due(_cut(stages_visible_to(staff), wanted))
    if wanted.show in _STATES:
        rows = rows.filter(_STATES[wanted.show])
    rows = rows.annotate(leader=Coalesce("given_with", "serial"))
    last = AidVisit.objects.filter(stage__aid=OuterRef("aid"), stage__serial=OuterRef("leader")).order_by(
        "-visited_on", "-pk"
    )
    account = BankAccount.objects.filter(household=OuterRef("aid__household"), ended_on=None)
    total = AidStage.objects.filter(aid=OuterRef("aid")).order_by().values("aid").annotate(total=Count("pk"))
    shown: QuerySet[AidStage] = annotate_returned(rows.select_related("aid__area__parent", "paid_by")).annotate(
        last_visit=Subquery(last.values("visited_on")[:1]),
        still_in_need=Subquery(last.values("still_in_need")[:1]),
        has_account=Exists(account),
        of_stages=Subquery(total.values("total")),
    )
    order, key = F(SORTS.get(sort.removeprefix("-"), "due_on")), "pk"
    if sort.startswith("-"):
        return shown.order_by(order.desc(nulls_last=True), f"-{key}")
    return shown.order_by(order.asc(nulls_last=True), key)


def totals_by_state(staff: Staff, wanted: StageFilter) -> Mapping[str, StageTotal]:
    """How far the stages of a cut have come (进度), by what :data:`SHOWN` calls them; one query."""
    wanted_ones = {**_STATES, "all": Q()}
    counts = {f"{show}_count": Count("pk", filter=state) for show, state in wanted_ones.items()}
    sums = {f"{show}_sum": Sum("amount", filter=state, default=NOTHING) for show, state in wanted_ones.items()}
    found = _cut(stages_visible_to(staff), wanted).order_by().aggregate(**counts, **sums)
    return {show: StageTotal(found[f"{show}_count"], found[f"{show}_sum"]) for show in wanted_ones}


def paid_totals(staff: Staff, wanted: StageFilter) -> PaidTotals:
    """What the paid stages of a cut come to, told as the figures (``aid_figures``) tell it; two queries."""
    paid = _cut(stages_visible_to(staff), wanted).filter(_STATES["paid"]).order_by()
    found = paid.aggregate(
        count=Count("pk"),
        amount=Sum("amount", default=NOTHING),
        families=Count(family_key("aid__"), distinct=True),
    )
    came_back = annotate_returned(paid.filter(_something_returned()))
    returned = came_back.aggregate(total=Sum("returned_amount", default=NOTHING))["total"]
    return PaidTotals(**found, returned=returned)


def annotate_returned(stages: QuerySet[AidStage]) -> QuerySet[Any]:
    """Add what came back of a paid stage (``returned_amount``), yuan, as the figures (``aid_figures``) tell it.

    Goods that came back (退库) are those of their own stage; of money what was paid first comes back first.
    """
    before = AidStage.objects.filter(_paid_before())
    goods = _sum(goods_returned().filter(stage=OuterRef("pk")), GOODS_VALUE)
    goods_before = _sum(goods_returned().filter(_paid_before("stage__")), GOODS_VALUE)
    left = _sum(_REPAID.filter(recoupment__aid=OuterRef("aid"))) - (_sum(before) - goods_before)
    came_back = Case(
        When(state=StageState.PAID, then=goods + Greatest(Least(F("amount") - goods, left), _NO_MONEY)),
        default=_NO_MONEY,
        output_field=_MONEY,
    )
    return stages.annotate(returned_amount=came_back)


def _paid_before(prefix: str = "") -> Q:
    """Rows of the stages of the same aid that were paid before a stage.

    :param prefix: the way from the row to its stage, such as ``stage__``.
    """
    paid = OuterRef("paid_at")
    earlier = Q(**{f"{prefix}paid_at__lt": paid}) | Q(**{f"{prefix}paid_at": paid, f"{prefix}pk__lt": OuterRef("pk")})
    return earlier & Q(**{f"{prefix}aid": OuterRef("aid"), f"{prefix}state": StageState.PAID})


def _something_returned() -> Q:
    """Stages of aids of which money or goods came back."""
    return Q(aid__in=_REPAID.values("recoupment__aid")) | Q(aid__in=goods_returned().order_by().values("stage__aid"))


def _sum(rows: QuerySet[Any], what: Any = "amount") -> Coalesce:
    total = rows.order_by().annotate(one=Value(1)).values("one").annotate(total=Sum(what)).values("total")
    return Coalesce(Subquery(total), _NO_MONEY, output_field=_MONEY)


def stages_to_visit(staff: Staff, *, on: date) -> QuerySet[AidStage]:
    """Planned stages that are due soon or overdue, or have no day, of the village's and the township's own people.

    What is given together with another stage is visited with that one.
    """
    areas = staff.area_ids(Permission.ENTRUSTED_AID) | staff.area_ids(Permission.HANDLE_AID)
    soon = on + timedelta(days=VISIT_SOON_DAYS)
    planned = _of_approved(staff, StageState.PLANNED).filter(aid__area_id__in=areas, given_with=None)
    return annotate_due(planned.filter(Q(planned_on=None) | Q(planned_on__lte=soon)))


def stages_to_pay(staff: Staff, *, on: date) -> QuerySet[AidStage]:
    """Confirmed stages that are due to be paid, where the person pays and neither decided nor stands for who did."""
    areas = staff.area_ids(Permission.PAY_AID)
    ready = _of_approved(staff, StageState.READY).filter(due_to_pay(on), aid__area_id__in=areas)
    others = ready.exclude(aid__decided_by=staff).alias(reported_on=TruncDate("aid__first_reported_at"))
    return annotate_due(others.filter(~_decided_as_one(staff, on=on)))


def _decided_as_one(staff: Staff, *, on: date) -> Exists:
    """Of stages with ``reported_on``: whether who decided stood for the person there since then, or they for them."""
    decider = OuterRef("aid__decided_by")
    pairs = Q(staff=staff, on_behalf_of=decider) | Q(staff=decider, on_behalf_of=staff)
    village = ExpressionWrapper(OuterRef("aid__area__code"), output_field=CharField())
    posts = Post.objects.filter(pairs, starts_on__lte=on, ends_on__gte=F("starts_on"))
    since = posts.annotate(village=village).filter(
        village__startswith=F("area__code"), ends_on__gte=OuterRef("reported_on")
    )
    return Exists(since)


def _of_approved(staff: Staff, state: StageState) -> QuerySet[AidStage]:
    """Not of families whose registered near relative the person is (F57 §11)."""
    return stages_visible_to(staff).filter(not_of_relatives(staff), state=state, aid__state=AidState.APPROVED)


def _cut(stages: QuerySet[AidStage], wanted: StageFilter) -> QuerySet[AidStage]:
    exact = {
        "form": wanted.form if wanted.form != GOODS else "",
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
    if wanted.form == GOODS:
        stages = stages.exclude(form=StageForm.MONEY)
    if wanted.paid_month is not None:
        begin, end = month_bounds(wanted.paid_month)
        stages = stages.filter(paid_at__gte=begin, paid_at__lt=end)
    if wanted.paid_year is not None:
        begin, _ = month_bounds(date(wanted.paid_year, 1, 1))
        stages = stages.filter(paid_at__gte=begin, paid_at__lt=begin.replace(year=begin.year + 1))
    if wanted.returned:
        stages = annotate_returned(stages.filter(_something_returned())).filter(returned_amount__gt=0)
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
