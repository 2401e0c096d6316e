"""公示 and 公布: posting, photos, objections."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db import transaction

from applications import services
from applications.forms.base import ActForm, PlainForm, ScanField, ScansField, long_text
from applications.models import Objection
from applications.queries import proposed_beside, sheet_mates
from applications.services import NotNow
from foundation.form_fields import DayInput
from households.forms.fields import PhoneField
from households.models.attachments import AttachmentKind
from organizations.queries import township_of


class PubliciseForm(ActForm):
    place = forms.CharField(label="张贴地点", max_length=120)
    telephone = forms.CharField(label="监督电话", max_length=30)

    @property
    def beside(self) -> str:
        others = proposed_beside(self.case)
        return urlencode([("case", pk) for pk in (self.case.pk, *others)]) if others else ""

    def suggested(self) -> dict[str, Any]:
        area = self.case.area
        return {
            "place": f"{area.short_name}村（居）务公开栏",
            "telephone": area.telephone or township_of(area).telephone,
        }

    def perform(self) -> Any:
        values = {name: self.cleaned_data[name] for name in ("place", "telephone")}
        return services.publicise(self.case, by=self.by, on=self.on, **values, **self.late_reasons)


class AddPublicityPhotoForm(ActForm):
    late = False
    photos = ScansField(label="公示照片", help_text="要看得清公示单和张贴的地方；可以选多张。")
    for_all = forms.BooleanField(required=False, initial=True)

    def prepare(self) -> None:
        mates = sheet_mates(self.file.publicity).count() if self.file.publicity else 0
        if mates:
            self.fields["for_all"].label = f"同一张公示单上的其他{mates}户也用这些照片"
        else:
            del self.fields["for_all"]

    def perform(self) -> Any:
        publicity = self.file.publicity
        if publicity is None:
            raise NotNow("这个办件现在没有公示，不能上传公示照片。")
        if self.cleaned_data.get("for_all"):
            uploads = self.cleaned_data["photos"]
            return services.photograph_sheet(publicity, uploads=uploads, by=self.by, on=self.on, at=self.at)
        with transaction.atomic():
            return [
                services.add_publicity_photo(publicity, attachment=attachment, by=self.by, on=self.on)
                for attachment in self.attach_all(self.cleaned_data["photos"], AttachmentKind.PUBLICITY_PHOTO)
            ]


class RaiseObjectionForm(ActForm):
    raised_on = forms.DateField(label="提出日期", widget=DayInput())
    raised_by_name = forms.CharField(label="异议人", max_length=60, required=False, help_text="匿名的可以不填。")
    phone = PhoneField(label="电话", required=False)
    content = long_text("异议内容", max_length=500)

    def suggested(self) -> dict[str, Any]:
        return {"raised_on": self.on}

    def perform(self) -> Any:
        names = ("raised_on", "raised_by_name", "phone", "content")
        values: dict[str, Any] = {name: self.cleaned_data[name] for name in names}
        return services.raise_objection(self.case, by=self.by, on=self.on, **values | self.late_reasons)


class ReinvestigateForm(PlainForm):
    def perform(self) -> Any:
        return services.reinvestigate(self.case, by=self.by, on=self.on, **self.late_reasons)


class _ObjectionField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.raised_on:%Y年%-m月%-d日} {obj.raised_by_name or '匿名'}：{obj.content[:40]}"


class ResolveObjectionForm(ActForm):
    late = False
    objection = _ObjectionField(Objection.objects.none(), label="异议", empty_label=None)
    resolution = long_text("查明的情况和处理结果", max_length=500)

    def prepare(self) -> None:
        field = self.fields["objection"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 -- declared above
        field.queryset = Objection.objects.filter(publicity__case=self.case, resolved_on=None)

    def perform(self) -> Any:
        return services.resolve_objection(
            self.cleaned_data["objection"], resolution=self.cleaned_data["resolution"], by=self.by, on=self.on
        )


class ClosePublicityForm(PlainForm):
    def perform(self) -> Any:
        return services.close_publicity(self.case, by=self.by, on=self.on, **self.late_reasons)


class AnnounceForm(ActForm):
    late = False
    posted_on = forms.DateField(label="公布日期", widget=DayInput())
    place = forms.CharField(label="公布地点", max_length=120)
    photo = ScanField(label="公布照片", required=False)

    def suggested(self) -> dict[str, Any]:
        return {"posted_on": self.on, "place": f"{self.case.area.short_name}村（居）务公开栏"}

    def perform(self) -> Any:
        data = self.cleaned_data
        with transaction.atomic():
            photo = self.attach(data["photo"], AttachmentKind.PUBLICITY_PHOTO) if data["photo"] else None
            return services.announce(
                self.case, posted_on=data["posted_on"], place=data["place"], photo=photo, by=self.by, on=self.on
            )
