from typing import Any

from django.apps import AppConfig
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


def leave_no_trigger_out(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Say on every new connection that no trigger is ignored.

    Every row trigger asks for that setting. Where it is missing, asking fails and is caught, and
    each failure walks through all deferred checks of the transaction: 20,000 updates in one
    transaction took 30 seconds, and take a third of one.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET pgtrigger.ignore = '{}'")


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = "Record"

    def ready(self) -> None:
        from cases.law import put_on_record  # noqa: PLC0415  its tables are not loaded before

        post_migrate.connect(put_on_record, sender=self)
        connection_created.connect(leave_no_trigger_out)
