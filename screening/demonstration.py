"""The demonstration's second half: from flagged cases to a closure batch, orders, and a refusal."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date

from django.contrib.auth.models import Permission, User
from django.db.models import Count

from cases import batches
from cases.batches import Wanted
from cases.models import (
    BatchItem,
    Case,
    ClosureBatch,
    FormOfDiscretion,
    Motion,
    Move,
    Office,
    Review,
    states,
)
from cases.workflow import Act, TransitionRefused, advance
from cases.workflow.court import Order, record_order
from cases.workflow.motions import draft_motion
from cases.workflow.positions import Statement, record_position
from cases.workflow.safeguards import do_step
from screening.reviews import open_reviews, screen_again

WORK = {
    "attorney": ("open_review", "review_case", "sign_motion"),
    "second attorney": ("read_sample", "review_case"),
    "supervisor": ("approve_closure", "approve_batch", "sign_motion"),
    "batch proposer": ("propose_batch",),
    "records clerk": ("record_court_act",),
}
ORDERS = (
    ("dismissal", "7", "dismiss"),
    ("administrative-closure", "", "close-administratively"),
    ("dismissal", "7", "deny-motion"),
)
REASON = "The screening flagged the case, and nothing in the file speaks against closing it."
WAITS_SECONDS = 120


class Story:
    """The people of the demonstration, and what they do; each part returns lines to print."""

    def __init__(self, on: date) -> None:
        self.on = on
        self.people = {role: _person(role, permissions) for role, permissions in WORK.items()}

    def act(self, role: str, **given: object) -> Act:
        said: dict[str, object] = {
            "note": REASON,
            "criteria": ("MI-01",),
            "consequences_read": True,
        }
        return Act(by=self.people[role], on=self.on, **(said | given))  # type: ignore[arg-type]

    def reviews(self) -> Iterator[str]:
        opened = open_reviews(Case.objects.all(), by=self.people["attorney"], on=self.on)
        yield f"{opened:,} flagged cases wait for an attorney."

    def batch(self) -> Iterator[str]:
        """Assemble the largest office's flagged reviews; the rest is the worker's."""
        office = self._largest_office()
        form = FormOfDiscretion.objects.get(pk="dismissal")
        wanted = Wanted(office=office, title="The demonstration", form=form, ground="7")
        batch = batches.assemble(wanted, by=self.people["batch proposer"], on=self.on)
        batches.freeze(batch, seen=batches.manifest(batch), act=self.act("batch proposer"))
        yield f"{batch.items_frozen} reviews of {office}, manifest {batch.manifest_sha256[:16]}…"
        drawn = batches.draw_sample(batch, self.act("batch proposer"))
        yield (
            f"{len(drawn)} drawn by the committed seed {batch.seed[:16]}…: with a confidence of "
            f"{batch.confidence:.0%} no more than {batch.tolerable_rate:.0%} are errors."
        )
        reader = self.people["second attorney"]
        for item in batches.to_read(batch, by=reader):
            batches.read_item(item, would_close=True, act=self.act("second attorney"))
        batch.refresh_from_db()
        yield f"Read blind by another: {batch.get_status_display()}."
        batches.approve(batch, self.act("supervisor"))
        batches.execute(batch, self.act("supervisor"), as_of=self.on)
        self._wait(lambda: ClosureBatch.objects.get(pk=batch.pk).status == states.Batch.COMPLETED)
        batch.refresh_from_db()
        ended = batches.progress(batch)
        motions = Motion.objects.filter(review__batch_items__batch=batch).count()
        yield (
            f"Approved by a supervisor and executed by a worker: {ended['done']} approved, "
            f"{ended['dropped']} dropped out; {motions} motions wait to be signed by a person."
        )
        for reason, count in batches.dropped(batch):
            yield f"  {count}: {reason}"

    def orders(self) -> Iterator[str]:
        """Follow a case of another office to an order of each kind."""
        waiting = self._waiting()
        for (form, ground, kind), review in zip(ORDERS, waiting, strict=False):
            self._approved(review, form, ground)
            self._position(review, "joins")
            advance(review, "accept-position", self.act("attorney"))
            motion = draft_motion(review, self.act("attorney"))
            advance(motion, "sign", self.act("supervisor"))
            screen_again(review, on=self.on, by=self.people["attorney"])
            advance(review, "file", self.act("attorney", document=f"MOTION-{motion.pk}"))
            motion.refresh_from_db()
            order = self.act(
                "records clerk",
                document=f"ORDER-{motion.pk}",
                actor="An immigration judge",
                happened_on=self.on,
            )
            case = Case.objects.get(pk=review.case_id)
            record_order(case, Order(kind=kind, motion=motion), order)
            review.refresh_from_db()
            case.refresh_from_db()
            yield (
                f"{form}: {motion.authority}; {review.get_status_display()}, the case is "
                f"{case.get_status_display()}."
            )
            yield f"  {' → '.join(_path(review))}"

    def opposed(self) -> Iterator[str]:
        """Show a case whose respondent opposes: it ends with the supervisor."""
        review = self._waiting()[0]
        self._approved(review, "dismissal", "7")
        self._position(review, "opposes")
        try:
            advance(review, "accept-position", self.act("attorney"))
        except TransitionRefused as refused:
            yield f"The attorney cannot go on: {' '.join(refused.reasons)}"
        advance(review, "reconsider", self.act("attorney"))
        advance(review, "rescind", self.act("supervisor", note="The respondent wants to be heard."))
        yield f"The supervisor withdraws the decision: the review is {review.get_status_display()}."
        yield f"  {' → '.join(_path(review))}"

    def counts(self) -> Iterator[str]:
        moves = Move.objects.order_by().values_list("machine").annotate(Count("pk"))
        told = ", ".join(f"{count:,} of {machine}" for machine, count in sorted(moves))
        yield f"Moves on record: {told}."

    def _largest_office(self) -> Office:
        counted = Review.objects.filter(status=states.Review.SCREENED).values_list("case__office")
        [(largest, _), *_] = counted.annotate(count=Count("pk")).order_by("-count")
        return Office.objects.get(pk=largest)

    def _waiting(self) -> list[Review]:
        taken = BatchItem.objects.values("review")
        waiting = Review.objects.waiting_for_an_attorney().exclude(pk__in=taken)
        return list(waiting.filter(outcome="flagged", case__court__isnull=False)[: len(ORDERS)])

    def _approved(self, review: Review, form: str, ground: str) -> None:
        chosen = FormOfDiscretion.objects.get(pk=form)
        advance(review, "take-up", self.act("attorney"))
        for step in review.safeguards.all():
            do_step(step, by=self.people["attorney"], note="Done, for the demonstration.")
        advance(review, "propose", self.act("attorney", form=chosen, ground=ground))
        advance(review, "approve", self.act("supervisor"))
        advance(review, "notify", self.act("attorney"))

    def _position(self, review: Review, position: str) -> None:
        statement = Statement(
            position=position,
            stated_on=self.on,
            stated_by="counsel",
            means="letter",
            language="es",
            informed_of_consequences=True,
            reasons="The respondent wants the claim to be heard." if position == "opposes" else "",
        )
        record_position(review, statement, self.act("attorney"))

    def _wait(self, done: Callable[[], bool]) -> None:
        until = time.monotonic() + WAITS_SECONDS
        while not done() and time.monotonic() < until:
            time.sleep(0.1)


def _person(role: str, permissions: tuple[str, ...]) -> User:
    """Return a member of staff who sees every office, but cannot sign in."""
    user, made = User.objects.get_or_create(username=f"demonstration {role}")
    if made:
        user.is_staff = True
        user.set_unusable_password()
        user.save()
        wanted = (*permissions, "view_all_offices", "view_protected")
        user.user_permissions.set(
            Permission.objects.filter(codename__in=wanted, content_type__app_label="cases")
        )
    return User.objects.get(pk=user.pk)


def _path(review: Review) -> list[str]:
    moves = Move.objects.filter(review=review, machine=states.REVIEW.name).order_by("pk")
    return list(moves.values_list("transition", flat=True))
