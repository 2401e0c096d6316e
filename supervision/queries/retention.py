"""Which families may be archived, which lie in the archive, and what periods are in force."""

from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db.models import (
    BooleanField,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models import Case as Chosen
from django.db.models.functions import Greatest, TruncDate

from applications.models import Case, CaseDocument
from applications.rules.process import OPEN_STATES
from benefits.models import Award, AwardCheck, AwardState, Recognition
from documents.models import HANDED_OVER, Document
from households.models import Household, HouseholdEvent, Transfer
from households.models.families import HouseholdEventKind
from households.queries import annotate_head, search, visible_to
from organizations.models import Staff
from organizations.permissions import Permission
from supervision.models import FAMILY_KINDS, Archiving, RecordKind, RetentionPeriod
from temporary_aid.models import AidPaper, AidStage, TemporaryAid
from temporary_aid.rules.states import FINAL_STATES as AID_ENDED
from verification.models import MeansCheck

_LAST_DAY_PAID_FOR = Func(
    F("ends_month"),
    template="(%(expressions)s + INTERVAL '1 month' - INTERVAL '1 day')::date",
    output_field=DateField(),
)
"""An award names the first day of its last month."""
_TO_DELIVER = Document.objects.filter(kind__in=HANDED_OVER, voided_on=None, delivery=None)
_LAST_DAY_RECOGNISED = Func(F("valid__endswith"), template="(%(expressions)s - 1)", output_field=DateField())
"""The upper bound of a recognition is the first day on which it holds no more."""
_LAST_DAY_OF_AID = Greatest("ended_on", TruncDate("decided_at"), TruncDate("opened_at"))
_ENDED = [state.value for state in AID_ENDED]


def periods_in_force(*, on: date) -> QuerySet[RetentionPeriod]:
    """Retention periods (保存期限) that hold on a day, in the order of the kinds."""
    return RetentionPeriod.objects.filter(valid__contains=on).order_by("record_kind")


def periods_of(period: RetentionPeriod) -> QuerySet[RetentionPeriod]:
    """What has held for the same kind of record over time, newest first."""
    return RetentionPeriod.objects.filter(record_kind=period.record_kind).order_by("-valid")


def due_for_archiving(staff: Staff, *, on: date, township: str = "") -> QuerySet[Any]:
    """Families whose file may leave the working lists (到期可归档), longest over first, with head and last matter.

    Nothing of theirs is open, paid or still to be delivered, and the years at hand have passed since their last case,
    check, payment or recognition ended, since anything happened to the family, or since it was taken back.
    """
    families = visible_to(staff).filter(area_id__in=staff.area_ids(Permission.MANAGE_ARCHIVE))
    if township:
        families = families.filter(area__parent__code=township)
    over = _with_last_matter(families).filter(_years_passed(on)).exclude(_anything_open(on))
    shown: QuerySet[Any] = annotate_head(over).select_related("area__parent")
    return shown.order_by("last_matter_on", "pk")


def aids_due_for_archiving(staff: Staff, *, on: date, township: str = "") -> QuerySet[Any]:
    """临时救助 of people without a family's record whose papers may go to the archive, longest over first.

    They have ended, nothing of theirs is still to be delivered, and the years at hand for their kind have passed since
    the last day of theirs (``last_matter_on``): the end, decision, payment or money that came back. ``keep_years`` is
    how long they are kept, nothing for ever.
    """
    aids = TemporaryAid.objects.filter(
        household=None, state__in=_ENDED, area_id__in=staff.area_ids(Permission.MANAGE_ARCHIVE)
    )
    if township:
        aids = aids.filter(area__parent__code=township)
    paid = AidStage.objects.filter(aid=OuterRef("pk"), paid_at__isnull=False).order_by().values("aid")
    dated = aids.annotate(
        is_aided=ExpressionWrapper(Q(amount__isnull=False), output_field=BooleanField()),
        last_matter_on=Greatest(
            _LAST_DAY_OF_AID,
            TruncDate("recoupment__settled_at"),
            Subquery(paid.annotate(last=Max(TruncDate("paid_at"))).values("last"), output_field=DateField()),
        ),
    )
    kept = {period.record_kind == RecordKind.AIDED_FAMILY: period.keep_years for period in _family_periods(on)}
    keeping = [When(is_aided=is_aided, then=Value(years)) for is_aided, years in kept.items()]
    over = dated.filter(_years_passed(on)).exclude(
        Exists(AidPaper.objects.filter(aid=OuterRef("pk"), document__in=_TO_DELIVER))
    )
    shown = over.annotate(keep_years=Chosen(*keeping, default=None, output_field=IntegerField()))
    return shown.select_related("area__parent").order_by("last_matter_on", "pk")


def _with_last_matter(families: QuerySet[Household]) -> QuerySet[Any]:
    def latest(rows: QuerySet[Any], field: str | Any) -> Subquery:
        of_family = rows.filter(household=OuterRef("pk")).order_by().values("household")
        return Subquery(of_family.annotate(latest=Max(field)).values("latest"), output_field=DateField())

    return families.annotate(
        is_aided=Exists(Award.objects.filter(household=OuterRef("pk")))
        | Exists(Recognition.objects.filter(household=OuterRef("pk")))
        | Exists(TemporaryAid.objects.filter(household=OuterRef("pk"), amount__isnull=False)),
        last_matter_on=Greatest(
            TruncDate("registered_at"),
            latest(Case.objects.all(), "state_since"),
            latest(MeansCheck.objects.all(), "answered_on"),
            latest(HouseholdEvent.objects.exclude(kind=HouseholdEventKind.ARCHIVED), TruncDate("at")),
            latest(Award.objects.all(), _LAST_DAY_PAID_FOR),
            latest(Recognition.objects.all(), _LAST_DAY_RECOGNISED),
            latest(TemporaryAid.objects.all(), _LAST_DAY_OF_AID),
        ),
    )


def _anything_open(on: date) -> Q:
    of_family = {"household": OuterRef("pk")}
    return (
        Q(Exists(Case.objects.filter(**of_family, state__in=[state.value for state in OPEN_STATES])))
        | Q(Exists(TemporaryAid.objects.filter(**of_family).exclude(state__in=_ENDED)))
        | Q(Exists(Award.objects.filter(**of_family).exclude(state=AwardState.STOPPED)))
        | Q(Exists(Recognition.objects.filter(**of_family, valid__endswith__gt=on)))
        | Q(Exists(MeansCheck.objects.filter(**of_family, state="requested")))
        | Q(Exists(Transfer.objects.filter(**of_family, state="proposed")))
        | Q(Exists(AwardCheck.objects.filter(award__household=OuterRef("pk"), settled_on=None)))
        | Q(Exists(CaseDocument.objects.filter(case__household=OuterRef("pk"), document__in=_TO_DELIVER)))
    )


def _years_passed(on: date) -> Q:
    """Nothing is due for a kind of family whose period is not entered."""
    passed = Q(pk__in=[])
    for period in _family_periods(on):
        is_aided = period.record_kind == RecordKind.AIDED_FAMILY
        assert period.active_years is not None  # noqa: S101 -- held by retention_families_are_archived
        passed |= Q(is_aided=is_aided, last_matter_on__lte=on - relativedelta(years=period.active_years))
    return passed


def _family_periods(on: date) -> QuerySet[RetentionPeriod]:
    return periods_in_force(on=on).filter(record_kind__in=FAMILY_KINDS)


def archived_families(staff: Staff) -> QuerySet[Household]:
    """Families in the archive (归档库) whose area the person archives or audits."""
    areas = staff.area_ids(Permission.MANAGE_ARCHIVE) | staff.area_ids(Permission.VIEW_TRAIL)
    return Household.objects.filter(area_id__in=areas, archived_on__isnull=False)


def list_archive(staff: Staff, *, q: str = "", township: str = "") -> QuerySet[Archiving]:
    """The archive's list, newest first: family, head, when and until when.

    :param q: a name, its pinyin initials, the last four of an ID number, or a family number.
    """
    families = archived_families(staff)
    if township:
        families = families.filter(area__parent__code=township)
    if q:
        families = search(staff, q, among=families)
    head: QuerySet[Any] = annotate_head(Household.objects.filter(pk=OuterRef("household")))
    return (
        Archiving.objects.filter(taken_back_on=None, household__in=families.values("pk"))
        .select_related("household__area__parent", "period", "archived_by")
        .annotate(
            head_name=Subquery(head.values("head_name")[:1]), member_count=Subquery(head.values("member_count")[:1])
        )
        .order_by(F("archived_on").desc(), "-pk")
    )
