"""Reports of faults: the place of the fault is enough, what was sent and what was held stays out of them."""

from collections.abc import ItemsView
from types import FrameType
from typing import Any

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter


class NothingOfTheRequest(SafeExceptionReporterFilter):
    """No posted values, cookies or local variables, in production as in development."""

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        return {}

    def get_traceback_frame_variables(self, request: HttpRequest | None, tb_frame: FrameType) -> ItemsView[str, Any]:
        return {}.items()

    def get_safe_cookies(self, request: HttpRequest) -> dict[str, Any]:
        return {}
