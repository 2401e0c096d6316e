"""Is the system fit to serve? For the container's health check, a proxy and the demo; it tells nothing else."""

import functools

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from foundation.access import public
from foundation.servers import broker_problem


@public
@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 where database and Redis answer and all migrations are applied, else 503 with what fails."""
    failing = _failing()
    return JsonResponse({"ok": not failing, "failing": failing}, status=503 if failing else 200)


def _failing() -> list[str]:
    failing = [] if not broker_problem() else ["redis"]
    try:
        missing = _migrations() - MigrationRecorder(connection).applied_migrations().keys()
    except DatabaseError:
        return ["database", *failing]
    return [*(["migrations"] if missing else []), *failing]


@functools.cache
def _migrations() -> frozenset[tuple[str, str]]:
    """Every migration of this release; files do not change under a running server."""
    return frozenset(MigrationLoader(None).disk_migrations)
