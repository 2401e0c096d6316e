from django.urls import path

from care.views import agreements, homes, lists, people, reassessments, visits

app_name = "care"

urlpatterns = [
    path("", lists.care_list, name="list"),
    path("export/", lists.export, name="export"),
    path("sheet/", lists.sheet, name="sheet"),
    path("homes/", homes.home_list, name="homes"),
    path("homes/add/", homes.add_home, name="add_home"),
    path("homes/<int:pk>/", homes.edit_home, name="edit_home"),
    path("<int:pk>/", people.detail, name="detail"),
    path("<int:pk>/visit/", visits.record, name="record_visit"),
    path("<int:pk>/agreement/", agreements.draft, name="draft_agreement"),
    path("<int:pk>/admission/", homes.admit, name="admit"),
    path("<int:pk>/report/", reassessments.report, name="report"),
    path("visits/<int:pk>/void/", visits.void, name="void_visit"),
    path("points/<int:pk>/", visits.settle, name="settle_point"),
    path("agreements/<int:pk>/print/", agreements.print_agreement, name="print_agreement"),
    path("agreements/<int:pk>/sign/", agreements.sign, name="sign_agreement"),
    path("agreements/<int:pk>/end/", agreements.end, name="end_agreement"),
    path("agreements/<int:pk>/reveal/<slug:what>/", agreements.reveal, name="reveal"),
    path("admissions/<int:pk>/end/", homes.discharge, name="discharge"),
    path("reports/<int:pk>/assess/", reassessments.assess, name="assess"),
    path("reports/<int:pk>/decide/", reassessments.decide, name="decide"),
]
