"""特困 people in support, for tests: granted by the services, as a county approver decides."""

from datetime import date
from decimal import Decimal
from typing import Any

from benefits.models import Award
from benefits.services import Care
from care import services
from care.models import CareAgreement, SelfCareReport
from care.services import AgreementData, AssessmentData, VisitData
from organizations.models import Staff
from tests.benefits.builders import grant
from tests.households.builders import data, picture, register
from tests.support.crews import LINXI, VILLAGES, Crew
from tests.support.factories import AT, make_id_number
from tests.support.replay import told_once

DECIDED = date(2026, 9, 10)
TODAY = date(2026, 11, 23)


@told_once
def supported(
    people: Crew,
    *,
    name: str = "胡德旺",
    township: str = LINXI,
    level: str = "semi_disabled",
    mode: str = "home_based",
    care: str = "356.00",
    decided_on: date = DECIDED,
    head: Any = None,
) -> Award:
    """Somebody alone of 60 or more, supported as 特困 since the month after the decision."""
    head = head or data(name, id_number=make_id_number(birth_date=date(1950, 3, 12)))
    family = register(people.officer, code=VILLAGES[township], head=head, residence="rural")
    return grant(
        family,
        people.approver,
        scheme="tekun",
        monthly_amount=Decimal("900.00") + Decimal(care),
        care=Care(Decimal(care), level, mode),
        decided_on=decided_on,
    )


def visited(award: Award, by: Staff, *, on: date = TODAY, **more: Any) -> Any:
    found = {"diet": "good", "hygiene": "good", "health": "fair", "housing": "good", "visitors": by.name}
    return services.record_visit(award, data=VisitData(visited_on=on, **found | more), by=by, at=AT, on=TODAY)


def agreed(**more: Any) -> AgreementData:
    terms: dict[str, Any] = {
        "carer_kind": "relative",
        "carer_name": "胡德才",
        "carer_id_number": make_id_number(birth_date=date(1975, 6, 1)),
        "carer_phone": "13905639999",
        "relation": "侄子",
        "contents": ["meals", "medicine"],
        "other_contents": "",
        "frequency": "daily",
        "starts_on": date(2026, 11, 1),
        "ends_on": date(2027, 10, 31),
    }
    return AgreementData(**terms | more)


def signed(award: Award, by: Staff, **more: Any) -> CareAgreement:
    """An agreement that all three have signed today."""
    agreement = services.draft_agreement(award, data=agreed(**more), by=by, on=TODAY)
    services.sign_agreement(agreement, signed_on=TODAY, scan=picture("协议.jpg"), by=by, at=AT, on=TODAY)
    agreement.refresh_from_db()
    return agreement


def reported(award: Award, by: Staff, *, on: date = TODAY) -> SelfCareReport:
    return services.report_change(
        award, reported_on=on, reported_by="村委会", change="摔伤以后不能自己走路、洗澡、上下床、穿衣", by=by, on=TODAY
    )


def found(people: Crew, **more: Any) -> AssessmentData:
    """Four of the six indicators not managed: 失能."""
    terms: dict[str, Any] = {
        "unable": ["dressing", "in_out_of_bed", "walking", "bathing"],
        "support_mode": "home_based",
        "mode_said_by": "本人",
        "assessed_on": TODAY,
        "place": "家中",
        "township_assessor": people.officer,
        "county_assessor": people.visitor,
        "opinion": "经现场评估，四项不能自主完成",
    }
    return AssessmentData(**terms | more)
