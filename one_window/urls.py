from django.urls import include, path

from one_window.views import page, papers, self_test, start, trial

app_name = "one_window"
_intake = [
    path("", start.start, name="start"),
    path("new/", start.register, name="register"),
    path("<int:pk>/", page.intake, name="intake"),
    path("<int:pk>/trial/", trial.trial, name="trial"),
    path("<int:pk>/papers/", papers.hand_in, name="papers"),
    path("<int:pk>/papers/print/", papers.print_papers, name="print"),
    path("<int:pk>/relatives/", papers.declare_relative, name="relatives"),
    path("<int:pk>/submit/", papers.submit, name="submit"),
]
urlpatterns = [
    path("self-test/", self_test.self_test, name="self_test"),
    path("intake/", include(_intake)),
]
