"""The family as papers print it: read once, in a fixed number of queries, whatever the number of members."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal

from documents import records
from foundation.identity import age_on
from foundation.money import FEN
from households.models import BankAccount, Expense, Household, Income, Member, Person, Property
from households.models.people import Schooling
from households.queries import current_members, expenses_of, incomes_of


@dataclass(frozen=True)
class Family:
    """A family's current members with their means of one accounting year."""

    household: Household
    members: tuple[Member, ...]
    year: int
    incomes: tuple[Income, ...]
    expenses: tuple[Expense, ...]

    def person_rows(self, counted: Sequence[str] | None = None) -> tuple[records.PersonRow, ...]:
        """All members, head first.

        :param counted: references (m12) of the members whom the assessment counts; without one, whoever has no
            reason not to be counted.
        """
        return tuple(
            self.person_row(
                member, is_counted=not member.not_counted if counted is None else member.reference in counted
            )
            for member in self.members
        )

    def person_row(self, member: Member, *, is_counted: bool = True) -> records.PersonRow:
        """One member."""
        person = member.person
        yearly = sum(
            (row.yearly_amount for row in self.incomes if row.member_id == member.pk and row.is_counted), FEN * 0
        )
        return records.PersonRow(
            name=person.name,
            relation=member.get_relation_display(),
            sex=person.get_sex_display(),
            birth_date=person.birth_date,
            id_number=person.id_number.reveal(),
            nation=person.nation,
            health=_health(person),
            disability=_disability(person),
            labour_capacity=person.get_labour_capacity_display() if person.labour_capacity else "",
            occupation=_occupation(person),
            monthly_income=(yearly / 12).quantize(FEN, rounding=ROUND_DOWN),
            is_counted=is_counted,
        )

    def member_row(self, member_id: int) -> records.PersonRow:
        """The row of a current member; of the head where the member has left the family."""
        member = next((row for row in self.members if row.pk == member_id), self.members[0])
        return self.person_row(member)

    def income_rows(self) -> tuple[records.MoneyRow, ...]:
        """Incomes of the accounting year, also those that do not count."""
        return tuple(
            records.MoneyRow(
                name=row.member.person.name,
                kind=row.get_kind_display(),
                label=row.label,
                yearly_amount=row.yearly_amount,
                evidence=row.evidence_note,
                is_counted=row.is_counted,
            )
            for row in self.incomes
        )

    def expense_rows(self) -> tuple[records.MoneyRow, ...]:
        """Approved spending of the accounting year."""
        return tuple(
            records.MoneyRow(
                name=row.member.person.name if row.member else "",
                kind=row.get_kind_display(),
                label=row.label,
                yearly_amount=row.yearly_amount,
                evidence=row.evidence_note,
            )
            for row in self.expenses
        )

    def supporter_rows(self, *, on: date) -> tuple[records.SupporterRow, ...]:
        """Legal supporters outside the family."""
        return tuple(
            records.SupporterRow(
                name=row.name,
                supported=member.person.name,
                relation=row.relation,
                age=age_on(row.birth_date, on=on),
                status=row.get_status_display(),
                yearly_income=row.yearly_income,
                note="" if row.incapacity == "none" else row.get_incapacity_display(),
            )
            for member in self.members
            for row in member.supporters.all()
            if row.ended_on is None
        )

    def property_part(self) -> records.PropertyPart:
        """The family's property; zero where none was entered."""
        row = Property.objects.filter(household=self.household).first() or Property(household=self.household)
        return records.PropertyPart(
            financial_assets=Decimal(row.financial_assets).quantize(FEN),
            vehicles=row.vehicles,
            vehicle_value=Decimal(row.vehicle_value).quantize(FEN),
            houses=row.houses,
            businesses=row.businesses,
            exempted=row.exempted,
            note=row.note,
        )

    def account_part(self, *, last: int = 0) -> records.AccountPart | None:
        """The account in use; in full, or its ``last`` characters."""
        row = BankAccount.objects.filter(household=self.household, ended_on=None).first()
        if row is None:
            return None
        payee = f"{row.payee_name}（{row.get_payee_kind_display()}）" if row.payee_name else ""
        return records.AccountPart(bank=row.bank, holder=row.holder, account=row.account.reveal()[-last:], payee=payee)


def load_family(household: Household, *, year: int) -> Family:
    """Read a family for its papers."""
    return Family(
        household=household,
        members=tuple(current_members(household).prefetch_related("supporters")),
        year=year,
        incomes=tuple(incomes_of(household, year=year)),
        expenses=tuple(expenses_of(household, year=year)),
    )


def _health(person: Person) -> str:
    text = person.get_health_display()
    if not person.serious_illness:
        return text
    return f"{text}；重病（{person.illness_name}）" if person.illness_name else f"{text}；重病"


def _disability(person: Person) -> str:
    # ``current`` is what households.queries.current_members prefetches.
    return "、".join(f"{row.get_kind_display()}{row.get_level_display()}" for row in person.current)  # type: ignore[attr-defined]


def _occupation(person: Person) -> str:
    if person.schooling != Schooling.NONE:
        return person.school_name or person.get_schooling_display()
    return person.employer or person.get_employment_display()
