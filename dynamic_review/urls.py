from django.urls import URLPattern

app_name = "dynamic_review"

urlpatterns: list[URLPattern] = []
