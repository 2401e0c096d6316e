"""Reports of hardship (急难报告) of the demo: one whose clock runs, one late, one that the hotline was told of."""

from datetime import date, timedelta

from organizations.models import Area
from organizations.models.areas import AreaLevel
from temporary_aid.models import HardshipReport
from temporary_aid.services.reports import ReportData, dismiss_report, enter_report, record_callback
from workbench.demo_data.aid_plans import CHANGAN
from workbench.demo_data.officers import Offices
from workbench.demo_data.times import office_hour


def make_reports(offices: Offices, *, on: date) -> list[HardshipReport]:
    """Reports of 长安镇: of last night, of three days ago and still open, and one that came to nothing."""
    villages = Area.objects.filter(level=AreaLevel.VILLAGE, code__startswith=f"{CHANGAN}2").select_related("parent")
    village = villages.order_by("code")[0]
    clerk, assistant, county = offices.township(village, 1), offices.township(village, 4), offices.county(1)
    night, before = office_hour(on - timedelta(days=1), hour=22), office_hour(on - timedelta(days=3), hour=15)
    fresh = ReportData(
        area=village,
        source="village_assistant",
        reported_at=night,
        reporter_name=assistant.name,
        person_name="吴长根",
        person_phone="13905638801",
        situation="摔伤送医，家里只有两个孙子，没有人做饭，没有现金。",
        place="3组11号",
        cause="accident",
    )
    late = ReportData(
        area=village,
        source="hotline",
        reported_at=before,
        reporter_name="匿名群众",
        person_name="姚翠娥",
        situation="来电反映独居老人房屋漏雨，没有干被褥。",
        hotline_ticket="XC20260001（示例）",
        cause="disaster",
    )
    nothing = ReportData(
        area=village,
        source="hotline",
        reported_at=before - timedelta(days=6),
        reporter_name="王先生",
        person_name="王卫东",
        situation="来电询问能否补助装修费用。",
        hotline_ticket="XC20260002（示例）",
        is_urgent=False,
    )
    dismissed = enter_report(nothing, by=county, at=before - timedelta(days=6))
    at = before - timedelta(days=5)
    dismissed = dismiss_report(dismissed, reason="装修不属于临时救助，基本生活没有困难。", by=clerk, at=at)
    record_callback(dismissed, result="已向来电人说明政策，表示理解。", by=clerk, at=at + timedelta(hours=1))
    return [
        dismissed,
        enter_report(late, by=county, at=before + timedelta(minutes=10)),
        enter_report(fresh, by=assistant, at=night + timedelta(minutes=5)),
    ]
