"""供养服务机构 and 入住: kept by name, editable by the county; who lives there (集中供养)."""

from datetime import date

from django.db import IntegrityError, transaction

from benefits.models import Award
from care.models import Admission, WelfareHome
from care.permissions import Permission, check_can_act
from care.queries import agreement_in_force, person_of
from care.services.checks import NotAllowed, check_mode, check_told, lock
from households.models.people import SupportMode
from organizations.models import Area, Staff
from organizations.queries import county


@transaction.atomic
def save_home(
    home: WelfareHome | None, *, name: str, area: Area, closed_on: date | None = None, by: Staff
) -> WelfareHome:
    """Enter an institution or correct it (维护供养服务机构).

    :raises NotAllowed: no name, one of the same name in the area, or somebody lives in one that is closed.
    """
    check_can_act(by, Permission.MANAGE_WELFARE_HOMES, area=county())
    home = WelfareHome.objects.select_for_update().get(pk=home.pk) if home else WelfareHome()
    home.name, home.area, home.closed_on = check_told(name, "请填机构名称。", field="name"), area, closed_on
    if closed_on is not None and home.pk and home.admissions.filter(left_on=None).exists():
        raise NotAllowed("还有特困人员登记在这个机构，不能停办；请先登记离院。", field="closed_on")
    try:
        with transaction.atomic():
            home.save()
    except IntegrityError as error:
        if "welfare_home_once" not in str(error):
            raise
        raise NotAllowed("这个区划已有同名的供养服务机构。", field="name") from error
    return home


@transaction.atomic
def admit(award: Award, *, home: WelfareHome, admitted_on: date, by: Staff, on: date) -> Admission:
    """Record that a person lives in an institution (登记入住).

    :raises NotAllowed: supported at home, an agreement with a carer in force or signed and still to begin,
        closed, or there already.
    """
    award = lock(award, by=by, permission=Permission.MANAGE_CARE)
    check_mode(
        award,
        SupportMode.INSTITUTIONAL,
        otherwise="这个人是分散供养；改为集中供养须先登记自理能力和供养方式变化，由县里调整后再登记入住。",
    )
    if admitted_on > on:
        raise NotAllowed("入住日期不能晚于今天。", field="admitted_on")
    home = WelfareHome.objects.select_for_update().get(pk=home.pk)
    if home.closed_on is not None and home.closed_on <= admitted_on:
        raise NotAllowed(f"{home}已经停办。", field="home")
    if (agreement := agreement_in_force(award, on=on)) is not None:
        day = agreement.starts_on
        if day > on:
            raise NotAllowed(
                f"已签订一份{day.year}年{day.month}月{day.day}日起的委托照料协议，还没开始。请先在“终止协议”里填今天的日期和"
                "原因，再登记入住。"
            )
        raise NotAllowed("还有一份生效的委托照料协议，请先终止协议再登记入住。")
    admission = Admission(award=award, person=person_of(award), home=home, admitted_on=admitted_on, recorded_by=by)
    try:
        with transaction.atomic():
            admission.save()
    except IntegrityError as error:
        if "admission_one_open" not in str(error):
            raise
        raise NotAllowed("这个人已登记入住，尚未离院。", field="home") from error
    return admission


@transaction.atomic
def discharge(admission: Admission, *, left_on: date, reason: str, by: Staff, on: date) -> None:
    """Record that a person left the institution (登记离院).

    :raises NotAllowed: left before, no reason, or a day before the admission or to come.
    """
    rows = Admission.objects.select_for_update(of=("self",)).select_related("award__area")
    admission = rows.get(pk=admission.pk)
    check_can_act(by, Permission.MANAGE_CARE, area=admission.award.area)
    if admission.left_on is not None:
        raise NotAllowed("这个人已经离院。")
    if not admission.admitted_on <= left_on <= on:
        raise NotAllowed("离院日期须在入住之后，并且不晚于今天。", field="left_on")
    admission.left_on = left_on
    admission.left_reason = check_told(reason, "请写明离院的原因。", field="reason")
    admission.save(update_fields=["left_on", "left_reason"])
