"""Whether a PDF does more than show pages: scripts, programs that it starts, files that it carries."""

from typing import Any

from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

_ACTIVE_KEYS = frozenset({"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/RichMedia", "/XFA"})
_ACTIVE_KINDS = frozenset(
    {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToR", "/GoToE", "/Movie", "/Sound", "/Rendition"}
)
_ACTIVE_NOTES = frozenset({"/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"})
_MOST_OBJECTS = 200_000


def acts(trailer: DictionaryObject) -> bool:
    """Whether something that can be reached from the trailer is active; what is too large to look through counts."""
    seen: set[tuple[int, int]] = set()
    waiting: list[Any] = [trailer]
    looked_at = 0
    while waiting:
        found = waiting.pop()
        if isinstance(found, IndirectObject):
            key = (found.idnum, found.generation)
            if key in seen:
                continue
            seen.add(key)
            found = found.get_object()
        looked_at += 1
        if looked_at > _MOST_OBJECTS or (isinstance(found, DictionaryObject) and _is_active(found)):
            return True
        waiting += _inside(found)
    return False


def _is_active(found: DictionaryObject) -> bool:
    return bool(
        _ACTIVE_KEYS & found.keys() or found.get("/S") in _ACTIVE_KINDS or found.get("/Subtype") in _ACTIVE_NOTES
    )


def _inside(found: Any) -> list[Any]:
    if isinstance(found, DictionaryObject):
        return [found.raw_get(key) for key in found]
    return list(found) if isinstance(found, ArrayObject) else []
