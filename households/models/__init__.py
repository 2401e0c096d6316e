from households.models.attachments import Attachment
from households.models.families import Household, HouseholdEvent, Member
from households.models.means import Expense, Income, Property, Supporter
from households.models.people import Disability, Kinship, Person
from households.models.representation import Agent, BankAccount, Consent, ConsentSigner, UnsignedReason
from households.models.transfers import Transfer

__all__ = [
    "Agent",
    "Attachment",
    "BankAccount",
    "Consent",
    "ConsentSigner",
    "Disability",
    "Expense",
    "Household",
    "HouseholdEvent",
    "Income",
    "Kinship",
    "Member",
    "Person",
    "Property",
    "Supporter",
    "Transfer",
    "UnsignedReason",
]
