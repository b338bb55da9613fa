"""What is told once a round is complete: the person with all documents, and those of the round."""

from collections.abc import Iterator
from typing import Any

from libs.events.models import Attachment, Document, Individual
from services.collection.collected import SELF_IMAGE, Collected, Picture
from services.collection.details import individual
from services.collection.policy import SELFIE, Policy


def documents(one: Collected, policy: Policy, round: int) -> list[Document]:
    """The documents of a round with their pictures, the selfie last."""
    return [*_documents(one, policy, round), *_selfie(one, round)]


def person(one: Collected, policy: Policy) -> Individual:
    """The person with the documents of every round, the newest first: what was given earlier stays."""
    every = [document for round in range(one.round, 0, -1) for document in documents(one, policy, round)]
    return individual(one.details, one.consents, every)


def _documents(one: Collected, policy: Policy, round: int) -> Iterator[Document]:
    for chosen in one.documents:
        if chosen["round"] == round:
            yield Document(
                documentId=f"{chosen['type'].lower()}-{round}",
                type=chosen["type"],
                country=chosen["country"],
                primaryIdentifier=chosen.get("number") or None,
                expiryDate=chosen.get("expiryDate") or None,
                mrz=_zone(one, policy, chosen, round),
                attachments=[
                    _attachment(picture, side)
                    for slot, side in policy.slots(chosen["type"]).items()
                    if (picture := one.taken(slot, round))
                ],
            )


def _selfie(one: Collected, round: int) -> Iterator[Document]:
    if picture := one.taken(SELFIE, round):
        country = next((chosen["country"] for chosen in one.documents), one.details.get("nationality", ""))
        yield Document(
            documentId=f"self_image-{round}", type=SELF_IMAGE, country=country, attachments=[_attachment(picture, None)]
        )


def _attachment(picture: Picture, side: str | None) -> Attachment:
    return Attachment(
        attachmentId=picture.picture_id,
        sha256=picture.sha256,
        mediaType=picture.media_type,
        size=picture.size,
        side=side,
    )


def _zone(one: Collected, policy: Policy, chosen: dict[str, Any], round: int) -> str | None:
    """The lines of the machine readable zone, where they were read whole."""
    for slot in policy.slots(chosen["type"]):
        picture = one.taken(slot, round)
        if picture and picture.reading and (lines := picture.reading.get("lines")):
            return "\n".join(lines)
    return None
