"""How staff log in, as the environment tells it."""

from datetime import timedelta
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings

from libs.staff.roles import ROLES
from libs.staff.sessions import Lasting

LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class StaffSettings(BaseSettings):
    """Read when a process starts."""

    staff_idle_minutes: int = Field(default=30, ge=1, description="A session ends when unused for so long.")
    staff_session_hours: int = Field(default=12, ge=1, description="A session ends after so long, however used.")
    staff_passwords: bool = Field(default=True, description="Whether one may log in with a password.")
    staff_oidc_issuer: str = Field(default="", description="OpenID provider to log in with; none if empty.")
    staff_oidc_client_id: str = Field(default="", description="As the provider knows us.")
    staff_oidc_client_secret: str = Field(default="", description="Empty for a client without a secret.")
    staff_oidc_scope: str = Field(default="openid profile email", description="What is asked for.")
    staff_oidc_roles_claim: str = Field(default="roles", description="Claim of the ID token that lists groups.")
    staff_oidc_roles: dict[str, str] = Field(default={}, description='JSON: {"a group": "reviewer", …}.')
    staff_oidc_label: str = Field(default="your organisation's account", description="What the button is called.")

    @field_validator("staff_oidc_issuer")
    @classmethod
    def _https(cls, issuer: str) -> str:
        place = urlsplit(issuer)
        if issuer and place.scheme != "https" and place.hostname not in LOOPBACK:
            raise ValueError("an issuer's address begins with https://")
        return issuer

    @field_validator("staff_oidc_roles")
    @classmethod
    def _roles(cls, roles: dict[str, str]) -> dict[str, str]:
        if unknown := sorted(set(roles.values()) - set(ROLES)):
            raise ValueError(f"no role {', '.join(unknown)}; there are {', '.join(ROLES)}")
        return roles

    @property
    def lasting(self) -> Lasting:
        """How long sessions are good."""
        return Lasting(timedelta(minutes=self.staff_idle_minutes), timedelta(hours=self.staff_session_hours))
