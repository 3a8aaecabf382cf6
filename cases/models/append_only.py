"""Triggers for tables whose rows are superseded, never edited or deleted."""

import pgtrigger


def only_superseded(name: str) -> list[pgtrigger.Trigger]:
    """Return triggers that let `superseded_at` be set once, and refuse every other change."""
    return [
        pgtrigger.Protect(name=f"{name}_is_never_deleted", operation=pgtrigger.Delete),
        pgtrigger.Protect(
            name=f"{name}_is_never_edited",
            operation=pgtrigger.Update,
            condition=pgtrigger.AnyChange(exclude=["superseded_at"]),
        ),
        pgtrigger.Protect(
            name=f"{name}_is_superseded_once",
            operation=pgtrigger.Update,
            condition=pgtrigger.Q(old__superseded_at__isnull=False),
        ),
    ]
