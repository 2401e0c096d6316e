"""调查核对: means check, home visits, appraisal, extension of the term."""

from collections import Counter
from functools import cached_property
from typing import Any

from django import forms
from django.db import transaction
from django.forms import BaseFormSet

from applications import services
from applications.forms.base import ActForm, PlainForm, ScansField, long_text
from applications.models.investigation import Participant, ParticipantOpinion, ParticipantRole, VisitWay
from applications.queries import possible_visitors, telling_due
from applications.rules.process import EXTENSION_CAUSES
from applications.services import VisitReport
from foundation.form_fields import DayInput, PersonNameField
from households.forms.means import BaseRows
from households.models.attachments import AttachmentKind
from organizations.models import Staff
from organizations.queries import standing_of
from verification.models import MeansCheck, MeansCheckFinding


class StartInvestigationForm(PlainForm):
    def perform(self) -> Any:
        return services.start_investigation(self.case, by=self.by, on=self.on, **self.late_reasons)


class AskMeansCheckForm(PlainForm):
    late = False

    def perform(self) -> Any:
        return services.ask_means_check(self.case, by=self.by, on=self.on)


class TellFamilyForm(ActForm):
    body = "applications/forms/tell_family.html"
    statement = long_text("申请人的说明", max_length=300, help_text="申请人没有说明的，写“无异议”。")

    def may_be_late(self) -> bool:
        due = telling_due(self.case, self.check) if self.check else None
        return due is not None and self.on > due.on

    @property
    def check(self) -> MeansCheck | None:
        """The check that the case rests on."""
        return self.file.means_check

    @property
    def differing(self) -> list[MeansCheckFinding]:
        """What the family is to be told of."""
        if self.check is None:
            return []
        return list(self.check.findings.filter(agrees=False).select_related("member__person"))

    def perform(self) -> Any:
        statement = self.cleaned_data["statement"]
        return services.tell_family(self.case, statement=statement, by=self.by, on=self.on, **self.late_reasons)


class _VisitorsField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    """Everybody with unit and post; of namesakes in the same post the number of the account too."""

    def label_from_instance(self, obj: Any) -> str:
        place = standing_of(obj) or obj.area.short_name
        if self._alike[obj.name, place] > 1:
            place = f"{place}，工号{obj.staff_number}"
        return f"{obj.name}（{place}）"

    @cached_property
    def _alike(self) -> Counter[tuple[str, str]]:
        people = self.queryset or ()
        return Counter((person.name, standing_of(person) or person.area.short_name) for person in people)


