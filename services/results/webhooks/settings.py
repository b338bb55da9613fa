"""What webhooks need of the environment: the same for the API, which registers them, and for who delivers."""

from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings


class WebhookSettings(BaseSettings):
    """Read when a process starts."""

    vetstream_webhook_key: Annotated[str, Field(description="Master key that the webhooks' secrets follow from.")] = ""
    vetstream_webhook_networks: Annotated[
        str, Field(description="Networks that may be reached though not public, by commas: 10.1.0.0/16,127.0.0.0/8.")
    ] = ""

    @property
    def networks(self) -> list[str]:
        """The networks as texts."""
        return [one.strip() for one in self.vetstream_webhook_networks.split(",") if one.strip()]
