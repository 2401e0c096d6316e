"""Whether a confirmed stage may still reach the family: what was found out since it was confirmed."""

from datetime import date

from temporary_aid.models import AidStage, PayMethod
from temporary_aid.queries.paying import Stop, stop_of
from temporary_aid.services.base import NotAllowed

_RELIEVED = "最近一次走访认为困难已缓解，第{serial}期不能{what}。请终止余期；情况又有变化的，请重新走访。"
_DIED = "救助对象已登记死亡，家中没有其他成员，第{serial}期不能发放。请终止余期；死亡登记有误的，先在家庭档案撤销。"
_ENDED = "家庭档案已经注销，不能转账；本人仍应领取的，改为现金发放。"


def check_payable(stage: AidStage, *, method: str, on: date) -> None:
    """
    :param on: the day on which it reached the family.
    :raises NotAllowed: by then a visit had found that the need is over, nobody was left, or a transfer goes to a
        family that had ended. What is at the bank already was paid, whatever was found since.
    """
    if stage.exported_at is not None:
        return
    stop = stop_of(stage, on=on)
    if stop == Stop.RELIEVED:
        raise NotAllowed(_RELIEVED.format(serial=stage.serial, what="发放"))
    if stop == Stop.DIED:
        raise NotAllowed(_DIED.format(serial=stage.serial))
    if stop == Stop.ENDED and method == PayMethod.BANK:
        raise NotAllowed(_ENDED, field="method")


def check_needed(stage: AidStage, *, on: date) -> None:
    """
    :raises NotAllowed: the aid's latest visit, for whichever stage it was made, found that the need is over.
    """
    if stop_of(stage, on=on) == Stop.RELIEVED:
        raise NotAllowed(_RELIEVED.format(serial=stage.serial, what="确认发放"), field="still_in_need")
