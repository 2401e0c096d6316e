"""What the lists of all rooms share: which words of the address cut them, and which columns they may show."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.http import QueryDict

from foundation.personal_numbers import holds_number

SEARCH = "q"
"""What a person types to find somebody."""
_KEPT_BESIDE = ("sort", "size")
"""What a saved filter keeps beside what cuts the list."""


def _never(text: str) -> bool:
    return False


@dataclass(frozen=True)
class ListSpec:
    """One list, as its room declares it.

    :param filters: names in the address that cut the list.
    :param columns: columns that may be shown beside the first, by name; none where all are always shown.
    :param is_personal: whether a search text must not be kept (an ID or telephone number).
    """

    key: str
    url_name: str
    filters: frozenset[str]
    columns: Mapping[str, str] = field(default_factory=dict)
    default_columns: tuple[str, ...] = ()
    is_personal: Callable[[str], bool] = _never

    def is_cut(self, query: QueryDict) -> bool:
        """Whether the address cuts the list."""
        return any(query.get(name) for name in self.filters)

    def kept(self, query: QueryDict) -> str:
        """The part of an address that is worth keeping, in one order, so that equal filters are equal text."""
        pairs = [
            (name, value)
            for name in (*sorted(self.filters), *_KEPT_BESIDE)
            for value in query.getlist(name)
            if value and not holds_number([value]) and not (name == SEARCH and self.is_personal(value))
        ]
        return urlencode(pairs) if self.is_cut(query) else ""

    def shown(self, names: Iterable[str]) -> tuple[str, ...]:
        """Columns of those names, in the list's own order; the usual ones where none is left."""
        wanted = set(names)
        return tuple(name for name in self.columns if name in wanted) or self.default_columns


LISTS: dict[str, ListSpec] = {}
"""Every list by its key; a room adds its own when its pages are loaded."""


def register_list(spec: ListSpec) -> ListSpec:
    """Make a list known, so that filters and columns can be kept for it."""
    LISTS[spec.key] = spec
    return spec
