"""Where tokens are issued, revoked and looked up, and where the API describes itself.

Nothing else of OAuth is offered: the toolkit's own pages would let staff register clients.
"""

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.urls import include, path
from django.views.decorators.cache import cache_page
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from oauth2_provider.views import IntrospectTokenView, RevokeTokenView, TokenView

from cases.api.tokens import Metadata

tokens = [
    path("api/v1/token/", TokenView.as_view(), name="token"),
    path("api/v1/token/revoke/", RevokeTokenView.as_view(), name="revoke-token"),
    path("api/v1/token/introspect/", IntrospectTokenView.as_view(), name="introspect"),
    path(
        ".well-known/oauth-authorization-server",
        Metadata.as_view(),
        name="oauth-server-metadata",
    ),
]

# How the API looks is no secret, and a session is no reason to refuse a browser.
OPEN: dict[str, list[type]] = {"authentication_classes": [], "permission_classes": []}
# The page styles itself in its own markup; scripts stay confined to ours.
docs = csp_update({"style-src": [SELF, UNSAFE_INLINE], "img-src": [SELF, "data:"]})

urlpatterns = [
    path("", include((tokens, "oauth2_provider"))),
    path(
        "api/v1/schema/", cache_page(60 * 60)(SpectacularAPIView.as_view(**OPEN)), name="api-schema"
    ),
    path(
        "api/v1/docs/",
        docs(SpectacularSwaggerSplitView.as_view(url_name="api-schema", **OPEN)),
        name="api-docs",
    ),
]
