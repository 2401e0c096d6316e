from django.urls import URLPattern, path

from temporary_aid.views import files, papers

app_name = "temporary_aid"

urlpatterns: list[URLPattern] = [
    path("files/<int:pk>/", files.aid_file, name="file"),
    path("papers/<int:pk>/", papers.paper, name="paper"),
    path("papers/<int:pk>/reissue/", papers.reissue, name="reissue_paper"),
    path("reserve/<int:pk>/ledger/print/", papers.print_ledger, name="print_ledger"),
    path("reserve/reconciliations/<int:pk>/print/", papers.print_reconciliation, name="print_reconciliation"),
]
