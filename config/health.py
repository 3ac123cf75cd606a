"""For load balancers and scripts: am I alive, can I work?"""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse

from verification.models import MissingFile
from verification.queries.scanner_health import scanner_health


def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(request: HttpRequest) -> HttpResponse:
    """Ready when the database answers and has every migration. What else is amiss holds nobody up, and is told."""
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        return HttpResponse(f"{len(waiting)} migrations are missing\n", status=503, content_type="text/plain")
    said = ["ready", scanner_health().line]
    if missing := MissingFile.objects.count():
        said.append(f"files: {missing} missing")
    return HttpResponse("\n".join([*said, ""]), content_type="text/plain")
