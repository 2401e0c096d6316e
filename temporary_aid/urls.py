from django.urls import URLPattern

app_name = "temporary_aid"

urlpatterns: list[URLPattern] = []
