"""Keeping a person's filters and columns of a list; nobody but the person ever does."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.http import QueryDict

from foundation.errors import NotPermitted, ServiceError
from foundation.lists import ListSpec
from organizations.models import ListColumns, SavedFilter, Staff
from organizations.services.records import lock_own_row

MOST_FILTERS = 20
"""Saved filters of one list: more than fit above it help nobody."""


class NotKept(ServiceError):
    """The filter cannot be kept under that name."""


@transaction.atomic
def save_filter(spec: ListSpec, *, name: str, query: str, by: Staff) -> SavedFilter:
    """Keep what stands in a list's address under a name (保存筛选).

    :raises NotKept: nothing is filtered, no name, one of that name is there, or there are enough.
    """
    kept = spec.kept(QueryDict(query))
    if not kept:
        raise NotKept("没有可以保存的筛选条件（证号、电话不能保存）。请先在列表上筛选，再保存。")
    if len(kept) > 1000:
        raise NotKept("筛选条件太长，请减少几项再保存。")
    lock_own_row(by)
    if SavedFilter.objects.filter(staff=by, list_key=spec.key).count() >= MOST_FILTERS:
        raise NotKept(f"每个列表最多保存{MOST_FILTERS}个筛选，请先删去不用的。")
    return _stored(SavedFilter(staff=by, list_key=spec.key, query=kept), name)


@transaction.atomic
def rename_filter(saved: SavedFilter, *, name: str, by: Staff) -> SavedFilter:
    """Give a saved filter another name (改名).

    :raises NotKept: no name, or one of that name is there.
    """
    return _stored(_own(saved, by), name)


@transaction.atomic
def delete_filter(saved: SavedFilter, *, by: Staff) -> None:
    """Delete a saved filter (删除)."""
    _own(saved, by).delete()


@transaction.atomic
def choose_columns(spec: ListSpec, *, names: Iterable[str], by: Staff) -> tuple[str, ...]:
    """Keep which columns of a list the person sees (显示的列); none gives the usual ones again."""
    shown = spec.shown(names)
    ListColumns.objects.update_or_create(staff=by, list_key=spec.key, defaults={"columns": list(shown)})
    return shown


def _own(saved: SavedFilter, by: Staff) -> SavedFilter:
    locked = SavedFilter.objects.select_for_update(of=("self",)).get(pk=saved.pk)
    if locked.staff_id != by.pk:
        raise NotPermitted("这是别人保存的筛选。")
    return locked


def _stored(saved: SavedFilter, name: str) -> SavedFilter:
    saved.name = " ".join(name.split())
    if not saved.name:
        raise NotKept("请填名称。", field="name")
    try:
        with transaction.atomic():
            saved.save()
    except IntegrityError as error:
        raise NotKept("这个列表已有同名的筛选，请换一个名称。", field="name") from error
    return saved
