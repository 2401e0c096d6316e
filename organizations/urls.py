from django.urls import path

from organizations import views

app_name = "organizations"
urlpatterns = [
    path("login/", views.login, name="login"),
    path("logout/", views.logout, name="logout"),
    path("password/", views.password_change, name="password_change"),
    path("", views.account, name="account"),
]
