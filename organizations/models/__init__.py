from organizations.models.areas import Area, Department
from organizations.models.calendar import CalendarDay, CalendarYear
from organizations.models.delegations import Delegation
from organizations.models.events import StaffEvent, StaffEventKind
from organizations.models.jobs import Job, JobFault, JobFile, JobState
from organizations.models.lists import ListColumns, SavedFilter
from organizations.models.records import AccessRecord, ReadingPurpose
from organizations.models.signing_in import LoginSession, SecondFactor, SessionEnd
from organizations.models.staff import AreaGrant, Post, Staff
from organizations.models.states import AccountState

__all__ = [
    "AccessRecord",
    "AccountState",
    "Area",
    "AreaGrant",
    "CalendarDay",
    "CalendarYear",
    "Delegation",
    "Department",
    "Job",
    "JobFault",
    "JobFile",
    "JobState",
    "ListColumns",
    "LoginSession",
    "Post",
    "ReadingPurpose",
    "SavedFilter",
    "SecondFactor",
    "SessionEnd",
    "Staff",
    "StaffEvent",
    "StaffEventKind",
]
