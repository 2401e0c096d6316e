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

from dynamic_review.views import uplifts, what_if

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
    path("uplifts/<int:pk>/roster/", uplifts.roster, name="uplift_roster"),
    path("what-if/", what_if.draft_list, name="what_ifs"),
    path("what-if/add/", what_if.add, name="add_what_if"),
    path("what-if/compare/", what_if.compare, name="compare_what_ifs"),
    path("what-if/<int:pk>/", what_if.detail, name="what_if"),
    path("what-if/<int:pk>/edit/", what_if.edit, name="edit_what_if"),
    path("what-if/<int:pk>/run/", what_if.run, name="run_what_if"),
    path("what-if/<int:pk>/copy/", what_if.copy, name="copy_what_if"),
    path("what-if/<int:pk>/discard/", what_if.discard, name="discard_what_if"),
    path("what-if/runs/<int:pk>/lines/", what_if.lines, name="what_if_lines"),
    path("what-if/runs/<int:pk>/export/", what_if.export, name="export_what_if"),
]
