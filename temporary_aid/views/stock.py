"""救助物资: what townships keep, the movements of one item, the county's list of items."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.access import grant
from foundation.error_pages import unreadable_filter
from foundation.paging import page_of
from foundation.rates import EXPORTS_A_MINUTE, limited
from foundation.responses import spreadsheet
from organizations.models import Area
from organizations.models.areas import AreaLevel
from organizations.queries import areas_for, list_tools, townships_for
from organizations.services import export_list
from temporary_aid.forms.stock import (
    ITEM_LIST,
    STOCK_LIST,
    ItemFilter,
    ItemForm,
    LoseForm,
    MoveForm,
    ReceiveForm,
    StockFilter,
)
from temporary_aid.models import Stock, StockEntry, StockItem
from temporary_aid.permissions import Permission, can_act, check_can_act
from temporary_aid.queries.stock import (
    listed_stocks,
    shortages,
    stock_history,
    stock_items,
    stock_value,
    stocks_visible_to,
)
from temporary_aid.resources.stock import StockEntryResource, StockItemResource, StockResource
from temporary_aid.services import stock as acts
from temporary_aid.services.returning import return_goods
from temporary_aid.views.acting import NAV, ActPage, act_page, simple_act
from temporary_aid.views.loading import REFUSED, staff_of

_ASKED = ("item", "area")
"""What a page that leads to 入库 fills in beforehand."""
_HOME = ("救助物资", "temporary_aid:stock")


@grant(Permission.VIEW_RESERVE)
@require_safe
def stocks(request: HttpRequest) -> HttpResponse:
    """What the townships keep (物资库存), and what their open stages still lack."""
    staff = staff_of(request)
    form = _filter(request)
    is_readable = form.is_valid()
    rows = _found(request, form) if is_readable else listed_stocks(staff).none()
    context = {
        "form": form,
        "tools": list_tools(staff, STOCK_LIST, request.GET),
        "page": page_of(request, rows),
        "value": stock_value(rows),
        "short": shortages(staff),
        "may_keep": staff.may(Permission.KEEP_RESERVE),
        "may_export": staff.may(Permission.EXPORT),
        **NAV,
    }
    return render(request, "temporary_aid/stock.html", context, status=200 if is_readable else REFUSED)


@grant(Permission.EXPORT)
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_POST
def export_stocks(request: HttpRequest) -> HttpResponse:
    """Excel of exactly the stocks that are filtered, on record."""
    staff, now = staff_of(request), timezone.now()
    form = _filter(request)
    if not form.is_valid():
        return unreadable_filter(request, form)
    content = export_list(
        StockResource(),
        _found(request, form).filter(area_id__in=staff.area_ids(Permission.EXPORT)),
        words="导出物资库存{}条",
        query=request.GET.urlencode(),
        by=staff,
        at=now,
    )
    return spreadsheet(content, name=f"stock-{timezone.localdate(now):%Y%m%d}")


@grant(Permission.VIEW_RESERVE)
@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """The movements of an item in a township (出入库明细)."""
    staff = staff_of(request)
    found = stock_or_404(request, pk)
    context = {
        "stock": found,
        "page": page_of(request, stock_history(staff, found)),
        "may_keep": can_act(staff, Permission.KEEP_RESERVE, area=found.area),
        "may_move": can_act(staff, Permission.ALLOCATE_RESERVE, area=found.area),
        "may_export": can_act(staff, Permission.EXPORT, area=found.area),
        **NAV,
    }
    return render(request, "temporary_aid/stock_history.html", context)


@grant(Permission.EXPORT)
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_POST
def export_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Excel of an item's movements, on record."""
    staff, now = staff_of(request), timezone.now()
    found = stock_or_404(request, pk)
    check_can_act(staff, Permission.EXPORT, area=found.area)
    content = export_list(
        StockEntryResource(),
        stock_history(staff, found),
        words=f"导出{found.area}{found.item.name}出入库{{}}笔",
        query="",
        by=staff,
        at=now,
    )
    return spreadsheet(content, name=f"stock-{found.area.code}-{found.item_id}")


@grant(Permission.KEEP_RESERVE)
@require_http_methods(["GET", "POST"])
def receive(request: HttpRequest) -> HttpResponse:
    """入库."""
    staff, now = staff_of(request), timezone.now()
    form = ReceiveForm(
        request.POST or None,
        initial={"on": timezone.localdate(now)} | {name: request.GET[name] for name in _ASKED if name in request.GET},
        townships=areas_for(staff, Permission.KEEP_RESERVE).filter(level=AreaLevel.TOWNSHIP).order_by("code"),
    )
    page = ActPage(
        title="物资入库",
        subject="登记购置、捐赠或退回的物资",
        effect="登记后库存立即增加，登记的不能改；录错的用“损耗报废”减去并写明原因。",
        back=reverse(_HOME[1]),
        crumbs=_crumbs(),
    )

    def receive_or_return(_: Any) -> StockEntry:
        if form.is_of_aid:
            return return_goods(**form.returned, by=staff, at=now)
        return acts.receive(**form.given, by=staff, at=now)

    return act_page(request, form, page, act=receive_or_return, done="物资已入库。")


@grant(Permission.KEEP_RESERVE)
@require_http_methods(["GET", "POST"])
def lose(request: HttpRequest, pk: int) -> HttpResponse:
    """损耗报废."""
    found = stock_or_404(request, pk)
    form = LoseForm(request.POST or None, initial={"on": timezone.localdate()})
    return _of_stock(
        request,
        found,
        form,
        Permission.KEEP_RESERVE,
        lambda given: acts.lose(found, **given, by=staff_of(request), at=timezone.now()),
        title="损耗报废",
        effect="登记后库存立即减少，不能撤销。",
        done="损耗报废已登记。",
        danger=True,
    )


