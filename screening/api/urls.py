"""The resources of the API."""

from django.urls import path

from cases.api import statistics
from screening.api import bulk_reviews, cases, determinations, disparities, policies, screenings

urlpatterns = [
    path("cases/", cases.Cases.as_view(), name="api-cases"),
    path("cases/<uuid:case_id>/", cases.OneCase.as_view(), name="api-case"),
    path(
        "cases/<uuid:case_id>/determination/",
        determinations.CurrentDetermination.as_view(),
        name="api-determination",
    ),
    path(
        "cases/<uuid:case_id>/determinations/",
        determinations.Determinations.as_view(),
        name="api-determinations",
    ),
    path(
        "cases/<uuid:case_id>/explanation/",
        determinations.CurrentExplanation.as_view(),
        name="api-explanation",
    ),
    path(
        "cases/<uuid:case_id>/screenings/", screenings.Screenings.as_view(), name="api-screenings"
    ),
    path("bulk-reviews/", bulk_reviews.BulkReviews.as_view(), name="api-bulk-reviews"),
    path(
        "bulk-reviews/<uuid:review_id>/",
        bulk_reviews.OneBulkReview.as_view(),
        name="api-bulk-review",
    ),
    path(
        "bulk-reviews/<uuid:review_id>/result/",
        bulk_reviews.BulkReviewResult.as_view(),
        name="api-bulk-review-result",
    ),
    path(
        "bulk-reviews/<uuid:review_id>/cancellations/",
        bulk_reviews.Cancellations.as_view(),
        name="api-bulk-review-cancellations",
    ),
    path("policies/", policies.Policies.as_view(), name="api-policies"),
    path("policies/<slug:code>/<int:version>/", policies.OnePolicy.as_view(), name="api-policy"),
    path(
        "statistics/completions/",
        statistics.Completions.as_view(),
        name="api-statistics-completions",
    ),
    path(
        "statistics/published-figures/",
        statistics.PublishedFigures.as_view(),
        name="api-statistics-published-figures",
    ),
    path(
        "statistics/disparities/",
        disparities.Disparities.as_view(),
        name="api-statistics-disparities",
    ),
]
