"""What a 特困 case asks for beside the steps of every case: self-care assessed together, the county's draw."""

from datetime import date

from applications import services
from applications.models import Case
from applications.queries import suggestion_for
from applications.services import SelfCareReport
from organizations.models import Staff
from organizations.models.delegations import Scheme


def assess_self_care(case: Case, *, clerk: Staff, county_officer: Staff, on: date) -> None:
    """Township and county assess whomever the rules suggest (生活自理能力评估; F43 §20)."""
    if case.scheme != Scheme.TEKUN or case.matter.ends_award:
        return
    members = case.household.members.select_related("person").in_bulk()
    for row in suggestion_for(case, on=on).persons:
        member = members[row.member_id]
        report = SelfCareReport(
            assessed_on=on,
            place=case.household.address,
            not_managed=member.person.unable_self_care,
            support_mode=member.person.support_mode,
            mode_said_by=member.person.name,
        )
        services.assess_self_care(member, report=report, assessors=[clerk, county_officer], by=clerk, on=on, case=case)


def is_drawn(case: Case, *, county_officer: Staff, on: date) -> bool:
    """Draw from what waits (随机抽查; F43 §16), and say whether the case is to be checked."""
    if case.scheme != Scheme.TEKUN or case.matter.ends_award:
        return False
    made = services.draw_checks(seed=f"演示{case.number}", by=county_officer, on=on)
    return made.rows.filter(case=case, is_drawn=True).exists()
