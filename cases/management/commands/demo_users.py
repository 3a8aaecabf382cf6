"""Accounts to try the service with."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib.auth.models import Group, Permission, User
from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import Q

from cases.access import SCOPES
from cases.accounts import machine_account
from cases.models import ApiClient

NAME = "reviewer"
ALSO_GRANTED = ["start_bulk_review", "add_determination"]


class Command(BaseCommand):
    help = "Make a reviewer and an API client that see everything; print new credentials for both."

    @transaction.atomic
    def handle(self, *_args: Any, **_options: Any) -> None:
        group, _ = Group.objects.get_or_create(name="reviewers")
        group.permissions.set(
            Permission.objects.filter(
                Q(codename__startswith="view_") | Q(codename__in=ALSO_GRANTED),
                content_type__app_label__in=["cases", "screening"],
            ).exclude(content_type__model__in=["apiclient", "apirequest"])
        )
        password = secrets.token_urlsafe(16)
        user, _ = User.objects.get_or_create(username=NAME)
        user.is_staff = True
        user.set_password(password)
        user.save()
        user.groups.add(group)

        secret = secrets.token_urlsafe(32)
        client, _ = ApiClient.objects.get_or_create(name="demo")
        client.user = machine_account("client demo")
        client.client_type = ApiClient.CLIENT_CONFIDENTIAL
        client.authorization_grant_type = ApiClient.GRANT_CLIENT_CREDENTIALS
        client.scopes = list(SCOPES)
        client.all_offices = client.sees_protected = True
        client.client_secret = secret
        client.save()

        self.stdout.write(f"admin       user {NAME}, password {password}")
        self.stdout.write(f"API client  id {client.client_id}, secret {secret}")
