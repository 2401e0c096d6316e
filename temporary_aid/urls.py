from django.urls import URLPattern, path

from temporary_aid.views import files

app_name = "temporary_aid"

urlpatterns: list[URLPattern] = [
    path("files/<int:pk>/", files.aid_file, name="file"),
]
