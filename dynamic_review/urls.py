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
from django.urls import URLPattern, path

from dynamic_review.views import uplifts

app_name = "dynamic_review"

urlpatterns: list[URLPattern] = [
    path("uplifts/", uplifts.uplift_list, name="uplifts"),
    path("uplifts/enter/", uplifts.enter, name="enter_uplift"),
    path("uplifts/<int:pk>/", uplifts.detail, name="uplift"),
    path("uplifts/<int:pk>/preview/", uplifts.preview, name="preview_uplift"),
    path("uplifts/<int:pk>/approve/", uplifts.approve, name="approve_uplift"),
    path("uplifts/<int:pk>/withdraw/", uplifts.withdraw, name="withdraw_uplift"),
    path("uplifts/<int:pk>/apply/", uplifts.carry_out, name="apply_uplift"),
    path("uplifts/<int:pk>/roll-back/", uplifts.roll_back, name="roll_back_uplift"),
    path("uplifts/<int:pk>/lines/", uplifts.lines, name="uplift_lines"),
    path("uplifts/<int:pk>/export/", uplifts.export, name="export_uplift"),
]
