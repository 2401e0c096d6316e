"""Acts on the papers of a case: delivering them, and issuing anew what was voided."""

from typing import Any

from django import forms

from applications import services
from applications.forms import deciding
from applications.forms.act import ALL, Act, all_delivered, needs, reissues
from applications.forms.base import ActForm
from applications.permissions import Permission
from applications.queries import CaseFile


class ReissueForm(ActForm):
    """重新制发文书: which of the kinds that were voided."""

    late = False
    kind = forms.ChoiceField(label="文书", widget=forms.RadioSelect)

    def prepare(self) -> None:
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- declared above
        field.choices = [(kind.value, kind.label) for kind in self._kinds()]

    def _kinds(self) -> list[Any]:
        return services.reissuable_by(self.by, self.case, (link.document for link in self.file.documents))

    def suggested(self) -> dict[str, Any]:
        kinds = self._kinds()
        return {"kind": kinds[0].value} if kinds else {}

    def perform(self) -> Any:
        return services.reissue(self.case, kind=self.cleaned_data["kind"], by=self.by, on=self.on)


def nothing_voided(file: CaseFile) -> str:
    return "" if file.owed else "没有作废后待重新制发的文书。"


PAPER_ACTS: tuple[Act, ...] = (
    Act(
        "deliver",
        "登记送达",
        deciding.DeliverForm,
        needs(Permission.RECORD_DELIVERY),
        ALL,
        "登记文书送到申请人手里的日期、方式和签收人，登记后不能更改。",
        all_delivered,
        place="documents",
    ),
    Act(
        "reissue",
        "重新制发文书",
        ReissueForm,
        reissues,
        ALL,
        "作废的文书按原来的内容重新制发，另编文号和日期（没办结的办件，受理、补正文书按现在登记的资料填写）；"
        "须交给家庭的，请重新送达。",
        nothing_voided,
        place="documents",
    ),
)
