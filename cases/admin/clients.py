"""The systems of other agencies: what they may do, and whose cases they may see."""

from __future__ import annotations

from typing import Any

import oauth2_provider.admin  # noqa: F401  it registers its pages, which are then taken away
from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from oauth2_provider.generators import generate_client_secret
from oauth2_provider.models import (
    get_access_token_model,
    get_grant_model,
    get_id_token_model,
    get_refresh_token_model,
)

from cases.access import SCOPES
from cases.accounts import machine_account
from cases.admin.offices import is_superuser
from cases.models import ApiClient

# Of tokens there is nothing to see: they are not kept in clear.
for model in (
    ApiClient,
    get_access_token_model(),
    get_grant_model(),
    get_id_token_model(),
    get_refresh_token_model(),
):
    admin.site.unregister(model)


class ApiClientForm(forms.ModelForm):  # type: ignore[type-arg]
    scopes = forms.MultipleChoiceField(
        choices=[(scope, f"{scope}: {text}") for scope, text in SCOPES.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="The only scopes a token of this client can carry.",
    )

    class Meta:
        model = ApiClient
        fields = ("name", "scopes", "offices", "all_offices", "sees_protected")


@admin.register(ApiClient)
class ApiClientAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """For superusers. The secret is made here, shown once, and kept only as a hash."""

    actions = None
    form = ApiClientForm
    list_display = ("__str__", "client_id", "all_offices", "sees_protected", "created")
    filter_horizontal = ("offices",)
    readonly_fields = ("client_id",)
    change_list_template = "cases/plain_list.html"
    change_form_template = "cases/plain_form.html"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._issued: dict[str, str] = {}  # from the saving to the answer of one request

    def get_fields(self, _request: HttpRequest, obj: Any = None) -> Any:
        named = ["name", *(["client_id"] if obj else [])]
        return [*named, "scopes", "offices", "all_offices", "sees_protected"]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_superuser(request)

    def has_view_permission(self, request: HttpRequest, _obj: Model | None = None) -> bool:
        return is_superuser(request)

    def has_add_permission(self, request: HttpRequest, _obj: Model | None = None) -> bool:
        return is_superuser(request)

    def has_change_permission(self, request: HttpRequest, _obj: Model | None = None) -> bool:
        return is_superuser(request)

    def has_delete_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ApiClient, form: Any, change: bool) -> None:
        if not change:
            obj.client_type = ApiClient.CLIENT_CONFIDENTIAL
            obj.authorization_grant_type = ApiClient.GRANT_CLIENT_CREDENTIALS
            obj.user = machine_account(f"client {obj.name[:100]} {obj.client_id[:8]}")
            obj.client_secret = secret = generate_client_secret()
            self._issued[obj.client_id] = secret
        super().save_model(request, obj, form, change)

    def response_add(
        self, request: HttpRequest, obj: ApiClient, _post_url_continue: str | None = None
    ) -> HttpResponse:
        """Show the secret on the answer itself: a message would keep it in a cookie."""
        context = {
            **self.admin_site.each_context(request),
            "title": f"{obj} is made",
            "opts": self.opts,
            "client": obj,
            "secret": self._issued.pop(obj.client_id),
            "changelist": reverse("admin:cases_apiclient_changelist"),
        }
        return TemplateResponse(request, "cases/client_made.html", context)
