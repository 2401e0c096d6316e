from django.urls import path

from organizations.views import account

app_name = "organizations"
urlpatterns = [
    path("login/", account.login, name="login"),
    path("logout/", account.logout, name="logout"),
    path("password/", account.password_change, name="password_change"),
    path("", account.account, name="account"),
]
