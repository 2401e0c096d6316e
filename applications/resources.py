"""The list of cases as a spreadsheet: masked, and no cell that a spreadsheet would run."""

from typing import Any

from django.db.models import QuerySet
from import_export import fields

from applications.models import Case, CheckDraw, StepTerm
from applications.queries import due_day, next_act
from foundation.spreadsheets import PlainResource
from organizations.models import Delegation


class CaseResource(PlainResource):
    """办件名单: one row a case of the filtered list; the ID number is masked, whole in a full export."""

    subject_type = "case"

    number = fields.Field(attribute="number", column_name="办件编号")
    head = fields.Field(attribute="head_name", column_name="户主")
    members = fields.Field(attribute="member_count", column_name="人数")
    applicant = fields.Field(attribute="applicant__person__name", column_name="申请人")
    applicant_id_number = fields.Field(column_name="申请人证号")
    scheme = fields.Field(attribute="get_scheme_display", column_name="险种")
    kind = fields.Field(attribute="get_kind_display", column_name="事项")
    township = fields.Field(attribute="area__parent__name", column_name="乡镇")
    village = fields.Field(attribute="area__short_name", column_name="村（社区）")
    state = fields.Field(attribute="state_in_words", column_name="状态")
    act = fields.Field(column_name="下一步")
    due_on = fields.Field(column_name="到期日")
    accepted_on = fields.Field(attribute="accepted_on", column_name="受理日期")
    authority = fields.Field(attribute="authority_in_words", column_name="确认机关")
    decided_on = fields.Field(attribute="decided_on", column_name="决定日期")

    class Meta:
        model = Case
        fields = (
            "number head members applicant applicant_id_number scheme kind township village state act due_on"
            " accepted_on authority decided_on"
        ).split()

    def filter_export(self, queryset: Any, **kwargs: Any) -> Any:
        return queryset.select_related("area__parent", "applicant__person")

    def person_ids(self, rows: QuerySet[Case]) -> list[int]:
        applicants = rows.order_by("applicant__person").values_list("applicant__person", flat=True)
        return list(dict.fromkeys(applicants))

    def dehydrate_applicant_id_number(self, case: Case) -> str:
        return self.shown(case.applicant.person.id_number)

    def dehydrate_act(self, case: Case) -> str:
        return next_act(case)

    def dehydrate_due_on(self, case: Case) -> str:
        due = due_day(case)
        return due.isoformat() if due else ""


class TermResource(PlainResource):
    """办理时限: one row a term in force."""

    scheme = fields.Field(attribute="get_scheme_display", column_name="险种")
    kind = fields.Field(attribute="get_kind_display", column_name="事项")
    authority = fields.Field(attribute="authority_in_words", column_name="确认机关")
    step = fields.Field(attribute="get_step_display", column_name="步骤")
    days = fields.Field(attribute="days", column_name="天数")
    unit = fields.Field(attribute="get_unit_display", column_name="单位")
    starts_on = fields.Field(attribute="valid__lower", column_name="起始日")
    ends_on = fields.Field(attribute="valid__upper", column_name="截止日（不含）")
    source = fields.Field(attribute="source", column_name="依据")
    is_local_practice = fields.Field(column_name="本地做法")

    class Meta:
        model = StepTerm
        fields = tuple("scheme kind authority step days unit starts_on ends_on source is_local_practice".split())

    def dehydrate_is_local_practice(self, term: StepTerm) -> str:
        return "是" if term.is_local_practice else ""


class DrawResource(PlainResource):
    """随机抽查记录: one row a draw, with what it takes to work it out again."""

    subject_type = "check_draw"

    drawn_on = fields.Field(attribute="drawn_on", column_name="抽取日期")
    drawn_by = fields.Field(attribute="drawn_by__name", column_name="抽取人")
    candidate_count = fields.Field(attribute="candidate_count", column_name="件数")
    percent = fields.Field(attribute="percent", column_name="比例（%）")
    drawn_count = fields.Field(attribute="drawn_count", column_name="抽中件数")
    seed = fields.Field(attribute="seed", column_name="随机种子")
    list_digest = fields.Field(attribute="list_digest", column_name="名单摘要（SM3）")

    class Meta:
        model = CheckDraw
        fields = tuple("drawn_on drawn_by candidate_count percent drawn_count seed list_digest".split())


class DelegationResource(PlainResource):
    """下放沿革: one row a delegation."""

    area = fields.Field(attribute="area__name", column_name="乡镇")
    scheme = fields.Field(attribute="get_scheme_display", column_name="险种")
    starts_on = fields.Field(attribute="first_day", column_name="下放起")
    withdrawn = fields.Field(column_name="撤销")
    last_day = fields.Field(attribute="last_day", column_name="最后一天")
    document_number = fields.Field(attribute="document_number", column_name="下放文件")
    document_date = fields.Field(attribute="document_date", column_name="下放文件日期")
    end_document_number = fields.Field(attribute="end_document_number", column_name="收回（撤销）文件")
    end_document_date = fields.Field(attribute="end_document_date", column_name="收回（撤销）文件日期")

    class Meta:
        model = Delegation
        fields = (
            "area scheme starts_on withdrawn last_day document_number document_date"
            " end_document_number end_document_date"
        ).split()

    def dehydrate_withdrawn(self, delegation: Delegation) -> str:
        return "没有开始就撤销" if delegation.withdrawn_start else ""
