"""小额先行救助台账 as a spreadsheet; no number of a person stands on it."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from import_export import fields

from foundation.spreadsheets import PlainResource
from temporary_aid.models import PettyAdvance
from temporary_aid.rules.clock import hours_between
from temporary_aid.rules.states import AidState


class AdvanceResource(PlainResource):
    """One row a slip of the filtered list, in its order."""

    subject_type = "petty_advance"

    number = fields.Field(attribute="number", column_name="先行单编号")
    aid = fields.Field(attribute="aid__number", column_name="临时救助编号")
    person = fields.Field(attribute="aid__recipient_name", column_name="救助对象")
    township = fields.Field(attribute="aid__area__parent__name", column_name="乡镇")
    village = fields.Field(attribute="aid__area__short_name", column_name="村（社区）")
    cause = fields.Field(attribute="aid__get_cause_display", column_name="事由")
    reported = fields.Field(column_name="首次报告")
    paid = fields.Field(column_name="发放时间")
    hours = fields.Field(column_name="报告到发放（小时）")
    late = fields.Field(attribute="late_reason", column_name="超时原因")
    amount = fields.Field(attribute="amount", column_name="先行金额（元）")
    balance = fields.Field(attribute="balance_after", column_name="支出后余额（元）")
    received = fields.Field(attribute="received_by", column_name="领取人")
    hands = fields.Field(column_name="经办人")
    relieved = fields.Field(attribute="relieved_on", column_name="急难解除日")
    due = fields.Field(attribute="supplement_due_on", column_name="补手续期限")
    standing = fields.Field(column_name="手续")

    class Meta:
        model = PettyAdvance
        fields = tuple(
            "number aid person township village cause reported paid hours late amount balance received hands relieved"
            " due standing".split()
        )

    def __init__(self, *, on: date) -> None:
        super().__init__()
        self._on = on

    def person_ids(self, rows: QuerySet[Any]) -> list[int]:
        people = rows.order_by().filter(aid__applicant__isnull=False).values_list("aid__applicant__person", flat=True)
        return list(people.distinct())

    def dehydrate_reported(self, slip: PettyAdvance) -> str:
        return f"{timezone.localtime(slip.aid.first_reported_at):%Y-%m-%d %H:%M}"

    def dehydrate_paid(self, slip: PettyAdvance) -> str:
        return f"{timezone.localtime(slip.paid_at):%Y-%m-%d %H:%M}"

    def dehydrate_hours(self, slip: PettyAdvance) -> Any:
        return hours_between(slip.aid.first_reported_at, slip.paid_at)

    def dehydrate_hands(self, slip: PettyAdvance) -> str:
        return f"{slip.paid_by.name}、{slip.second_hand}"

    def dehydrate_standing(self, slip: PettyAdvance) -> str:
        if slip.aid.state == AidState.ADVANCED and self._on > slip.supplement_due_on:
            return "逾期未补"
        return slip.aid.aid_state.label
