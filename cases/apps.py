from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = "Record"

    def ready(self) -> None:
        from cases.law import put_on_record  # noqa: PLC0415  its tables are not loaded before

        post_migrate.connect(put_on_record, sender=self)
