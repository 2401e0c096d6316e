"""Finding aids: the filters of the list, and an ID number, which never stands in an address."""

from typing import Any

from django import forms

from benefits.forms.months import MonthField
from eligibility.rules.choices import AidCause, HardshipType
from foundation.form_fields import IdNumberField
from foundation.lists import ListSpec, register_list
from organizations.models import Staff
from temporary_aid.forms.filters import ANY, areas_of_filter, plain_text
from temporary_aid.queries.listing import CLOCKS, GRANTED, ONCE, OPEN, PUBLICITY, AidFilter
from temporary_aid.queries.meetings import MEETINGS
from temporary_aid.queries.owed import PAPERS
from temporary_aid.rules.states import AidRoute, AidState, DecidedBy

_STATES = [(OPEN, "未办结的"), (GRANTED, "已批准或已先行的"), *((state.value, state.label) for state in AidState)]
_ROUTES = [(route.value, route.label) for route in AidRoute if route.value]


class AidListForm(forms.Form):
    """Filters of the list; what cannot be read lists nothing."""

    seldom = (
        *"route level clock publicity meeting once decided_month reported_month helped_month helped_year".split(),
        *"paid_month paid_year".split(),
    )
    q = forms.CharField(label="姓名或编号", required=False, max_length=60)
    kind = forms.ChoiceField(
        label="类型", required=False, choices=[*ANY, *((kind.value, kind.label) for kind in HardshipType)]
    )
    state = forms.ChoiceField(label="状态", required=False, choices=[*ANY, *_STATES])
    route = forms.ChoiceField(label="程序", required=False, choices=[*ANY, *_ROUTES])
    level = forms.ChoiceField(
        label="审批层级", required=False, choices=[*ANY, *((level.value, level.label) for level in DecidedBy)]
    )
    cause = forms.ChoiceField(
        label="事由", required=False, choices=[*ANY, *((cause.value, cause.label) for cause in AidCause)]
    )
    clock = forms.ChoiceField(label="救助时限", required=False, choices=[*ANY, *CLOCKS.items()])
    publicity = forms.ChoiceField(label="事后公示", required=False, choices=[*ANY, *PUBLICITY.items()])
    meeting = forms.ChoiceField(label="一事一议", required=False, choices=[*ANY, *MEETINGS.items()])
    papers = forms.ChoiceField(
        label="后补手续", required=False, choices=[*ANY, *((key, words) for key, (words, _) in PAPERS.items())]
    )
    once = forms.ChoiceField(label="列出", required=False, choices=[("", "每件"), *ONCE.items()])
    township = forms.ChoiceField(label="乡镇", required=False)
    village = forms.ChoiceField(label="村（社区）", required=False)
    decided_month = MonthField(label="批准月份", required=False)
    reported_month = MonthField(label="首次报告月份", required=False)
    helped_month = MonthField(label="首次到手月份", required=False)
    helped_year = forms.IntegerField(label="首次到手年度", required=False, min_value=2000, max_value=2100)
    paid_month = MonthField(label="发放月份", required=False)
    paid_year = forms.IntegerField(label="发放年度", required=False, min_value=2000, max_value=2100)

    def __init__(self, data: Any, *, staff: Staff) -> None:
        super().__init__(data)
        areas_of_filter(self, staff)

    def clean_q(self) -> str:
        return plain_text(self.cleaned_data["q"], instead="身份证号请用“按身份证号查”")

    @property
    def wanted(self) -> AidFilter:
        """What the list is cut to, once the form is valid."""
        values = dict(self.cleaned_data)
        return AidFilter(text=values.pop("q"), **values)


class FindForm(forms.Form):
    """By ID number (身份证号): sent by POST."""

    id_number = IdNumberField()


AID_LIST = register_list(
    ListSpec(
        key="temporary_aid",
        url_name="temporary_aid:list",
        filters=frozenset(AidListForm.base_fields),
        columns={
            "clock": "救助时限",
            "area": "村（社区）",
            "people": "家庭人口",
            "kind": "类型和事由",
            "state": "状态",
            "route": "程序",
            "reported": "首次报告",
            "amount": "金额（元）",
            "decided": "批准日期",
            "publicity": "事后公示",
            "papers": "后补手续",
        },
        default_columns=("clock", "area", "people", "kind", "state", "route", "amount", "decided"),
    )
)
