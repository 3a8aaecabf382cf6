"""The admin's pages of the record. Read-only, but for offices and API clients."""

from django.contrib import admin

from cases.admin import clients, completions, intake, offices, published_figures

__all__ = ["clients", "completions", "intake", "offices", "published_figures"]

admin.site.site_header = "Case management"
admin.site.site_title = "Case management"
admin.site.index_title = "Record and judgement"
admin.site.login_template = "cases/login.html"
# A page needs the room; the first page and the breadcrumbs lead everywhere.
admin.site.enable_nav_sidebar = False
admin.site.site_url = None
