from django.urls import path

from organizations.views import account, calendar, digests, lists, posts, readings, second_factor, sessions, staff

app_name = "organizations"
urlpatterns = [
    path("login/", account.login, name="login"),
    path("logout/", account.logout, name="logout"),
    path("password/", account.password_change, name="password_change"),
    path("second-step/", second_factor.answer, name="second_step"),
    path("second-factor/", second_factor.second_factor, name="second_factor"),
    path("second-factor/start/", second_factor.start, name="start_second_factor"),
    path("second-factor/confirm/", second_factor.confirm, name="confirm_second_factor"),
    path("second-factor/recovery/", second_factor.renew_recovery, name="renew_recovery"),
    path("sessions/", sessions.sessions, name="sessions"),
    path("sessions/<int:pk>/end/", sessions.end_session, name="end_session"),
    path("sessions/end-others/", sessions.end_other_sessions, name="end_other_sessions"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/<int:year>/", calendar.calendar_year, name="calendar_year"),
    path("digests/", digests.digests, name="digests"),
    path("readings/", readings.reading_list, name="readings"),
    path("readings/export/", readings.export, name="export_readings"),
    path("lists/<slug:key>/columns/", lists.choose_columns, name="choose_columns"),
    path("lists/<slug:key>/filters/", lists.save_filter, name="save_filter"),
    path("filters/<int:pk>/", lists.saved_filter, name="saved_filter"),
    path("filters/<int:pk>/delete/", lists.delete_filter, name="delete_filter"),
    path("", account.account, name="account"),
    path("staff/", staff.staff_list, name="staff"),
    path("staff/export/", staff.export_staff, name="export_staff"),
    path("staff/new/", staff.open_account, name="open_account"),
    path("staff/<int:pk>/", staff.staff_account, name="staff_account"),
    path("staff/<int:pk>/facts/", staff.correct_account, name="correct_account"),
    path("staff/<int:pk>/posts/new/", posts.appoint, name="appoint"),
    path("staff/<int:pk>/posts/<int:post_pk>/end/", posts.end_post, name="end_post"),
    path("staff/<int:pk>/<slug:name>/", posts.act, name="staff_act"),
]
