from django.urls import path

from verification import views

app_name = "verification"

urlpatterns = [
    path("", views.check_list, name="list"),
    path("export/", views.export, name="export"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/answer/", views.answer, name="answer"),
    path("<int:pk>/tell/", views.tell, name="tell"),
    path("<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<int:pk>/reveal/<int:member_pk>/", views.reveal, name="reveal"),
]
