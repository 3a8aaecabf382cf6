"""The admin's pages of the judgement, and of the case with the reasons for its outcome."""

from django.contrib import admin

from screening.admin import (
    bulk_reviews,
    cases,
    determinations,
    disparities,
    evidence,
    policies,
    policy_drafts,
    simulations,
)

__all__ = [
    "bulk_reviews",
    "cases",
    "determinations",
    "disparities",
    "evidence",
    "policies",
    "policy_drafts",
    "simulations",
]

admin.site.index_template = "screening/index.html"
