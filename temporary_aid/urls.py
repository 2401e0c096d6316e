from django.urls import URLPattern, path

from temporary_aid.views import advances, files, quick, recoupments, reports

app_name = "temporary_aid"

urlpatterns: list[URLPattern] = [
    path("files/<int:pk>/", files.aid_file, name="file"),
    # 急难报告
    path("reports/", reports.report_list, name="reports"),
    path("reports/export/", reports.export, name="export_reports"),
    path("reports/add/", reports.add, name="add_report"),
    path("reports/<int:pk>/", reports.detail, name="report"),
    path("reports/<int:pk>/take/", reports.take, name="take_report"),
    path("reports/<int:pk>/dismiss/", reports.dismiss, name="dismiss_report"),
    path("reports/<int:pk>/duplicate/", reports.duplicate, name="duplicate_report"),
    path("reports/<int:pk>/call-back/", reports.call_back, name="call_back"),
    path("quick/", quick.quick, name="quick"),
    # 小额先行救助
    path("advances/", recoupments.advance_list, name="advances"),
    path("advances/export/", recoupments.export, name="export_advances"),
    path("<int:pk>/advance/ask/", advances.ask, name="ask_advance"),
    path("<int:pk>/advance/decline/", advances.decline, name="decline_advance"),
    path("<int:pk>/advance/release/", advances.release, name="release_advance"),
    path("<int:pk>/advance/pay/", advances.pay, name="pay_advance"),
    path("<int:pk>/advance/relieved/", advances.relieved, name="set_relieved"),
    path("<int:pk>/supplement/", advances.supplement, name="submit_supplement"),
    path("supplements/<int:pk>/check/", advances.check, name="check_supplement"),
    path("<int:pk>/recoup/", recoupments.order, name="order_recoupment"),
    path("<int:pk>/recoup/repay/", recoupments.repay, name="record_repayment"),
    path("<int:pk>/recoup/waive/", recoupments.waive, name="waive_recoupment"),
]
