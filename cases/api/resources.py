"""The resources of the record: reviews and what belongs to them, and what follows closure."""

from django.urls import path

from cases.api import (
    batches,
    events,
    forms,
    motions,
    moves,
    onward,
    options,
    orders,
    positions,
    restarts,
    reviews,
    safeguards,
    suspension,
)

OF_REVIEW = "reviews/<uuid:review_uuid>/"
OF_BATCH = "closure-batches/<uuid:batch_uuid>/"

urlpatterns = [
    path("reviews/", reviews.Reviews.as_view(), name="api-reviews"),
    path(OF_REVIEW, reviews.OneReview.as_view(), name="api-review"),
    path(f"{OF_REVIEW}moves/", moves.ReviewMoves.as_view(), name="api-review-moves"),
    path(f"{OF_REVIEW}positions/", positions.Positions.as_view(), name="api-positions"),
    path(f"{OF_REVIEW}motions/", motions.ReviewMotions.as_view(), name="api-review-motions"),
    path(
        f"{OF_REVIEW}safeguards/<slug:step>/",
        safeguards.Safeguard.as_view(),
        name="api-safeguard",
    ),
    path("motions/<uuid:motion_uuid>/", motions.OneMotion.as_view(), name="api-motion"),
    path(
        "motions/<uuid:motion_uuid>/moves/", motions.MotionMoves.as_view(), name="api-motion-moves"
    ),
    path("cases/<uuid:case_id>/moves/", moves.CaseMoves.as_view(), name="api-case-moves"),
    path("cases/<uuid:case_id>/orders/", orders.Orders.as_view(), name="api-orders"),
    path(
        "cases/<uuid:case_id>/after-closure-events/",
        events.CaseEvents.as_view(),
        name="api-case-after-closure-events",
    ),
    path(
        "cases/<uuid:case_id>/onward-filings/", onward.Filings.as_view(), name="api-onward-filings"
    ),
    path(
        "cases/<uuid:case_id>/contact-changes/",
        onward.Contacts.as_view(),
        name="api-contact-changes",
    ),
    path(
        "cases/<uuid:case_id>/returned-mail/",
        onward.ReturnedMail.as_view(),
        name="api-returned-mail",
    ),
    path("cases/<uuid:case_id>/options/", options.Options.as_view(), name="api-options"),
    path("cases/<uuid:case_id>/line/", options.Line.as_view(), name="api-line"),
    path("after-closure-events/", events.Events.as_view(), name="api-after-closure-events"),
    path(
        "after-closure-events/<uuid:event_uuid>/",
        events.OneEvent.as_view(),
        name="api-after-closure-event",
    ),
    path("restart-reviews/", restarts.Restarts.as_view(), name="api-restart-reviews"),
    path(
        "restart-reviews/<uuid:restart_uuid>/",
        restarts.OneRestart.as_view(),
        name="api-restart-review",
    ),
    path("closure-batches/", batches.Batches.as_view(), name="api-batches"),
    path(OF_BATCH, batches.OneBatch.as_view(), name="api-batch"),
    path(f"{OF_BATCH}items/", batches.Items.as_view(), name="api-batch-items"),
    path(f"{OF_BATCH}moves/", batches.BatchMoves.as_view(), name="api-batch-moves"),
    path(f"{OF_BATCH}certificate/", batches.Certificate.as_view(), name="api-batch-certificate"),
    path("suspension/", suspension.Suspension.as_view(), name="api-suspension"),
    path("forms-of-discretion/", forms.Forms.as_view(), name="api-forms"),
    path("forms-of-discretion/<slug:code>/", forms.OneForm.as_view(), name="api-form"),
]
