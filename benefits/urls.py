from django.urls import path

from benefits.views import awards, checks, phase_outs, recognitions

app_name = "benefits"

urlpatterns = [
    path("<int:pk>/", awards.award, name="award"),
    path("<int:pk>/suspend/", awards.suspend, name="suspend"),
    path("<int:pk>/resume/", awards.resume, name="resume"),
    path("phase-outs/", phase_outs.phase_out_list, name="phase_outs"),
    path("phase-outs/export/", phase_outs.export, name="export_phase_outs"),
    path("phase-outs/<int:pk>/revoke/", phase_outs.revoke, name="revoke_phase_out"),
    path("checks/<int:pk>/", checks.check, name="check"),
    path("recognitions/", recognitions.recognition_list, name="recognitions"),
    path("recognitions/export/", recognitions.export, name="export_recognitions"),
    path("recognitions/<int:pk>/end/", recognitions.end, name="end_recognition"),
]
