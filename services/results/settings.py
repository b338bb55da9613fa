"""The document that the policy of amendments is read from."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings

from services.results.policy import AmendmentPolicy, load


class PolicySettings(BaseSettings):
    """Read when a process starts."""

    amendments_policy: str = Field(default="", description="A document in place of the shipped policy of amendments.")

    def policy(self) -> AmendmentPolicy:
        """The policy that the environment names, or the shipped one; raises InvalidPolicy."""
        return load(Path(self.amendments_policy) if self.amendments_policy else None)
