from django.urls import path

from benefits.views import checks, recognitions

app_name = "benefits"

urlpatterns = [
    path("checks/<int:pk>/", checks.check, name="check"),
    path("recognitions/", recognitions.recognition_list, name="recognitions"),
    path("recognitions/export/", recognitions.export, name="export_recognitions"),
    path("recognitions/<int:pk>/end/", recognitions.end, name="end_recognition"),
]
