from django.urls import URLPattern, path

from temporary_aid.views import closing, detail, figures, files, lists, papers, payments, reveal, stages

app_name = "temporary_aid"

urlpatterns: list[URLPattern] = [
    path("", lists.aid_list, name="list"),
    path("find/", lists.find, name="find"),
    path("export/", lists.export, name="export"),
    path("<int:pk>/", detail.detail, name="detail"),
    path("<int:pk>/reveal/<slug:what>/", reveal.reveal, name="reveal"),
    path("<int:pk>/visit/", stages.visit, name="visit"),
    path("<int:pk>/cancel-rest/", stages.cancel, name="cancel_rest"),
    path("<int:pk>/follow-up/", stages.follow_up, name="follow_up"),
    path("<int:pk>/close/", closing.close, name="close"),
    path("stages/", payments.stages, name="stages"),
    path("stages/export/", payments.export, name="export_stages"),
    path("stages/bank-file/", payments.bank_file, name="bank_file"),
    path("stages/<int:pk>/visit/", stages.visit_stage, name="visit_stage"),
    path("stages/<int:pk>/confirm/", stages.confirm, name="confirm_stage"),
    path("stages/<int:pk>/pay/", stages.pay, name="pay_stage"),
    path("figures/", figures.figures, name="figures"),
    path("figures/export/", figures.export, name="export_figures"),
    path("files/<int:pk>/", files.aid_file, name="file"),
    path("papers/<int:pk>/", papers.paper, name="paper"),
    path("papers/<int:pk>/reissue/", papers.reissue, name="reissue_paper"),
    path("reserve/<int:pk>/ledger/print/", papers.print_ledger, name="print_ledger"),
    path("reserve/reconciliations/<int:pk>/print/", papers.print_reconciliation, name="print_reconciliation"),
]
