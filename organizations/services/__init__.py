from organizations.services.accounts import change_password, open_account
from organizations.services.administrators import NoAdministratorLeft
from organizations.services.appointing import WHY_APART, appoint_officer, end_officer_post
from organizations.services.calendar import Holiday, NotACalendar, enter_calendar_year, load_calendar_year
from organizations.services.delegations import (
    DelegationPaper,
    NotDelegable,
    delegate_confirmation,
    end_delegation,
    start_delegation,
    withdraw_delegation,
)
from organizations.services.keeping import (
    AccountFacts,
    AccountRefused,
    correct_account,
    end_sessions,
    open_officer_account,
    reset_password,
    resume_account,
    suspend_account,
    unlock_account,
)
from organizations.services.lists import NotKept, choose_columns, delete_filter, rename_filter, save_filter
from organizations.services.posts import NotAppointable, appoint, end_post, sync_all_grants, sync_grants
from organizations.services.records import record_access, record_accesses, record_page
from organizations.services.reference import load_areas, load_departments, load_roles

__all__ = [
    "WHY_APART",
    "AccountFacts",
    "AccountRefused",
    "DelegationPaper",
    "Holiday",
    "NoAdministratorLeft",
    "NotACalendar",
    "NotAppointable",
    "NotDelegable",
    "NotKept",
    "appoint",
    "appoint_officer",
    "change_password",
    "choose_columns",
    "correct_account",
    "delegate_confirmation",
    "delete_filter",
    "end_delegation",
    "end_officer_post",
    "end_post",
    "end_sessions",
    "enter_calendar_year",
    "load_areas",
    "load_calendar_year",
    "load_departments",
    "load_roles",
    "open_account",
    "open_officer_account",
    "record_access",
    "record_accesses",
    "record_page",
    "rename_filter",
    "reset_password",
    "resume_account",
    "save_filter",
    "start_delegation",
    "suspend_account",
    "sync_all_grants",
    "sync_grants",
    "unlock_account",
    "withdraw_delegation",
]
