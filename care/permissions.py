"""Who visits, who arranges care, who assesses and who decides; near relatives keep out (F57 §11)."""

from applications.models import RelativeDeclaration
from applications.permissions import Relatives
from benefits.models import Award
from organizations.permissions import Permission, can_act, check_can_act

__all__ = ["Permission", "can_act", "check_can_act", "related_to"]


def related_to(award: Award) -> Relatives:
    """The registered near relatives (近亲属备案) of the award's family, of every intake that it had."""
    return Relatives.among(RelativeDeclaration.objects.filter(intake__household=award.household_id))
