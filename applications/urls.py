from django.urls import path, register_converter

from applications.models.intakes import PaperKind
from applications.papers import BLANK_FORMS
from applications.queries import OFFERS
from applications.views import (
    acts,
    batches,
    delegations,
    detail,
    documents,
    draws,
    lists,
    papers,
    replaying,
    reviews,
    terminations,
    terms,
)


class PaperConverter:
    """Papers that are printed for signature."""

    regex = "|".join([*PaperKind.values, *BLANK_FORMS, "selfcare_form"])

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return str(value)


class BatchConverter(PaperConverter):
    """Acts that are done on many cases at once."""

    regex = "|".join(str(offer.name) for offer in OFFERS)


register_converter(PaperConverter, "paper")
register_converter(BatchConverter, "batch")

app_name = "applications"
urlpatterns = [
    path("", lists.case_list, name="list"),
    path("export/", lists.export, name="export"),
    path("export/full/", lists.full_export, name="full_export"),
    path("delegations/", delegations.delegation_list, name="delegations"),
    path("delegations/export/", delegations.export_delegations, name="export_delegations"),
    path("delegations/start/", delegations.start_delegation, name="start_delegation"),
    path("delegations/<int:pk>/end/", delegations.end_delegation, name="end_delegation"),
    path("delegations/<int:pk>/scan/<slug:which>/", delegations.delegation_scan, name="delegation_scan"),
    path("awards/<int:pk>/end/", terminations.open_termination, name="open_termination"),
    path("awards/<int:pk>/review/", reviews.open_review, name="open_review"),
    path("draws/", draws.draw_list, name="draws"),
    path("draws/export/", draws.export_draws, name="export_draws"),
    path("draws/now/", draws.draw_now, name="draw_now"),
    path("draws/<int:pk>/", draws.draw_detail, name="draw"),
    path("draws/<int:pk>/recompute/", draws.recompute_draw, name="recompute_draw"),
    path("terms/", terms.term_list, name="terms"),
    path("terms/export/", terms.export_terms, name="export_terms"),
    path("terms/<int:pk>/", terms.change_term, name="change_term"),
    path("batch/<batch:act>/", batches.batch, name="batch"),
    path("batch/<int:pk>/", batches.batch_result, name="batch_result"),
    path("documents/", documents.document_list, name="documents"),
    path("documents/export/", documents.export, name="documents_export"),
    path("batch/<int:pk>/sheets/", batches.batch_sheets, name="batch_sheets"),
    path("<int:pk>/", detail.detail, name="detail"),
    path("<int:pk>/acts/<slug:name>/", acts.act, name="act"),
    path("<int:pk>/print/<paper:kind>/", papers.print_paper, name="print_paper"),
    path("<int:pk>/replay/", replaying.replay_case, name="replay"),
    path("<int:pk>/dossier/", papers.dossier, name="dossier"),
]
