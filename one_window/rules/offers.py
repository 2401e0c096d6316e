"""Which of the schemes an assessment entitles to; new ones need no line here, they go by the contract's words."""

from collections.abc import Collection, Mapping
from typing import Any


def entitling(result: Mapping[str, Any], schemes: Collection[str]) -> list[str]:
    """Those of the schemes that the family, or somebody of it, is entitled to, in the order given.

    :param result: an assessment's result, after the contract's output; a scheme's answer stands under its own word.
    """
    return [scheme for scheme in schemes if _is_entitled(result.get(scheme))]


def _is_entitled(answer: Any) -> bool:
    """A scheme is answered once for the family, or person by person (特困)."""
    answers = answer if isinstance(answer, list) else [answer]
    return any(isinstance(one, Mapping) and one.get("outcome") == "eligible" for one in answers)
