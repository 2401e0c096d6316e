from django.urls import URLPattern, path

from temporary_aid.views import files, reconciling, replenishing, reserve, stock

app_name = "temporary_aid"

urlpatterns: list[URLPattern] = [
    path("files/<int:pk>/", files.aid_file, name="file"),
    # 备用金
    path("reserve/", reserve.overview, name="reserve"),
    path("reserve/export/", reserve.export_overview, name="export_reserve"),
    path("reserve/open/", reserve.open_fund, name="open_reserve"),
    path("reserve/<int:pk>/", reserve.fund, name="reserve_fund"),
    path("reserve/<int:pk>/export/", reserve.export_fund, name="export_reserve_fund"),
    path("reserve/<int:pk>/allocate/", reserve.allocate, name="allocate_reserve"),
    path("reserve/<int:pk>/withdraw/", reserve.withdraw, name="withdraw_reserve"),
    path("reserve/entries/<int:pk>/correct/", reserve.correct, name="correct_entry"),
    path("reserve/<int:pk>/ask/", replenishing.ask, name="ask_replenishment"),
    path("reserve/requests/", replenishing.replenishments, name="replenishments"),
    path("reserve/requests/export/", replenishing.export, name="export_replenishments"),
    path("reserve/requests/<int:pk>/answer/", replenishing.answer, name="answer_replenishment"),
    path("reserve/requests/<int:pk>/pay/", replenishing.pay, name="pay_replenishment"),
    path("reserve/requests/<int:pk>/take-back/", replenishing.take_back, name="take_back_replenishment"),
    path("reserve/<int:pk>/months/", reconciling.months, name="reserve_months"),
    path("reserve/<int:pk>/months/<int:year>-<int:month>/", reconciling.sheet, name="reserve_month"),
    path("reserve/<int:pk>/months/<int:year>-<int:month>/prepare/", reconciling.prepare, name="prepare_sheet"),
    path("reserve/<int:pk>/months/<int:year>-<int:month>/sign/", reconciling.sign, name="sign_sheet"),
    path("reserve/<int:pk>/months/<int:year>-<int:month>/export/", reconciling.export, name="export_sheet"),
    # 救助物资
    path("stock/", stock.stocks, name="stock"),
    path("stock/export/", stock.export_stocks, name="export_stock"),
    path("stock/receive/", stock.receive, name="receive_stock"),
    path("stock/<int:pk>/", stock.history, name="stock_history"),
    path("stock/<int:pk>/export/", stock.export_history, name="export_stock_history"),
    path("stock/<int:pk>/lose/", stock.lose, name="lose_stock"),
    path("stock/<int:pk>/move/", stock.move, name="move_stock"),
    path("stock/items/", stock.items, name="stock_items"),
    path("stock/items/add/", stock.add_item, name="add_stock_item"),
    path("stock/items/<int:pk>/", stock.edit_item, name="edit_stock_item"),
    path("stock/items/<int:pk>/end/", stock.end_item, name="end_stock_item"),
]
