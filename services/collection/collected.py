"""A collection: what an applicant has given so far, and how it stands."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

COLLECTING, SUBMITTED, ASKED, APPROVED, REJECTED, CLOSED = (
    "COLLECTING", "SUBMITTED", "ASKED", "APPROVED", "REJECTED", "CLOSED",
)  # fmt: skip
SELF_IMAGE = "SELF_IMAGE"
FRONT, BACK = "FRONT", "BACK"
# Of a picture: being checked, taken, refused.
RECEIVED, TAKEN, REFUSED = "RECEIVED", "TAKEN", "REFUSED"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it was sent for a slot; `measures` tell why it was refused, `reading` what it says."""

    picture_id: str
    round: int
    slot: str
    status: str
    problem: str = ""
    sha256: str = ""
    media_type: str = ""
    size: int = 0
    width: int = 0
    height: int = 0
    reading: dict[str, Any] | None = None


@dataclass(slots=True)
class Collected:
    """One collection; `version` is that of the row, `entity_version` that of the person.

    `details`: the fields of the form as entered. `documents`: of each round the documents chosen, as dicts with `type`,
    `country`, `round`, and the fields as corrected. `asked`: what a case asks for again.
    """

    collection_id: str
    customer_id: str
    entity_id: str
    state: str
    created_at: datetime
    status: str = COLLECTING
    round: int = 1
    version: int = 1
    entity_version: int = 0
    details: dict[str, str] = field(default_factory=dict)
    documents: list[dict[str, Any]] = field(default_factory=list)
    consents: list[str] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    case_id: str | None = None
    case_sequence: int = 0
    message: str | None = None
    due_at: datetime | None = None
    pictures: list[Picture] = field(default_factory=list)

    @property
    def chosen(self) -> list[dict[str, Any]]:
        """The documents of this round."""
        return [one for one in self.documents if one["round"] == self.round]

    def picture(self, slot: str) -> Picture | None:
        """The newest picture of this round for a slot."""
        found = [one for one in self.pictures if (one.slot, one.round) == (slot, self.round)]
        return found[-1] if found else None

    def taken(self, slot: str, round: int | None = None) -> Picture | None:
        """The newest picture of a round, or of this one, for a slot that was taken."""
        wanted = (slot, self.round if round is None else round, TAKEN)
        found = [one for one in self.pictures if (one.slot, one.round, one.status) == wanted]
        return found[-1] if found else None
