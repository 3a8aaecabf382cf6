"""The admin's pages of the record: reviews are worked on here; the rest is mostly read."""

from django.contrib import admin

from cases.admin import (
    aftermath,
    batches,
    clients,
    completions,
    encounters,
    intake,
    law,
    moves,
    notices,
    offices,
    published_figures,
    restarts,
    reviews,
)

__all__ = [
    "aftermath",
    "batches",
    "clients",
    "completions",
    "encounters",
    "intake",
    "law",
    "moves",
    "notices",
    "offices",
    "published_figures",
    "restarts",
    "reviews",
]

admin.site.site_header = "Case management"
admin.site.site_title = "Case management"
admin.site.index_title = "Record and judgement"
admin.site.login_template = "cases/login.html"
# A page needs the room; the first page and the breadcrumbs lead everywhere.
admin.site.enable_nav_sidebar = False
admin.site.site_url = None
