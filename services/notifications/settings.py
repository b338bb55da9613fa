"""What notifications need of the environment."""

from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic_settings import BaseSettings

from libs.delivery.addresses import Reachable, networks
from libs.delivery.sending import Sender
from services.notifications import endpoints
from services.notifications.deliveries import Deliveries
from services.notifications.endpoints import Endpoints, EndpointsRefused


class NotificationSettings(BaseSettings):
    """Read when a process starts."""

    vetstream_webhook_key: Annotated[str, Field(description="Master key that the endpoints' secrets follow from.")] = ""
    vetstream_notification_endpoints: Annotated[
        str, Field(description="Who is told what where: a YAML file, or the document; all is parked without.")
    ] = ""
    vetstream_notification_networks: Annotated[
        str, Field(description="Networks that may be reached though not public, by commas: 10.1.0.0/16,127.0.0.0/8.")
    ] = ""

    @property
    def reachable(self) -> Reachable:
        """Where a delivery may go."""
        given = [one.strip() for one in self.vetstream_notification_networks.split(",") if one.strip()]
        try:
            return Reachable(networks(given))
        except ValueError as error:
            raise EndpointsRefused(f"VETSTREAM_NOTIFICATION_NETWORKS: {error}") from None

    def master(self) -> bytes:
        """The master key; raises EndpointsRefused."""
        if not self.vetstream_webhook_key:
            raise EndpointsRefused("VETSTREAM_WEBHOOK_KEY must hold the master key that secrets follow from")
        return self.vetstream_webhook_key.encode()

    def endpoints(self) -> Endpoints:
        """Who is told what where; raises EndpointsRefused."""
        given = self.vetstream_notification_endpoints.strip()
        if given.startswith(("{", "endpoints:")):
            return endpoints.parse(given, "VETSTREAM_NOTIFICATION_ENDPOINTS", self.reachable)
        return endpoints.read(Path(given), self.reachable) if given else Endpoints(endpoints=[])

    def deliveries(self) -> Deliveries:
        """Deliveries to these endpoints; raises EndpointsRefused."""
        return Deliveries(self.master(), self.endpoints())

    def sender(self) -> Sender:
        """Who connects."""
        return Sender(self.reachable)
