"""What screening found, brought to the people who decide: reviews opened, refreshed, suspended.

The arrow goes one way: this module calls the record's workflow; the workflow reads what is copied
onto the review here.
"""

from __future__ import annotations

from datetime import date, datetime

from django.contrib.auth.models import Permission, User
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.timezone import now

from cases.accounts import machine_account
from cases.models import Case, Review, states
from cases.workflow import Act, advance_many, begin_many
from cases.workflow.engine import among
from screening.findings import Effect, Outcome
from screening.models import Determination, PolicyVersion
from screening.policies.release import policy_of, regime_on, version_to_screen_with
from screening.screen import screen_case

AGAINST = (Effect.EXCLUDE, Effect.REFER, Effect.BLOCK)
IN_HAND = (
    *(states.Review.ATTORNEY_REVIEW, states.Review.SUPERVISOR_REVIEW),
    *states.DECIDED,
)
"""Someone has looked at it: what the screening finds anew suspends it, and does not replace it."""

OPEN = """
INSERT INTO cases_review (uuid, case_id, status, origin, policy, engine, hits, holds, stale, ground,
                          authority_cited, against_screening, opened_at, changed_at, version,
                          opened_by_id)
SELECT gen_random_uuid(), id, 'queued', 'bulk', '', '', '{}', '{}', false, '', '', false, %(at)s,
       %(at)s, 1, %(by)s
  FROM unnest(%(cases)s::bigint[]) id
    ON CONFLICT DO NOTHING  -- of two who open reviews at once, each case is opened by one
RETURNING id
"""
TAKE_FINDINGS = """
UPDATE cases_review r
   SET determination = d.id, outcome = d.outcome, engine = d.engine_version,
       policy = %(policy)s,
       holds = found.holds,
       hits = ARRAY(SELECT code FROM unnest(found.holds) code WHERE code = ANY (%(against)s)),
       screened_as_of = coalesce(%(as_of)s, d.as_of), valid_until = d.valid_until,
       case_version = c.version,
       stale = EXISTS (
           SELECT FROM (
               SELECT respondent_id, recorded_at FROM screening_criminalrecord UNION ALL
               SELECT respondent_id, recorded_at FROM screening_threatindicator UNION ALL
               SELECT respondent_id, recorded_at FROM screening_completedform UNION ALL
               SELECT respondent_id, recorded_at FROM screening_backgroundcheck
           ) e WHERE e.respondent_id = c.respondent_id
                 AND e.recorded_at > coalesce(%(known_at)s, d.known_at))
  FROM screening_determination d
  JOIN cases_case c ON c.id = d.case_id
 CROSS JOIN LATERAL (
       SELECT ARRAY(SELECT DISTINCT code FROM screening_findingset f, unnest(f.holds) code
                     WHERE f.id = ANY (d.finding_sets) ORDER BY code) AS holds) found
 WHERE d.case_id = r.case_id AND d.superseded_at IS NULL AND d.policy_version_id = %(version)s
   AND r.id = ANY (%(ids)s)
"""


def service_account() -> User:
    """Return the account through which the screening acts on reviews. May run twice."""
    account = machine_account("screening")
    if not account.has_perm("cases.record_screening"):
        account.user_permissions.add(
            Permission.objects.get(codename="record_screening", content_type__app_label="cases")
        )
        account = User.objects.get(pk=account.pk)
    return account


