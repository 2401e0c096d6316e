"""What a batch asks before it is done (批量办理): where sheets are posted, when and to whom notices were handed."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField

from applications import services
from applications.forms.base import long_text, not_after
from applications.models import Batch, BatchAct
from applications.queries import LATEST, Plan
from applications.queries.batches import Planned, Sheet
from documents.models import DeliveryWay
from foundation.form_fields import DayInput
from foundation.once import fresh_token
from organizations.models import Area, Staff
from organizations.queries import township_of

NOTICE_CHOICES = [
    (LATEST, "各户最近一份通知书"),
    ("decision", "确认、不予确认通知书"),
    ("acceptance", "受理通知书"),
    ("supplement", "一次性补正告知书"),
]


class NoticeFilter(forms.Form):
    """Which notices are printed or delivered."""

    notices = forms.ChoiceField(label="哪种通知书", choices=NOTICE_CHOICES, required=False)

    @property
    def wanted(self) -> str:
        """The notices asked for; the last one of each family where nothing readable is asked."""
        return (self.cleaned_data.get("notices") if self.is_valid() else "") or LATEST


class BatchForm(forms.Form):
    """The form under a preview.

    :param plan: what the batch would do now.
    :param chosen: the cases that were chosen; those that cannot go any more are told so in the result.
    """

    act: BatchAct
    was_done = False
    """Whether it turned out that the form had been sent before."""
    button = ""
    effect = ""

    token = forms.CharField(widget=forms.HiddenInput, max_length=40)
    late_reason = long_text("超期原因", max_length=300, required=False, rows=2, help_text="只记在已经超期的办件上。")

    def __init__(self, data: Any = None, *, plan: Plan, by: Staff, at: datetime, on: date) -> None:
        super().__init__(data, initial={"token": fresh_token()})
        self.plan, self.by, self.at, self.on = plan, by, at, on
        if not plan.is_late:
            del self.fields["late_reason"]
        self.prepare()

    def prepare(self) -> None:
        """Add the fields that hang on whom the batch touches."""

    @property
    def common(self) -> list[BoundField]:
        """Fields asked once for the whole batch, without the reason for lateness."""
        own = self.base_fields.keys() - {"late_reason"}
        return [bound for bound in self.visible_fields() if bound.name in own]

    @property
    def late_reasons(self) -> str:
        reason: str = self.cleaned_data.get("late_reason", "")
        return reason

    def perform(self) -> Batch:
        """Open the batch and do it, row by row; a batch that this form opened before is left as it is.

        :raises ServiceError: the batch as a whole cannot be done.
        """
        cases, token = [row.case for row in self.plan.rows], self.cleaned_data["token"]
        try:
            batch = services.open_batch(self.act, cases, token=token, by=self.by, at=self.at)
        except services.OpenedBefore as error:
            self.was_done = True
            return error.batch
        services.leave_out(batch, {row.case.pk: row.refusal for row in self.plan.left_out})
        self.run(batch)
        return batch

    def run(self, batch: Batch) -> None:
        """Do the act on every row of the opened batch; each kind of batch says how."""
        raise NotImplementedError


class _SheetForm(BatchForm):
    """A place for each village in which something is posted."""

    def prepare(self) -> None:
        for area in self.plan.areas:
            self.fields[f"place_{area.pk}"] = forms.CharField(
                label="张贴地点", max_length=120, initial=f"{area.short_name}村（居）务公开栏"
            )

    @property
    def sheets(self) -> list[tuple[Sheet, list[BoundField]]]:
        """Each sheet with its village's fields, which stand with the village's first sheet."""
        shown: set[int] = set()
        found = []
        for sheet in self.plan.sheets:
            names = [] if sheet.area.pk in shown else [name for name in self.fields if _is_of(name, sheet.area)]
            shown.add(sheet.area.pk)
            found.append((sheet, [self[name] for name in names]))
        return found

    def orders(self) -> list[services.SheetOrder]:
        data = self.cleaned_data
        return [
            services.SheetOrder(sheet.cases, data[f"place_{sheet.area.pk}"], data.get(f"telephone_{sheet.area.pk}", ""))
            for sheet in self.plan.sheets
        ]


def _is_of(name: str, area: Area) -> bool:
    return name.endswith(f"_{area.pk}")


class PubliciseBatchForm(_SheetForm):
    act = BatchAct.PUBLICISE
    button = "张贴公示"
    effect = (
        "同一村的办件列在一张公示单上，从张贴次日起公示；公示姓名、人数和金额，不公示类别、病残情况、证号和账号。"
        "各办件的公示期、异议和照片仍分别登记。"
    )

    def prepare(self) -> None:
        super().prepare()
        for area in self.plan.areas:
            self.fields[f"telephone_{area.pk}"] = forms.CharField(
                label="监督电话", max_length=30, initial=area.telephone or township_of(area).telephone
            )

    def run(self, batch: Batch) -> None:
        services.publicise_batch(batch, self.orders(), by=self.by, on=self.on, late_reason=self.late_reasons)


class AnnounceBatchForm(_SheetForm):
    act = BatchAct.ANNOUNCE
    button = "登记公布"
    effect = "同一村的办件列在一张公布单上；只公布姓名、人数和金额。"
    posted_on = forms.DateField(label="公布日期", widget=DayInput())

    def prepare(self) -> None:
        super().prepare()
        self.initial["posted_on"] = self.on

    def clean_posted_on(self) -> date:
        return not_after(self.cleaned_data["posted_on"], self.on)

    def run(self, batch: Batch) -> None:
        posted_on = self.cleaned_data["posted_on"]
        services.announce_batch(batch, self.orders(), posted_on=posted_on, by=self.by, on=self.on)


class DeliverBatchForm(BatchForm):
    act = BatchAct.DELIVER
    button = "登记送达"
    effect = "登记通知书送到各户手里的日期、方式和签收人，登记后不能更改。"
    delivered_on = forms.DateField(label="送达日期", widget=DayInput())
    way = forms.ChoiceField(label="送达方式", choices=DeliveryWay.choices)

    def prepare(self) -> None:
        self.initial.update(delivered_on=self.on, way=DeliveryWay.DIRECT)
        for row in self.plan.going:
            self.fields[f"signer_{row.case.pk}"] = forms.CharField(
                label=f"{row.case.applicant.person.name}户签收人",
                max_length=60,
                required=False,
                initial=row.case.applicant.person.name,
            )

    @property
    def signers(self) -> list[tuple[Planned, BoundField]]:
        """Each notice with the field of who signed for it."""
        return [(row, self[f"signer_{row.case.pk}"]) for row in self.plan.going]

    def clean_delivered_on(self) -> date:
        return not_after(self.cleaned_data["delivered_on"], self.on)

    def clean(self) -> None:
        super().clean()
        if self.cleaned_data.get("way") != DeliveryWay.DIRECT:
            return
        for row in self.plan.going:
            name = f"signer_{row.case.pk}"
            if not self.cleaned_data.get(name, "").strip():
                self.add_error(name, ValidationError("直接送达的，请填签收人。"))

    def run(self, batch: Batch) -> None:
        data = self.cleaned_data
        orders = [
            services.DeliveryOrder(row.case, row.document, data[f"signer_{row.case.pk}"])
            for row in self.plan.going
            if row.document is not None
        ]
        services.deliver_batch(
            batch,
            orders,
            delivered_on=data["delivered_on"],
            way=data["way"],
            by=self.by,
            on=self.on,
            late_reason=self.late_reasons,
        )


BATCH_FORMS: dict[str, type[BatchForm]] = {
    form.act.value: form for form in (PubliciseBatchForm, AnnounceBatchForm, DeliverBatchForm)
}
