"""What stands in the way of paying a stage that was confirmed: no need any more, nobody left, no account, too early."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, TextChoices, Value, When

from applications.models import RelativeDeclaration
from households.models import BankAccount, Member, Person
from households.models.families import LeftReason
from organizations.models import Staff
from temporary_aid.models import AidBankFile, AidStage, AidVisit, StageForm, StageState, TemporaryAid
from temporary_aid.permissions import Permission
from temporary_aid.rules.states import AidState

_WENT_ON = (LeftReason.MERGED.value, LeftReason.SPLIT.value)


class Stop(TextChoices):
    """Why a stage is not paid now, in the words of the list."""

    RELIEVED = "relieved", "困难已缓解，不发放"
    DIED = "died", "救助对象已登记死亡，不发放"
    ENDED = "ended", "家庭已注销，不转账"
    NOT_DUE = "not_due", "未到计划日期"


def annotate_stop(stages: QuerySet[AidStage], *, on: date) -> QuerySet[Any]:
    """Add why a stage is not to be paid on a day (``stop``), a key of :class:`Stop`; empty where nothing is in the way.

    Of the aid's visits the latest counts, for whichever stage it was made. Of a family the others are paid when the
    recipient died.
    """
    visits = AidVisit.objects.filter(aid=OuterRef("aid"), visited_on__lte=on).order_by("-visited_on", "-pk")
    return stages.annotate(needed=Subquery(visits.values("still_in_need")[:1])).annotate(
        stop=Case(
            When(Q(needed=False), then=Value(Stop.RELIEVED.value)),
            When(_has_died(on), then=Value(Stop.DIED.value)),
            When(Q(aid__household__ended_on__lte=on), then=Value(Stop.ENDED.value)),
            When(_is_early(on), then=Value(Stop.NOT_DUE.value)),
            default=Value(""),
        )
    )


def stop_of(stage: AidStage, *, on: date) -> str:
    """Why a stage is not to be paid on a day, a key of :class:`Stop` or nothing; one query."""
    found = annotate_stop(AidStage.objects.filter(pk=stage.pk), on=on).values_list("stop", flat=True)
    return str(found.get())


def is_nobody_left(aid: TemporaryAid, *, on: date) -> bool:
    """Whether the recipient is registered dead on a day with nobody of the family left; one query."""
    return AidStage.objects.filter(_has_died(on), aid=aid).exists()


def due_to_pay(on: date) -> Q:
    """Stages whose planned day has come, or that were confirmed before it with a reason (提前确认)."""
    return ~_is_early(on)


def for_the_bank(stages: QuerySet[AidStage], *, by: Staff, on: date) -> QuerySet[AidStage]:
    """Of stages those of money that may be sent to an account now, each with it (``current_accounts``).

    Not those of families whose registered near relative the person is (F57 §11): another one sends them.
    """
    current = BankAccount.objects.filter(ended_on=None).select_related("payee_member__person")
    accounts = Prefetch("aid__household__bank_accounts", queryset=current, to_attr="current_accounts")
    has_account = Exists(current.filter(household=OuterRef("aid__household")))
    waiting = stages.filter(
        has_account, not_of_relatives(by), state=StageState.READY, exported_at=None, form=StageForm.MONEY
    )
    ready = annotate_stop(waiting.filter(aid__state=AidState.APPROVED), on=on).filter(stop="")
    return ready.select_related("aid__area__parent", "aid__household").prefetch_related(accounts)


def sent_stages(stages: Iterable[int]) -> QuerySet[AidStage]:
    """Stages that went out to the bank, by their keys, each with the account that it goes to."""
    return _with_account(AidStage.objects.filter(exported_at__isnull=False, pk__in=list(stages)))


def _with_account(stages: QuerySet[AidStage]) -> QuerySet[AidStage]:
    return stages.order_by("pk").select_related("aid__area__parent", "account__payee_member__person")


def stages_of_file(file: AidBankFile) -> QuerySet[AidStage]:
    """What went out with a file and was not taken back (撤回), each with the account that it goes to."""
    return _with_account(AidStage.objects.filter(bank_file=file))


def bank_files(staff: Staff) -> QuerySet[AidBankFile]:
    """Files (送银行文件) of which the person may write every stage, the latest first, with how far each has come.

    ``left`` stages are still in it, ``paid`` of them are recorded as paid; ``taken_back`` are not in it any more.
    """
    elsewhere = AidStage.objects.filter(bank_file=OuterRef("pk")).exclude(
        aid__area_id__in=staff.area_ids(Permission.WRITE_BANK_FILE)
    )
    paid = Count("stages", filter=Q(stages__state=StageState.PAID))
    rows = AidBankFile.objects.filter(~Exists(elsewhere)).select_related("sent_by")
    left = Count("stages")
    return rows.annotate(left=left, paid=paid, taken_back=F("stages_count") - left).order_by("-pk")


def not_of_relatives(staff: Staff) -> Q:
    """Stages not of families whose registered near relative the person is (F57 §11)."""
    related = RelativeDeclaration.objects.filter(
        Q(relative_staff=staff) | Q(relative_name=staff.name), intake__household=OuterRef("aid__household")
    )
    return Q(~Exists(related))


def _is_early(on: date) -> Q:
    return Q(planned_on__isnull=False, planned_on__gt=on, confirmed_by=None)


def _has_died(on: date) -> Q:
    """The recipient died, and nobody of their family is left; who went to another family (并户、分户) afterwards is."""
    dead = Person.objects.filter(died_on__lte=on)
    by_number = dead.filter(id_number_index=OuterRef("aid__recipient_id_index")).exclude(id_number_index="")
    went_on = Q(left_reason__in=_WENT_ON, left_on__gte=OuterRef("aid__applicant__person__died_on"))
    living = Member.objects.filter(household=OuterRef("aid__household"), person__died_on=None)
    left = living.filter(Q(left_on=None) | went_on)
    is_dead = Q(aid__applicant__person__died_on__lte=on) | Q(Exists(by_number))
    is_alone = Q(aid__household=None, aid__people_count=1) | Q(Q(aid__household__isnull=False), ~Exists(left))
    return is_dead & is_alone
