"""Numbers of the statistics on a page."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

WITHHELD = format_html('<span class="quiet">{}</span>', "withheld")


@register.filter
def told(number: float | None) -> str | SafeString:
    """Return a count with its thousands; None is withheld."""
    return WITHHELD if number is None else f"{number:,.0f}"


@register.filter
def percent(number: float | None) -> str | SafeString:
    return WITHHELD if number is None else f"{number:,.1f} %"


@register.filter
def changed(number: float | None) -> str:
    """Return a change with its sign; empty where there is nothing to compare with."""
    return "" if number is None else f"{number:+,.0f}"
