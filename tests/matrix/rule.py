"""What one rule of the matrix says, and who is expected to meet what."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from organizations.permissions import ROLE_PERMISSIONS, Permission
from tests.matrix.world import Visitor, World

FINE = frozenset({200, 302, 409, 422})
"""What an allowed visitor meets: the page, the way on, or what is wrong with an empty form."""
Kwargs = Callable[[World], list[dict[str, Any]]]


def plain(world: World) -> list[dict[str, Any]]:
    return [{}]


@dataclass(frozen=True)
class Rule:
    """
    :param door: permissions any of which, held anywhere, opens the door.
    :param sees: permissions any of which, held where the object lies, makes it found; None where there is no object.
    :param for_all: ``public``, ``signed in``, or ``their own`` where the object is somebody else's own.
    :param needs: permissions any of which, held where the object lies, allows what is done; None for nothing more.
    """

    door: frozenset[Permission]
    sees: frozenset[Permission] | None = None
    needs: frozenset[Permission] | None = None
    kwargs: Kwargs = plain
    methods: tuple[str, ...] = ("get",)
    for_all: str = ""
    query: dict[str, str] = field(default_factory=dict)

    def expected(self, visitor: Visitor) -> frozenset[int]:
        """Status codes that the visitor may meet."""
        if self.for_all == "public":
            return FINE | {404}
        if visitor.label == "anonymous":
            return frozenset({302})
        if self.for_all == "signed in":
            return FINE
        if self.for_all == "their own":
            return frozenset({404})
        held = ROLE_PERMISSIONS[visitor.role] if visitor.role else frozenset()
        if not held & self.door:
            return frozenset({403})
        if self.sees is not None and not (visitor.is_here and held & self.sees):
            return frozenset({404})
        if self.needs is not None and not held & self.needs:
            return frozenset({403})
        return FINE


GET, POST, BOTH = ("get",), ("post",), ("get", "post")


def any_of(*permissions: Permission) -> frozenset[Permission]:
    return frozenset(permissions)


def each(name: str, values: tuple[str, ...], of: Kwargs) -> Kwargs:
    return lambda world: [kwargs | {name: value} for kwargs in of(world) for value in values]
