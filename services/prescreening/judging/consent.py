"""What an applicant has to have agreed to before anybody is asked about them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from libs.events.models import Consent
from libs.events.record import Record


class Agreed(Record):
    """Which versions of a text of consent hold, and for how many days."""

    versions: tuple[str, ...]
    days: Annotated[int, Field(ge=1)]


def lack(kind: str, consents: Sequence[Consent], policy: Mapping[str, Agreed], now: datetime) -> str | None:
    """Why a consent of this kind does not hold: MISSING, VERSION or AGE; None where one does.

    A kind that the policy does not know never holds.
    """
    given = [consent for consent in consents if consent.kind == kind]
    agreed = policy.get(kind)
    if not given or agreed is None:
        return "MISSING"
    current = [consent for consent in given if consent.version in agreed.versions]
    if not current:
        return "VERSION"
    if any(now - timedelta(days=agreed.days) <= consent.givenAt <= now for consent in current):
        return None
    return "AGE"