@grant(Permission.ALLOCATE_RESERVE)
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """调拨."""
    found = stock_or_404(request, pk)
    townships = areas_for(staff_of(request), Permission.ALLOCATE_RESERVE).filter(level=AreaLevel.TOWNSHIP)
    form = MoveForm(
        request.POST or None,
        initial={"on": timezone.localdate()},
        townships=townships.exclude(pk=found.area_id).order_by("code"),
    )
    return _of_stock(
        request,
        found,
        form,
        Permission.ALLOCATE_RESERVE,
        lambda given: acts.move(found, **given, by=staff_of(request), at=timezone.now()),
        title="调拨物资",
        effect="一个乡镇减少，另一个乡镇同时增加；登记后不能撤销，调错的再调回来。",
        done="调拨已登记。",
    )


@grant(Permission.VIEW_RESERVE)
@require_safe
def items(request: HttpRequest) -> HttpResponse:
    """The county's list of items (物资品种)."""
    staff = staff_of(request)
    form = ItemFilter(request.GET)
    is_readable = form.is_valid()
    context = {
        "form": form,
        "tools": list_tools(staff, ITEM_LIST, request.GET),
        "page": page_of(request, stock_items(**form.wanted) if is_readable else stock_items().none()),
        "may_manage": staff.may(Permission.ALLOCATE_RESERVE),
        "may_export": staff.may(Permission.EXPORT),
        **NAV,
    }
    return render(request, "temporary_aid/stock_items.html", context, status=200 if is_readable else REFUSED)


@grant(Permission.EXPORT)
@limited("export", a_minute=EXPORTS_A_MINUTE)
@require_POST
def export_items(request: HttpRequest) -> HttpResponse:
    """Excel of exactly the items that are filtered, on record; the list is the whole county's."""
    staff, now = staff_of(request), timezone.now()
    form = ItemFilter(request.GET)
    if not form.is_valid():
        return unreadable_filter(request, form)
    content = export_list(
        StockItemResource(),
        stock_items(**form.wanted),
        words="导出物资品种{}种",
        query=request.GET.urlencode(),
        by=staff,
        at=now,
    )
    return spreadsheet(content, name=f"stock-items-{timezone.localdate(now):%Y%m%d}")


@grant(Permission.ALLOCATE_RESERVE)
@require_http_methods(["GET", "POST"])
def add_item(request: HttpRequest) -> HttpResponse:
    """登记物资品种."""
    return _item_page(request, None, ItemForm(request.POST or None), title="登记物资品种")


@grant(Permission.ALLOCATE_RESERVE)
@require_http_methods(["GET", "POST"])
def edit_item(request: HttpRequest, pk: int) -> HttpResponse:
    """修改物资品种."""
    item = get_object_or_404(StockItem, pk=pk)
    kept = {name: getattr(item, name) for name in ItemForm.base_fields}
    return _item_page(request, item, ItemForm(request.POST or None, initial=kept), title="修改物资品种")


@grant(Permission.ALLOCATE_RESERVE)
@require_POST
def end_item(request: HttpRequest, pk: int) -> HttpResponse:
    """停用物资品种."""
    item = get_object_or_404(StockItem, pk=pk)
    return simple_act(
        request,
        "停用物资品种",
        lambda: acts.end_item(item, by=staff_of(request), on=timezone.localdate()),
        done=f"“{item.name}”已停用。",
        back=reverse("temporary_aid:stock_items"),
    )


def stock_or_404(request: HttpRequest, pk: int) -> Stock:
    """The stock, where the person may see it."""
    return get_object_or_404(stocks_visible_to(staff_of(request)), pk=pk)


def _item_page(request: HttpRequest, item: StockItem | None, form: ItemForm, *, title: str) -> HttpResponse:
    page = ActPage(
        title=title,
        subject=item.name if item else "全县统一的物资品种",
        effect="各乡镇按这里的品种和单价登记库存、折价；改单价不影响已经批准和发放的。",
        back=reverse("temporary_aid:stock_items"),
        crumbs=[*_crumbs(), ("物资品种", reverse("temporary_aid:stock_items"))],
    )
    return act_page(
        request,
        form,
        page,
        act=lambda _: acts.save_item(form.data_given, item=item, by=staff_of(request)),
        done="物资品种已保存。",
    )


def _of_stock(
    request: HttpRequest, found: Stock, form: Any, permission: Permission, act: Any, *, done: str, **said: Any
) -> HttpResponse:
    check_can_act(staff_of(request), permission, area=found.area)
    page = ActPage(
        subject=f"{found.area} {found.item.name}，现有{found.count}{found.item.unit}",
        back=reverse("temporary_aid:stock_history", args=[found.pk]),
        crumbs=[
            *_crumbs(),
            (f"{found.area} {found.item.name}", reverse("temporary_aid:stock_history", args=[found.pk])),
        ],
        **said,
    )
    return act_page(request, form, page, act=act, done=done)


def _crumbs() -> list[tuple[str, str]]:
    return [("备用金", reverse("temporary_aid:reserve")), (_HOME[0], reverse(_HOME[1]))]


def _filter(request: HttpRequest) -> StockFilter:
    return StockFilter(request.GET, townships=_townships(request))


def _townships(request: HttpRequest) -> QuerySet[Area]:
    return townships_for(staff_of(request), Permission.VIEW_RESERVE)


def _found(request: HttpRequest, form: StockFilter) -> QuerySet[Stock]:
    return listed_stocks(staff_of(request), **form.cleaned_data)
