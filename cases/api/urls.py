"""Where tokens are issued, revoked and looked up; nothing else of OAuth is offered."""

from django.urls import path
from oauth2_provider.views import IntrospectTokenView, RevokeTokenView, TokenView

urlpatterns = [
    path("token/", TokenView.as_view(), name="api-token"),
    path("token/revoke/", RevokeTokenView.as_view(), name="api-token-revoke"),
    path("token/introspect/", IntrospectTokenView.as_view(), name="api-token-introspect"),
]
