from django.urls import path

from eligibility import views

app_name = "eligibility"

urlpatterns = [
    path("", views.parameter_list, name="list"),
    path("export/", views.export, name="export"),
    path("<slug:key>/", views.history, name="history"),
    path("<slug:key>/edit/", views.edit, name="edit"),
]
