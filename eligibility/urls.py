from django.urls import path

from eligibility import views

app_name = "eligibility"

urlpatterns = [
    path("", views.parameter_list, name="list"),
    path("export/", views.export, name="export"),
    path("changes/", views.change_list, name="changes"),
    path("changes/<int:pk>/", views.change, name="change"),
    path("sources/<int:pk>/", views.source_scan, name="source_scan"),
    path("<slug:key>/", views.history, name="history"),
    path("<slug:key>/edit/", views.edit, name="edit"),
]
