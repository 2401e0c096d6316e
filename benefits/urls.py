from django.urls import path

from benefits import views

app_name = "benefits"

urlpatterns = [path("checks/<int:pk>/", views.check, name="check")]
