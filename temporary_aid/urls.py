from django.urls import URLPattern, path

from temporary_aid.views import deciding, detail, entrusting, expenditure, files, lists, meetings, opening, reveal

app_name = "temporary_aid"

urlpatterns: list[URLPattern] = [
    path("", lists.aid_list, name="list"),
    path("find/", lists.find, name="find"),
    path("export/", lists.export, name="export"),
    path("open/", opening.start, name="start"),
    path("open/new/", opening.open_aid, name="open"),
    path("open/suggest/", opening.suggest, name="suggest"),
    path("entrustments/", entrusting.entrustments, name="entrustments"),
    path("entrustments/add/", entrusting.entrust, name="entrust"),
    path("entrustments/<int:pk>/end/", entrusting.end_entrustment, name="end_entrustment"),
    path("entrustments/<int:pk>/scan/", entrusting.entrustment_scan, name="entrustment_scan"),
    path("<int:pk>/", detail.detail, name="detail"),
    path("<int:pk>/reveal/<slug:what>/", reveal.reveal, name="reveal"),
    path("<int:pk>/mend/", opening.mend, name="mend"),
    path("<int:pk>/identify/", opening.identify, name="identify"),
    path("<int:pk>/link/", opening.link, name="link"),
    path("<int:pk>/withdraw/", opening.withdraw, name="withdraw"),
    path("<int:pk>/propose/", deciding.propose, name="propose"),
    path("<int:pk>/propose/suggest/", deciding.suggest_for, name="suggest_for"),
    path("<int:pk>/case/", expenditure.open_expenditure, name="open_case"),
    path("<int:pk>/means-check/", expenditure.request_means, name="request_means"),
    path("<int:pk>/village/", deciding.decide_in_village, name="decide_in_village"),
    path("<int:pk>/approve/", deciding.approve, name="approve"),
    path("<int:pk>/send-back/", deciding.send_back, name="send_back"),
    path("<int:pk>/refuse/", deciding.refuse, name="refuse"),
    path("<int:pk>/post/", deciding.post, name="post"),
    path("<int:pk>/meeting/", meetings.record, name="record_meeting"),
    path("meetings/<int:pk>/void/", meetings.void, name="void_meeting"),
    path("files/<int:pk>/", files.aid_file, name="file"),
]
