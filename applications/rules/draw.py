"""随机抽查: which cases of a batch are drawn, so that anybody can work it out again. Pure; F43 §16."""

from collections.abc import Sequence

from foundation.crypto import sm3_hex

LEAST = 1


def number_drawn(count: int, *, percent: int) -> int:
    """How many of a batch are drawn: the share rounded up, at least one (handbook 2.4).

    :raises ValueError: nothing to draw from, or no share.
    """
    if count < LEAST or not 0 < percent <= 100:
        raise ValueError(f"no draw of {percent} % from {count}")
    return max(LEAST, -(-count * percent // 100))


def draw(candidates: Sequence[str], *, percent: int, seed: str) -> list[str]:
    """The drawn of a batch: those whose SM3 digest of seed and number comes first; in the order of the batch.

    :param candidates: case numbers, each once.
    :raises ValueError: nothing to draw from, no share, or a number twice.
    """
    if len(set(candidates)) != len(candidates):
        raise ValueError("a case stands twice in the batch")
    wanted = number_drawn(len(candidates), percent=percent)
    chosen = set(sorted(candidates, key=lambda number: (_rank(number, seed), number))[:wanted])
    return [number for number in candidates if number in chosen]


def list_digest(candidates: Sequence[str]) -> str:
    """SM3 of the batch in its order, one number a line: shows that nobody was added or left out afterwards."""
    return sm3_hex("\n".join(candidates).encode())


def _rank(number: str, seed: str) -> str:
    return sm3_hex(f"{seed}\n{number}".encode())
