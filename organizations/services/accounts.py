"""Staff accounts (工作人员账号)."""

from datetime import date

from django.db import transaction

from foundation.crypto import blind_index
from foundation.errors import ServiceError
from foundation.identity import InvalidIdNumber, parse_id_number
from organizations.models import Area, Department, SessionEnd, Staff
from organizations.services.sessions import end_logins


@transaction.atomic
def open_account(
    *,
    staff_number: str,
    name: str,
    area: Area,
    on: date,
    password: str | None,
    department: Department | None = None,
    must_change_password: bool = True,
    id_number: str = "",
) -> Staff:
    """Open a staff account (工作人员账号); the first password must be changed at first log-in.

    For set-up and for other services; who may open one, :func:`~organizations.services.open_officer_account` asks.

    :param password: None for an account that nobody can sign in to.
    :param id_number: by which near relatives are found among applicants (近亲属比对; F57 §11); only its blind
        index is kept.
    :raises ServiceError: the ID number cannot be.
    """
    return Staff.objects.create_user(
        staff_number=staff_number,
        password=password,
        name=name,
        area=area,
        department=department,
        active_from=on,
        must_change_password=must_change_password,
        id_number_index=_index_of(id_number, on=on),
    )


def _index_of(id_number: str, *, on: date) -> str:
    if not id_number.strip():
        return ""
    try:
        return blind_index(parse_id_number(id_number, on=on).number, purpose="id_number")
    except InvalidIdNumber as error:
        raise ServiceError(str(error), field="id_number") from error


@transaction.atomic
def change_password(staff: Staff, *, password: str, keep: str = "") -> None:
    """Set a person's own new password; a first password is used up by it (首次登录须改密码), other sessions end.

    :param keep: the session that goes on.
    """
    staff.set_password(password)
    staff.must_change_password = False
    staff.save(update_fields=["password", "must_change_password"])
    end_logins(staff, SessionEnd.PASSWORD, keep=keep)
