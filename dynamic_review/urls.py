from django.urls import path

from dynamic_review.views import calendar, confirming, county, triggers

app_name = "dynamic_review"

urlpatterns = [
    path("", calendar.review_list, name="list"),
    path("export/", calendar.export, name="export"),
    path("tour/", calendar.tour, name="tour"),
    path("chosen/", calendar.chosen, name="chosen"),
    path("plan/", calendar.relevel, name="relevel"),
    path("board/", county.board, name="board"),
    path("confirming/", confirming.look, name="look"),
    path("confirming/begin/", confirming.begin, name="begin"),
    path("triggers/", triggers.trigger_list, name="triggers"),
    path("triggers/<int:pk>/settle/", triggers.settle, name="settle"),
    path("extensions/", county.extension_list, name="extensions"),
    path("extensions/add/", county.extend, name="extend"),
    path("extensions/<int:pk>/revoke/", county.revoke, name="revoke_extension"),
    path("awards/<int:pk>/start/", calendar.start, name="start"),
    path("awards/<int:pk>/report/", triggers.report, name="report"),
    path("awards/<int:pk>/complaint/", triggers.complaint, name="complaint"),
    path("awards/<int:pk>/offer/", triggers.offer, name="offer"),
]
