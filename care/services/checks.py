"""What every act of care asks first."""

from benefits.models import Award, AwardState
from care.permissions import Permission, check_can_act
from foundation.errors import ServiceError
from organizations.models import Staff
from organizations.models.delegations import Scheme


class NotAllowed(ServiceError):
    """The act does not fit: the award is stopped, the mode is another, a day is wrong, or something is not said."""


def lock(award: Award, *, by: Staff, permission: Permission) -> Award:
    """The award of a 特困 person, locked, where the person may do the act.

    :raises NotPermitted: no right to do the act in the award's area.
    :raises NotAllowed: the award is stopped.
    """
    locked = Award.objects.select_for_update(of=("self",)).select_related("area", "household").get(pk=award.pk)
    if locked.scheme != Scheme.TEKUN:
        raise ValueError("only people supported as 特困 have care")
    check_can_act(by, permission, area=locked.area)
    if locked.state == AwardState.STOPPED:
        raise NotAllowed(f"待遇{locked.number}已经停发，不再办理照料服务。")
    return locked


def check_mode(award: Award, mode: str, *, otherwise: str) -> None:
    """Whether the person is supported in the mode, by what was decided last, also where its month is still to come.

    :param otherwise: the sentence where the person is supported in another mode.
    :raises NotAllowed: the person is supported in another mode.
    """
    if award.versions.latest("serial").support_mode != mode:
        raise NotAllowed(otherwise)


def check_told(text: str, sentence: str, *, field: str) -> str:
    """
    :raises NotAllowed: nothing is written.
    """
    if not text.strip():
        raise NotAllowed(sentence, field=field)
    return text.strip()
