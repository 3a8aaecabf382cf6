"""The cast to try the service with: one person of each role, and the system of another agency."""

from __future__ import annotations

import secrets
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import Group, Permission, User
from django.core.management.base import BaseCommand
from django.db import transaction
from rich.table import Table

from cases.access import SCOPES
from cases.accounts import machine_account
from cases.console import console
from cases.models import ApiClient, Office

READ_CASES = (
    "view_case",
    "view_court",
    "view_office",
    "view_determination",
    "view_bulkreview",
    "view_policyversion",
    "view_completioncount",
    "view_publishedfigure",
    "view_ratecount",
    "view_review",
    "view_move",
    "view_formofdiscretion",
    "view_authority",
    "view_notice",
)
READ_EVIDENCE = (
    "view_criminalrecord",
    "view_threatindicator",
    "view_completedform",
    "view_backgroundcheck",
    "view_respondent",
)
READ_INTAKE = (
    "view_delivery",
    "view_quarantinedrow",
    "view_intakenote",
    "view_rowchange",
    "view_evidencefile",
    "view_quarantinedevidence",
)
READ_BORDER = ("view_encountercount", "view_factualdetermination", "view_legalhold")
READ_AFTERMATH = (
    "view_postclosureevent",
    "view_restartreview",
    "view_onwardfiling",
    "view_contactchange",
)
RECORD_BORDER = ("record_determination", "record_legal_hold")
DRAFT_POLICIES = ("view_policydraft", "draft_policy")
APPROVE_POLICIES = ("view_policydraft", "approve_policy")
SCREEN = ("add_determination", "start_bulk_review")
SIMULATE = ("view_simulation", "simulate_policy")
REVIEW_CASES = (
    *("open_review", "review_case", "sign_motion", "add_determination"),
    *("read_sample", "view_closurebatch"),
)
PROPOSE_BATCHES = ("view_review", "view_closurebatch", "propose_batch")
DECIDE = (
    *("open_review", "approve_closure", "sign_motion", "record_court_act"),
    *("view_closurebatch", "approve_batch"),
)
KEEP_THE_LAW = (
    *("add_formofdiscretion", "change_formofdiscretion", "add_authority", "change_authority"),
)
OVERSEE = ("view_all_offices", "view_protected", "view_recordread")

ROLES = {
    "clerk": (
        *READ_CASES,
        *READ_INTAKE,
        *READ_BORDER,
        *READ_AFTERMATH,
        "open_review",
        "record_aftermath",
    ),
    "screener": (
        *READ_CASES,
        *READ_EVIDENCE,
        *READ_INTAKE,
        *READ_BORDER,
        *SCREEN,
        *PROPOSE_BATCHES,
    ),
    "reviewer": (
        *READ_CASES,
        *READ_EVIDENCE,
        *READ_BORDER,
        *READ_AFTERMATH,
        *DRAFT_POLICIES,
        *SIMULATE,
        *REVIEW_CASES,
    ),
    "supervisor": (
        *READ_CASES,
        *READ_EVIDENCE,
        *READ_INTAKE,
        *SCREEN,
        *SIMULATE,
        *OVERSEE,
        *READ_BORDER,
        *READ_AFTERMATH,
        *RECORD_BORDER,
        *DECIDE,
        *KEEP_THE_LAW,
        *DRAFT_POLICIES,
        *APPROVE_POLICIES,
    ),
}
SEES = {
    "clerk": "deliveries and their defects; cases of every office, without who they are about; "
    "opens reviews for respondents",
    "screener": "cases and evidence of every office; screens; proposes closure batches",
    "reviewer": "cases and evidence of {office} only; reviews them as an attorney; drafts and "
    "simulates policies",
    "supervisor": "every case, those that 8 U.S.C. 1367 protects too, and who read them; approves "
    "closures that others proposed, and policies that others drafted; records orders",
}


class Command(BaseCommand):
    help = "Make one account of each role and an API client; print new credentials."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--password", help="For every account. Default: a new random one.")
        parser.add_argument("--superuser", action="store_true", help="Make a superuser as well.")

    @transaction.atomic
    def handle(self, *_args: Any, **options: Any) -> None:
        password = options["password"] or secrets.token_urlsafe(12)
        offices = list(Office.objects.all())
        of_the_reviewer = sorted(offices, key=lambda office: office.code != "NYC")[:1]
        for role, permissions in ROLES.items():
            user = _account(role, password)
            user.groups.set([_group(role, permissions)])
            user.offices.set(of_the_reviewer if role == "reviewer" else offices)
        if options["superuser"]:
            superuser = _account("superuser", password)
            superuser.is_superuser = True
            superuser.save(update_fields=["is_superuser"])
        client, secret = _client()

        signs_in = Table(title=f"Sign in with the password {password}", title_justify="left")
        signs_in.add_column("user")
        signs_in.add_column("sees")
        where = of_the_reviewer[0].name if of_the_reviewer else "an office, once there is one,"
        for role, sees in SEES.items():
            signs_in.add_row(role, sees.format(office=where))
        if options["superuser"]:
            signs_in.add_row("superuser", "everything; gives groups, offices and API clients")
        out = console(self.stdout)
        out.print(signs_in)
        out.print(f"API client {client.client_id}")
        out.print(f"    secret {secret}", soft_wrap=True)
        if not offices:
            out.print("There is no office yet: run this again when a docket is taken in.")


def _account(name: str, password: str) -> User:
    user, _ = User.objects.get_or_create(username=name)
    user.is_staff = True
    user.set_password(password)
    user.save(update_fields=["is_staff", "password"])
    return user


def _group(name: str, codenames: tuple[str, ...]) -> Group:
    group, _ = Group.objects.get_or_create(name=name)
    granted = Permission.objects.filter(
        codename__in=codenames, content_type__app_label__in=["cases", "screening"]
    )
    group.permissions.set(granted)
    return group


def _client() -> tuple[ApiClient, str]:
    """Return a client that may do everything, with a new secret; earlier secrets end."""
    secret = secrets.token_urlsafe(32)
    client, _ = ApiClient.objects.get_or_create(name="demo")
    client.user = machine_account("client demo")
    client.client_type = ApiClient.CLIENT_CONFIDENTIAL
    client.authorization_grant_type = ApiClient.GRANT_CLIENT_CREDENTIALS
    client.scopes = list(SCOPES)
    client.all_offices = client.sees_protected = True
    client.client_secret = secret
    client.save()
    return client, secret
