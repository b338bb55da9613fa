"""Whether a portrait and a person's own picture show one face: asked only of an adapter whose errors were measured."""

from dataclasses import dataclass
from typing import Protocol

SETTING, REQUIRED = "faceComparison", "required"


@dataclass(frozen=True, slots=True)
class Rates:
    """What an adapter gets wrong at its threshold, as shares, and on what that was measured."""

    threshold: float
    falseMatch: float
    falseNonMatch: float
    measuredOn: str


class FaceComparison(Protocol):
    """An adapter of a face comparison. It raises OSError where it cannot be reached."""

    name: str
    rates: Rates | None

    async def similarity(self, portrait: bytes, selfie: bytes) -> float:
        """How alike the faces of two pictures are, on the scale of the threshold; ValueError where there is none."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of it: the same face, or not; None where it was not, or could not be, compared."""

    same: bool | None
    why: str


async def compare(adapter: FaceComparison | None, portrait: bytes | None, selfie: bytes | None) -> Compared:
    """Ask an adapter; without one, without its measured errors or without both pictures nothing is compared."""
    if adapter is None:
        return Compared(None, "no adapter is configured")
    if adapter.rates is None:
        return Compared(None, f"the errors of {adapter.name} were not measured")
    if portrait is None or selfie is None:
        return Compared(None, f"no picture of {'the document' if portrait is None else 'the person'} was given")
    try:
        similarity = await adapter.similarity(portrait, selfie)
    except ValueError as problem:
        return Compared(None, str(problem))
    return Compared(similarity >= adapter.rates.threshold, f"by {adapter.name}")
