from django.urls import path

from households.views import families, life, lists, means, members, papers, records, transfers

app_name = "households"

urlpatterns = [
    path("", lists.family_list, name="list"),
    path("export/", lists.export, name="export"),
    path("export/full/", lists.full_export, name="full_export"),
    path("duplicates/", lists.duplicates, name="duplicates"),
    path("register/", families.register, name="register"),
    path("transfers/", transfers.transfers, name="transfers"),
    path("transfers/<int:pk>/<slug:answer>/", transfers.answer_transfer, name="answer_transfer"),
    path("lookup/", members.lookup, name="lookup"),
    path("attachments/<int:pk>/", papers.attachment, name="attachment"),
    path("attachments/<int:pk>/void/", papers.void_attachment, name="void_attachment"),
    path("<int:pk>/", families.detail, name="detail"),
    path("<int:pk>/record/", records.family_record, name="record"),
    path("<int:pk>/edit/", families.edit, name="edit"),
    path("<int:pk>/reveal/<slug:what>/<int:item>/", families.reveal, name="reveal"),
    path("<int:pk>/members/add/", members.add, name="add_member"),
    path("<int:pk>/members/<int:member_pk>/", members.correct, name="correct_member"),
    path("<int:pk>/members/<int:member_pk>/record/", records.person_record, name="person_record"),
    path("<int:pk>/members/<int:member_pk>/supporters/", means.supporters, name="supporters"),
    path("<int:pk>/means/<slug:kind>/<int:year>/", means.yearly, name="yearly"),
    path("<int:pk>/property/", means.edit_property, name="property"),
    path("<int:pk>/bank-account/", papers.bank_account, name="bank_account"),
    path("<int:pk>/agent/", papers.agent, name="agent"),
    path("<int:pk>/agent/end/", papers.end_agent, name="end_agent"),
    path("<int:pk>/consent/", papers.consent, name="consent"),
    path("<int:pk>/consent/<int:consent_pk>/withdraw/", papers.withdraw_consent, name="withdraw_consent"),
    path("<int:pk>/attachments/add/", papers.attach, name="attach"),
    path("<int:pk>/life/<slug:act>/", life.life_act, name="life"),
]
