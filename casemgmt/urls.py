"""Which application answers where."""

from django.contrib import admin
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.urls import include, path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView
from kombu.exceptions import OperationalError

from casemgmt.celery import app
from cases.api.view import NoSuchResource


def database_is_reachable() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def broker_is_reachable() -> bool:
    try:
        with app.connection_for_write(connect_timeout=2) as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
    except OperationalError:
        return False
    return True


@require_safe
@never_cache
def health(_request: HttpRequest) -> JsonResponse:
    """GET /healthz: 200 if what the service needs is reachable, else 503."""
    reachable = {"database": database_is_reachable(), "broker": broker_is_reachable()}
    return JsonResponse(reachable, status=200 if all(reachable.values()) else 503)


urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("admin/", admin.site.urls),
    path("healthz", health),
    path("", include("cases.api.urls")),
    path("api/v1/", include("cases.api.resources")),
    path("api/v1/", include("screening.api.urls")),
    path("api/<path:unknown>", NoSuchResource.as_view()),
]
