from django.urls import path

from supervision.views import archive, retention, uses

app_name = "supervision"

urlpatterns = [
    path("families/<int:pk>/members/<int:member_pk>/", uses.uses, name="uses"),
    path("families/<int:pk>/members/<int:member_pk>/print/", uses.print_uses, name="print_uses"),
    path("due/", archive.due, name="due"),
    path("due/export/", archive.export_due, name="export_due"),
    path("due/aids/", archive.due_aids, name="due_aids"),
    path("due/aids/export/", archive.export_due_aids, name="export_due_aids"),
    path("due/archive/", archive.archive_chosen, name="archive_chosen"),
    path("archive/", archive.archive_list, name="archive"),
    path("archive/export/", archive.export_archive, name="export_archive"),
    path("archive/<int:pk>/", archive.archived_family, name="archived"),
    path("archive/<int:pk>/take-back/", archive.take_back, name="take_back"),
    path("retention/", retention.period_list, name="periods"),
    path("retention/<int:pk>/", retention.change, name="change_period"),
]
