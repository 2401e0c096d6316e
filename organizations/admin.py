"""Look-up tables for system administrators; whatever has a service is changed in the pages and only read here."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from organizations.models import Area, CalendarDay, CalendarYear, Delegation, Department, ReadingPurpose

admin.site.site_header = "绩溪县社会救助・系统"
admin.site.site_title = "绩溪县社会救助"
admin.site.index_title = "系统维护"


def _to_our_password_page(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
    """The site's own page would change a password past the service: no event, no end of other sessions."""
    return redirect("organizations:password_change")


admin.site.password_change = _to_our_password_page  # type: ignore[method-assign,assignment]
admin.site.password_change_done = _to_our_password_page  # type: ignore[method-assign,assignment]


class _ReadOnly(admin.ModelAdmin):
    """Shown, never changed here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _administers(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return _administers(request)


class _Kept(_ReadOnly):
    """Rows that an administrator enters and corrects; nothing is deleted."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return _administers(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _administers(request)


def _administers(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_staff", False))


@admin.register(Area)
class AreaAdmin(_ReadOnly):
    list_display = ("code", "name", "level", "parent", "telephone")
    list_filter = ("level",)
    list_select_related = ("parent",)
    search_fields = ("code", "name")


@admin.register(Department)
class DepartmentAdmin(_Kept):
    list_display = ("name", "code", "area", "telephone", "is_active")
    list_select_related = ("area",)
    search_fields = ("name",)


@admin.register(ReadingPurpose)
class ReadingPurposeAdmin(_Kept):
    list_display = ("name", "asks_note", "starts_on", "ends_on")


@admin.register(CalendarYear)
class CalendarYearAdmin(_ReadOnly):
    list_display = ("year", "source")


@admin.register(CalendarDay)
class CalendarDayAdmin(_ReadOnly):
    list_display = ("day", "name", "is_working")
    list_filter = ("is_working",)
    date_hierarchy = "day"


@admin.register(Delegation)
class DelegationAdmin(_ReadOnly):
    list_display = ("area", "scheme", "valid", "document_number")
    list_select_related = ("area",)
