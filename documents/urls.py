from django.urls import path

from documents import views

app_name = "documents"
urlpatterns = [
    path("documents/<int:pk>/", views.preview, name="preview"),
    path("documents/<int:pk>/pdf/", views.pdf, name="pdf"),
    path("documents/<int:pk>/delivery/", views.deliver, name="deliver"),
    path("documents/<int:pk>/void/", views.void, name="void"),
    path("documents/batch/", views.batch, name="batch"),
    path("documents/prefixes/", views.prefixes, name="prefixes"),
    path("documents/prefixes/<int:pk>/", views.change_prefix, name="change_prefix"),
    path("check/", views.check, name="check"),
    path("check/<slug:code>/", views.check, name="check_code"),
]
