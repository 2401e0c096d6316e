from django.urls import URLPattern, path

from temporary_aid.views import detail, files, lists, reveal

app_name = "temporary_aid"

urlpatterns: list[URLPattern] = [
    path("", lists.aid_list, name="list"),
    path("find/", lists.find, name="find"),
    path("export/", lists.export, name="export"),
    path("<int:pk>/", detail.detail, name="detail"),
    path("<int:pk>/reveal/<slug:what>/", reveal.reveal, name="reveal"),
    path("files/<int:pk>/", files.aid_file, name="file"),
]
