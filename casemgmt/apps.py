from django.apps import AppConfig


class CaseManagementConfig(AppConfig):
    name = "casemgmt"

    def ready(self) -> None:
        # Wherever Django runs, tasks are sent through our Celery application and no other.
        import casemgmt.celery  # noqa: F401, PLC0415 - Celery's own integration needs loaded apps
