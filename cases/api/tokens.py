"""What the authorization server says of itself (RFC 8414)."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, JsonResponse
from oauth2_provider.views import OAuthServerMetadataView

from cases.access import SCOPES


class Metadata(OAuthServerMetadataView):
    """The toolkit's answer with the scopes there are; it asks for those of no client, so none."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        told = json.loads(super().get(request, *args, **kwargs).content)
        return JsonResponse({**told, "scopes_supported": sorted(SCOPES)})