@transaction.atomic
def open_reviews(
    cases: QuerySet[Case],
    *,
    by: User,
    on: date,
    outcomes: tuple[str, ...] = (Outcome.FLAGGED,),
    as_of: date | None = None,
    known_at: datetime | None = None,
) -> int:
    """Open a review of each pending case that was screened with these outcomes and has none open.

    Set-based; may run twice. `as_of` and `known_at` are those of the bulk review that screened
    them, where it is the latest: a determination that did not change is not written again. Returns
    how many were opened.
    """
    wanted = (
        cases.filter(
            Exists(
                Determination.objects.current().filter(case=OuterRef("pk"), outcome__in=outcomes)
            ),
            status__in=(Case.Status.PENDING, Case.Status.PRE_FILING),
        )
        .exclude(Exists(Review.objects.open().filter(case=OuterRef("pk"))))
        .order_by("pk")
    )
    account = service_account()
    with connection.cursor() as cursor:
        cursor.execute(
            OPEN,
            {
                "cases": list(wanted.values_list("pk", flat=True)),
                "by": by.pk,
                "at": now(),
            },
        )
        ids = [pk for (pk,) in cursor.fetchall()]
    begin_many(states.REVIEW.name, "open", ids, Act(by=account, on=on))
    take_findings(ids, as_of=as_of, known_at=known_at)
    _screened(ids, on=on)
    return len(ids)


def take_findings(
    ids: list[int], *, as_of: date | None = None, known_at: datetime | None = None
) -> None:
    """Copy onto these reviews what the current determinations of their cases say."""
    versions = PolicyVersion.objects.filter(
        pk__in=Determination.objects.current()
        .filter(case__reviews__in=among(ids))
        .values("policy_version")
    )
    for version in versions:
        against = [c.code for c in policy_of(version).criteria if c.effect in AGAINST]
        with connection.cursor() as cursor:
            cursor.execute(
                TAKE_FINDINGS,
                {
                    "policy": f"{version.code}:{version.version}",
                    "version": version.pk,
                    "against": against,
                    "as_of": as_of,
                    "known_at": known_at,
                    "ids": ids,
                },
            )


@transaction.atomic
def screen_again(review: Review, *, on: date, by: User) -> Determination | None:
    """Screen the case of a review anew, and let the review know what was found.

    What was in someone's hands is suspended where the screening now finds otherwise. Returns the
    current determination, or None where no policy speaks of the case.
    """
    version = regime_on(on)
    if version is None:
        version = version_to_screen_with(review.policy.partition(":")[0], on=on)
    determination = screen_case(review.case, version=version, as_of=on, by=by)
    if determination is None:
        return None
    this = Review.objects.filter(pk=review.pk)
    if review.status in IN_HAND and determination.outcome != review.outcome:
        _suspend(this, on=on)
    else:
        take_findings([review.pk], as_of=on, known_at=now())
        _screened([review.pk], on=on)
    review.refresh_from_db()
    return determination


@transaction.atomic
def sweep(*, on: date) -> int:
    """Suspend the reviews in hand whose case is found otherwise now, and screen what is queued.

    Run by schedule after the nightly bulk review; returns how many reviews were touched.
    """
    changed = _of_another_outcome(Review.objects.filter(status__in=IN_HAND))
    touched = _suspend(changed, on=on)
    waiting = Review.objects.filter(status=states.Review.SCREENED)
    ids = list(_of_another_outcome(waiting).values_list("pk", flat=True))
    take_findings(ids)
    return touched + len(ids) + _settle(on=on)


def _of_another_outcome(reviews: QuerySet[Review]) -> QuerySet[Review]:
    current = Determination.objects.current().filter(case=OuterRef("case"))
    return reviews.filter(
        Exists(current.exclude(outcome=OuterRef("outcome")).exclude(pk=OuterRef("determination")))
    )


def _suspend(reviews: QuerySet[Review], *, on: date) -> int:
    note = "The screening finds otherwise than when this was taken up."
    return len(advance_many(reviews, "suspend", Act(by=service_account(), on=on, note=note)).moved)


def _settle(*, on: date) -> int:
    """Bring what waits to be screened, and has a current determination, to the attorneys."""
    screened = Determination.objects.current().filter(case=OuterRef("case"))
    queued = Review.objects.filter(Exists(screened), status=states.Review.QUEUED)
    ids = list(queued.values_list("pk", flat=True))
    take_findings(ids)
    _screened(ids, on=on)
    return len(ids)


def _screened(ids: list[int], *, on: date) -> None:
    queued = Review.objects.filter(pk__in=among(ids), status=states.Review.QUEUED)
    advance_many(queued, "screen", Act(by=service_account(), on=on))
