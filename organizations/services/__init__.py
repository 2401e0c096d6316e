from organizations.services.accounts import change_password, open_account
from organizations.services.calendar import Holiday, NotACalendar, enter_calendar_year, load_calendar_year
from organizations.services.delegations import (
    DelegationPaper,
    NotDelegable,
    delegate_confirmation,
    end_delegation,
    start_delegation,
)
from organizations.services.lists import NotKept, choose_columns, delete_filter, rename_filter, save_filter
from organizations.services.posts import NotAppointable, appoint, end_post, sync_all_grants, sync_grants
from organizations.services.records import record_access, record_accesses
from organizations.services.reference import load_areas, load_departments, load_roles

__all__ = [
    "DelegationPaper",
    "Holiday",
    "NotACalendar",
    "NotAppointable",
    "NotDelegable",
    "NotKept",
    "appoint",
    "change_password",
    "choose_columns",
    "delegate_confirmation",
    "delete_filter",
    "end_delegation",
    "end_post",
    "enter_calendar_year",
    "load_areas",
    "load_calendar_year",
    "load_departments",
    "load_roles",
    "open_account",
    "record_access",
    "record_accesses",
    "rename_filter",
    "save_filter",
    "start_delegation",
    "sync_all_grants",
    "sync_grants",
]
