"""Logging in with an OpenID provider: authorization code with PKCE, state and nonce, the ID token's issuer, audience,
signature and times checked (authlib). Roles come from a claim, by a table of the configuration."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.starlette_client import OAuth, StarletteOAuth2App
from fastapi import Request, Response
from joserfc.errors import JoseError

from libs.staff.settings import StaffSettings
from libs.staff.users import normal
from libs.web.signing import cookie, delete_cookie, read, serializer, set_cookie

COOKIE, MAX_AGE = "oidc", 600  # seconds that one may take at the provider
TIMEOUT = 10.0
NAMES = ("preferred_username", "email", "sub")
FAILURES = (AuthlibBaseError, JoseError, httpx2.HTTPError, ValueError, RuntimeError)


class NotIdentified(Exception):
    """The provider did not say who it is, or what it said cannot be believed."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom a provider has told of; `subject` stays the same when the name changes."""

    subject: str
    username: str
    name: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Provider:
    """The provider of the configuration."""

    client: StarletteOAuth2App
    settings: StaffSettings

    @classmethod
    def of(cls, settings: StaffSettings) -> "Provider":
        """Asks nobody yet."""
        client = OAuth().register(
            "staff",
            server_metadata_url=settings.staff_oidc_issuer.rstrip("/") + "/.well-known/openid-configuration",
            client_id=settings.staff_oidc_client_id,
            client_secret=settings.staff_oidc_client_secret or None,
            client_kwargs={
                "scope": settings.staff_oidc_scope,
                "code_challenge_method": "S256",
                "timeout": TIMEOUT,
                **({} if settings.staff_oidc_client_secret else {"token_endpoint_auth_method": "none"}),
            },
        )
        return cls(client, settings)

    async def begin(self, request: Request, callback: str, back: str) -> Response:
        """Send the browser to the provider; raises NotIdentified where it cannot be asked."""
        request.scope["session"] = {"back": back}
        try:
            response: Response = await self.client.authorize_redirect(request, callback)
        except FAILURES as error:
            raise NotIdentified(type(error).__name__) from error
        kept = serializer(request, "oidc").dumps(request.scope["session"])
        set_cookie(request, response, COOKIE, str(kept), MAX_AGE)
        return response

    async def finish(self, request: Request) -> tuple[Identity, str]:
        """Who came back, and where they were going; raises NotIdentified."""
        kept = read(request, "oidc", cookie(request, COOKIE), MAX_AGE)
        request.scope["session"] = kept = kept if isinstance(kept, dict) else {}
        settings = self.settings
        options = {
            "iss": {"essential": True, "value": settings.staff_oidc_issuer},
            "aud": {"essential": True, "value": settings.staff_oidc_client_id},
            "nonce": {"essential": True},
        }
        try:
            token = await self.client.authorize_access_token(request, claims_options=options)
        except FAILURES as error:
            raise NotIdentified(type(error).__name__) from error
        if not token.get("userinfo"):
            raise NotIdentified("no ID token")
        return identity(token["userinfo"], settings), str(kept.get("back", "/"))

    def forget(self, request: Request, response: Response) -> None:
        """What was kept for the way back is used up."""
        delete_cookie(request, response, COOKIE)


def identity(claims: Mapping[str, Any], settings: StaffSettings) -> Identity:
    """Whom an ID token is about; a group that the configuration does not name gives no role."""
    name = next(str(claims[one]) for one in NAMES if claims.get(one))
    given = claims.get(settings.staff_oidc_roles_claim) or []
    groups = [given] if isinstance(given, str) else given
    known = settings.staff_oidc_roles
    roles = dict.fromkeys(known[group] for group in groups if isinstance(group, str) and group in known)
    subject = f"{settings.staff_oidc_issuer} {claims['sub']}"
    return Identity(subject, normal("".join(name.split())), str(claims.get("name") or name), tuple(roles))
