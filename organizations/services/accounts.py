"""Staff accounts (工作人员账号)."""

from datetime import date

from django.db import transaction

from organizations.models import Area, Department, Staff


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
) -> Staff:
    """Open a staff account (工作人员账号); the first password must be changed at first log-in.

    :param password: None for an account that nobody can sign in to.
    """
    return Staff.objects.create_user(
        staff_number=staff_number,
        password=password,
        name=name,
        area=area,
        department=department,
        active_from=on,
        must_change_password=must_change_password,
    )


@transaction.atomic
def change_password(staff: Staff, *, password: str) -> None:
    """Set a person's own new password; a first password is used up by it (首次登录须改密码)."""
    staff.set_password(password)
    staff.must_change_password = False
    staff.save(update_fields=["password", "must_change_password"])
