"""Content records of the papers of care; whether a person may see them is the caller's duty."""

from collections.abc import Iterable
from datetime import date

from applications.papers.bodies import HOTLINE, county_body, county_government, place_of, township_body
from benefits.models import Award, AwardVersion, CareLevel
from care.models import CareAgreement, SelfCareReassessment
from care.queries import current_version, person_of
from documents import records
from organizations.models import Area
from organizations.queries import civil_affairs, township_of


def care_agreement(agreement: CareAgreement) -> records.CareAgreement:
    """特困人员委托照料服务协议, for signature."""
    award, person = agreement.award, agreement.person
    return records.CareAgreement(
        body=township_body(award.area),
        award_number=award.number,
        person=person.name,
        id_number=person.id_number.reveal(),
        address=place_of(award.area, award.household.address),
        care_level=current_version(award, on=agreement.starts_on).get_care_level_display(),
        carer_kind=agreement.get_carer_kind_display(),
        carer=agreement.carer_name,
        carer_id_number=agreement.carer_id_number.reveal(),
        carer_phone=agreement.carer_phone.reveal(),
        relation=agreement.relation,
        contents=tuple(agreement.content_labels),
        other_contents=agreement.other_contents,
        frequency=agreement.get_frequency_display(),
        starts_on=agreement.starts_on,
        ends_on=agreement.ends_on,
    )


def care_visit_sheet(village: Area, people: Iterable[Award], *, on: date) -> records.CareVisitSheet:
    """特困人员走访照料记录表 of a village: whom to visit, the rest blank.

    :param people: awards as :func:`care.queries.listed` gives them.
    """
    return records.CareVisitSheet(
        township=township_of(village).name,
        village=village.short_name,
        on=on,
        rows=tuple(_row(award) for award in people),
    )


def care_change_notice(
    reassessment: SelfCareReassessment, *, before: AwardVersion, after: AwardVersion, on: date
) -> records.CareChangeNotice:
    """照料护理档次调整告知书 of what the county agreed to on a day."""
    found, report = reassessment.record, reassessment.report
    award = report.award
    return records.CareChangeNotice(
        body=county_body(),
        applicant=person_of(award).name,
        village=award.area.short_name,
        matter=award.get_scheme_display(),
        award_number=award.number,
        reported_on=report.reported_on,
        change=report.change.rstrip("。"),
        assessed_on=found.assessed_on,
        township_body=township_body(award.area),
        not_managed=tuple(found.not_managed_acts),
        mode_said_by=found.mode_said_by,
        before=_sum(before),
        after=_sum(after),
        decided_on=on,
        first_month=after.from_month,
        contact=county_body(),
        telephone=civil_affairs().telephone or HOTLINE,
        reconsideration_body=county_government(),
    )


def _sum(version: AwardVersion) -> records.CareSum:
    return records.CareSum(
        care_level=version.get_care_level_display(),
        support_mode=version.get_support_mode_display(),
        basic_monthly_amount=version.monthly_amount - version.care_monthly_amount,
        care_monthly_amount=version.care_monthly_amount,
        monthly_amount=version.monthly_amount,
    )


def _row(award: Award) -> records.CareVisitRow:
    return records.CareVisitRow(
        person=award.person_name,  # type: ignore[attr-defined]
        address=award.household.address,
        care_level=CareLevel(award.care_level).label,  # type: ignore[attr-defined]
        carer=award.carer_name or award.home_name or "",  # type: ignore[attr-defined]
        due_on=award.due_on,  # type: ignore[attr-defined]
    )
