"""The Celery application. Its settings are Django's, with the prefix CELERY_."""

import gc
import logging.config
import os
from typing import Any

from celery import Celery, signals
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "casemgmt.settings")

app = Celery("casemgmt")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.steps["worker"].add(DjangoStructLogInitStep)
app.autodiscover_tasks()


@signals.setup_logging.connect
def log_as_django_does(**_: Any) -> None:
    """Keep Celery from setting up logging of its own."""
    logging.config.dictConfig(app.conf["LOGGING"])


@signals.worker_process_init.connect
def leave_what_is_loaded_alone(**_: Any) -> None:
    """Keep the garbage collector off the loaded modules: one look at all costs a chunk's time."""
    gc.collect()
    gc.freeze()
