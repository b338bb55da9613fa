"""Webhooks as the API takes and tells them."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from services.results.api.models import Answer
from services.results.person import Part, Required, Text

Function = Literal["WorkflowComplete", "EntityStatusChanged", "EntityRiskChanged", "EntityProfileUpdated"]
State = Literal["PENDING", "DELIVERED", "REFUSED", "PARKED"]
Ended = Literal["DELIVERED", "REFUSED", "PARKED"]
Functions = Annotated[list[Function], Field(max_length=20, description="That it is told; all where none is named.")]
Endpoint = Annotated[Required, Field(description="https://…; each notification goes to {endpoint}/{requestId}.")]


class NewWebhook(Part):
    """A webhook to be registered."""

    endpoint: Endpoint
    functions: Functions = Field(default_factory=list)
    description: Text | None = None
    enabled: bool = True


class WebhookChange(Part):
    """What is to be another; the rest stays."""

    endpoint: Endpoint | None = None
    functions: Functions | None = None
    description: Text | None = None
    enabled: bool | None = None


class NewKey(Part):
    """Another key."""

    overlapHours: Annotated[float, Field(ge=0, le=720, description="How long the key before it holds, too.")] = 24


class Replay(Part):
    """Which deliveries are made once more."""

    states: Annotated[list[Ended], Field(min_length=1, description="PARKED unless others are named.")] | None = None


class WebhookKey(Answer):
    keyId: str
    createdAt: datetime
    endsAt: datetime | None = Field(description="Null for the newest; until then both sign.")


class Webhook(Answer):
    webhookId: str
    endpoint: str
    functions: list[Function]
    description: str | None
    enabled: bool
    keys: list[WebhookKey]
    createdAt: datetime
    createdBy: str
    updatedAt: datetime
    updatedBy: str


class OneWebhook(Answer):
    requestId: str
    webhook: Webhook


class WebhookWithSecret(OneWebhook):
    secret: str = Field(description="whsec_… of the newest key. Shown now and never again.")


class Webhooks(Answer):
    requestId: str
    webhooks: list[Webhook]


class RemovedWebhook(Answer):
    requestId: str
    webhookId: str


class Delivery(Answer):
    deliveryId: int
    notificationId: str = Field(description="The webhook-id header, the same each time it is sent.")
    function: str
    entityId: str
    notificationRequestId: str = Field(description="The request that is told of, at the end of the URL.")
    state: State
    attempts: int
    createdAt: datetime
    dueAt: datetime | None = Field(description="When it is tried next; null once it has come to an end.")
    endedAt: datetime | None
    lastAttemptAt: datetime | None
    lastStatus: int | None
    lastError: str | None


class Deliveries(Answer):
    requestId: str
    deliveries: list[Delivery]
    nextBefore: int | None = Field(description="`before` of the next page; null on the last.")


class Attempt(Answer):
    number: int
    at: datetime
    seconds: float
    status: int | None
    error: str | None


class OneDelivery(Answer):
    requestId: str
    delivery: Delivery
    payload: dict[str, str]
    attempts: list[Attempt]


class Replayed(Answer):
    requestId: str
    deliveryIds: list[int]
