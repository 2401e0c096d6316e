from django.urls import path

from benefits.views import awards, bank_returns, checks, differences, funds, phase_outs, recognitions, roll_files, rolls

app_name = "benefits"

urlpatterns = [
    path("<int:pk>/", awards.award, name="award"),
    path("<int:pk>/suspend/", awards.suspend, name="suspend"),
    path("<int:pk>/resume/", awards.resume, name="resume"),
    path("phase-outs/", phase_outs.phase_out_list, name="phase_outs"),
    path("phase-outs/export/", phase_outs.export, name="export_phase_outs"),
    path("phase-outs/<int:pk>/revoke/", phase_outs.revoke, name="revoke_phase_out"),
    path("", awards.award_list, name="list"),
    path("export/", awards.export_awards, name="export"),
    path("checks/<int:pk>/", checks.check, name="check"),
    path("recognitions/", recognitions.recognition_list, name="recognitions"),
    path("recognitions/export/", recognitions.export, name="export_recognitions"),
    path("recognitions/<int:pk>/end/", recognitions.end, name="end_recognition"),
    path("rolls/", rolls.roll_list, name="rolls"),
    path("rolls/export/", rolls.export_rolls, name="export_rolls"),
    path("rolls/prepare/", rolls.prepare, name="prepare_rolls"),
    path("rolls/compare/", differences.compare, name="compare"),
    path("rolls/compare/export/", differences.export_comparison, name="export_comparison"),
    path("rolls/failed/", bank_returns.failed, name="failed"),
    path("rolls/failed/export/", bank_returns.export_failed, name="export_failed"),
    path("rolls/lines/<int:pk>/", roll_files.line, name="roll_line"),
    path("rolls/returns/<int:pk>/", bank_returns.bank_return, name="bank_return"),
    path("rolls/<int:pk>/", rolls.roll, name="roll"),
    path("rolls/<int:pk>/do/<slug:name>/", rolls.act, name="act_on_roll"),
    path("rolls/<int:pk>/lines/export/", roll_files.export_lines, name="export_lines"),
    path("rolls/<int:pk>/bank-file/", roll_files.bank_file, name="bank_file"),
    path("rolls/<int:pk>/roster/", roll_files.roster, name="roster"),
    path("rolls/<int:pk>/return/", bank_returns.upload, name="upload_return"),
    path("rolls/<int:pk>/reissue/", bank_returns.reissue, name="reissue"),
    path("funds/", funds.funds, name="funds"),
    path("funds/export/", funds.export_funds, name="export_funds"),
    path("funds/<int:year>/<slug:scheme>/", funds.plan, name="fund_plan"),
]
