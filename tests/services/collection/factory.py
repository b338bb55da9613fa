"""Collections, of which a test names only what matters to it."""

from typing import Any

from services.collection.collected import TAKEN, Collected, Picture
from tests.factory import NOON

DETAILS = {
    "givenName": "Sarah",
    "familyName": "Whitaker",
    "dateOfBirth": "1984-03-09",
    "nationality": "AUS",
    "street": "1 High Street",
    "locality": "Perth",
    "country": "AUS",
}
PASSPORT = {"type": "PASSPORT", "country": "AUS", "round": 1, "number": "N1234567", "expiryDate": "2031-05-20"}


def collected(**more: Any) -> Collected:
    """A collection that was just begun."""
    return Collected("collection-1", "acme", "p-1", **{"state": "welcome", "created_at": NOON, **more})


def picture(slot: str, round: int = 1, **more: Any) -> Picture:
    """A picture that was taken."""
    told = {"status": TAKEN, "sha256": "a" * 64, "media_type": "image/jpeg", "size": 1000, **more}
    return Picture(f"{slot}-{round}", round, slot, **told)


def complete(**more: Any) -> Collected:
    """A collection in which nothing is left to give."""
    given: dict[str, Any] = {
        "details": dict(DETAILS),
        "consents": ["GENERAL", "DOCS"],
        "documents": [dict(PASSPORT)],
        "pictures": [picture("passport-front"), picture("selfie")],
    }
    return collected(**{**given, **more})