class RecordVisitForm(ActForm):
    """入户调查表 on the page; visitors are picked among people who may visit in the area."""

    late = False
    by_county = False

    visited_on = forms.DateField(label="调查日期", widget=DayInput())
    place = forms.CharField(label="地点", max_length=120)
    way = forms.ChoiceField(label="方式", choices=VisitWay.choices)
    way_reason = forms.CharField(
        label="不能入户的原因",
        max_length=200,
        required=False,
        help_text="只有突发事件才可以电话、视频调查，请写明是什么突发事件。",
    )
    visitors = _VisitorsField(Staff.objects.none(), label="调查人", help_text="至少两人，其中至少一名是乡镇经办人。")
    living_conditions = long_text("吃穿住用情况", max_length=500)
    facts_found = long_text("查明情况", max_length=1000, rows=4)
    agrees_with_declaration = forms.TypedChoiceField(
        label="与家庭申报",
        choices=[("yes", "一致"), ("no", "不一致")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    neighbor_inquiry = long_text("邻里访问", max_length=500, required=False, rows=2)
    opinion = long_text("调查意见", max_length=300, required=False, rows=2)
    family_signed_by = forms.CharField(label="在场家庭成员签字", max_length=60)
    photos = ScansField(label="现场照片、签字的入户调查表", help_text="可以选多份；手机上可直接拍照。")

    def prepare(self) -> None:
        field = self.fields["visitors"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101 -- declared above
        field.queryset = possible_visitors(self.case, by_county=self.by_county, on=self.on)

    def suggested(self) -> dict[str, Any]:
        return {
            "visited_on": self.on,
            "place": self.case.household.address,
            "way": VisitWay.HOME,
            "visitors": [self.by.pk],
            "family_signed_by": self.file.head.person.name,
        }

    def perform(self) -> Any:
        data = self.cleaned_data
        report = VisitReport(**{name: data[name] for name in VisitReport.__dataclass_fields__})
        with transaction.atomic():
            return services.record_visit(
                self.case,
                report=report,
                visitors=list(data["visitors"]),
                attachments=self.attach_all(data["photos"], AttachmentKind.VISIT_PHOTO),
                by=self.by,
                on=self.on,
                by_county=self.by_county,
            )


class RecordCountyVisitForm(RecordVisitForm):
    """县民政局入户: visited by county staff only."""

    by_county = True

    def prepare(self) -> None:
        super().prepare()
        self.fields["visitors"].help_text = "至少两名县民政局工作人员。"


class RecordRecheckForm(ActForm):
    late = False
    found = long_text("补查了什么、查明的情况", max_length=500)

    def perform(self) -> Any:
        return services.record_recheck(self.case, found=self.cleaned_data["found"], by=self.by, on=self.on)


class CallAppraisalForm(ActForm):
    reason = long_text("争议事由", max_length=300, help_text="民主评议只在有争议时进行。")

    def perform(self) -> Any:
        return services.call_appraisal(
            self.case, reason=self.cleaned_data["reason"], by=self.by, on=self.on, **self.late_reasons
        )


class _ParticipantForm(forms.Form):
    name = PersonNameField()
    role = forms.ChoiceField(
        label="身份", choices=ParticipantRole.choices, initial=ParticipantRole.REPRESENTATIVE.value
    )
    opinion = forms.ChoiceField(label="意见", choices=[("", "不记名"), *ParticipantOpinion.choices], required=False)

    def row(self) -> Participant:
        """What ``services.record_appraisal`` takes."""
        return Participant(**{name: self.cleaned_data[name] for name in ("name", "role", "opinion")})


_ParticipantRows = forms.formset_factory(
    _ParticipantForm, formset=BaseRows, extra=5, can_delete=True, max_num=60, validate_max=True
)


class RecordAppraisalForm(ActForm):
    """民主评议记录表 on the page, who took part as rows."""

    body = "applications/forms/_appraisal.html"
    late = False
    held_on = forms.DateField(label="评议日期", widget=DayInput())
    place = forms.CharField(label="地点", max_length=120)
    host = forms.CharField(label="主持人", max_length=60)
    dispute = long_text("争议事由", max_length=300, rows=2)
    votes_for = forms.IntegerField(label="赞成票", min_value=0)
    votes_against = forms.IntegerField(label="反对票", min_value=0)

    def prepare(self) -> None:
        self._rows: Any = _ParticipantRows(self.data if self.is_bound else None, prefix="participants")

    @property
    def rows(self) -> "BaseFormSet[Any]":
        return self._rows

    def suggested(self) -> dict[str, Any]:
        called = next((event for event in self.file.events if event.kind == "appraisal_called"), None)
        return {"held_on": self.on, "dispute": called.note if called else "", "votes_against": 0}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("votes_for") == 0 and data.get("votes_against") == 0:
            self.add_error("votes_for", "请填评议票数。")
        if self._rows.is_valid() and not self._rows.rows():
            self.add_error(None, "请填参评人，至少一位。")
        return data

    def perform(self) -> Any:
        names = ("held_on", "place", "host", "dispute", "votes_for", "votes_against")
        values = {name: self.cleaned_data[name] for name in names}
        return services.record_appraisal(self.case, participants=self._rows.rows(), by=self.by, on=self.on, **values)


class ExtendDeadlineForm(ActForm):
    late = False
    cause = forms.ChoiceField(label="情形", choices=list(EXTENSION_CAUSES.items()), widget=forms.RadioSelect)
    reason = long_text("理由", max_length=300)

    def perform(self) -> Any:
        return services.extend_deadline(
            self.case, cause=self.cleaned_data["cause"], reason=self.cleaned_data["reason"], by=self.by, on=self.on
        )
