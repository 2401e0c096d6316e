"""Forms of families; the intake page uses the member and income rows from here."""

from households.forms.families import FAMILY_LIST, HouseholdFilter, HouseholdForm, RegisterForm, is_personal
from households.forms.fields import OnceField, PhoneField, VillageField, VoidForm
from households.forms.means import (
    ExpenseRows,
    IncomeRows,
    PropertyForm,
    SupporterRows,
    SupportersForm,
    expense_rows,
    income_rows,
    supporter_rows,
)
from households.forms.people import MemberForm, MemberRowForm, MemberRows
from households.forms.representation import AgentForm, AttachmentForm, BankAccountForm, ConsentForm

__all__ = [
    "FAMILY_LIST",
    "AgentForm",
    "AttachmentForm",
    "BankAccountForm",
    "ConsentForm",
    "ExpenseRows",
    "HouseholdFilter",
    "HouseholdForm",
    "IncomeRows",
    "MemberForm",
    "MemberRowForm",
    "MemberRows",
    "OnceField",
    "PhoneField",
    "PropertyForm",
    "RegisterForm",
    "SupporterRows",
    "SupportersForm",
    "VillageField",
    "VoidForm",
    "expense_rows",
    "income_rows",
    "is_personal",
    "supporter_rows",
]
