"""What is asked of an applicant, read from its document: documents, pictures, consents."""

from pathlib import Path
from typing import Literal, TypeAlias

import yaml
from pydantic import BaseModel, ConfigDict

Side: TypeAlias = Literal["FRONT", "BACK"]
SHIPPED = Path(__file__).with_name("policy.yaml")
SELFIE = "selfie"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Quality(_Strict):
    """How good a picture must be: pixels of the shorter side, grey values, variance of the Laplacian, bytes."""

    side: int
    darkest: float
    brightest: float
    sharpness: float
    bytes: int


class Consent(_Strict):
    """What an applicant agrees to, and the version of its text."""

    name: str
    version: str


class Policy(_Strict):
    """The document."""

    documents: dict[str, tuple[Side, ...]]
    consents: tuple[Consent, ...]
    pictures: dict[Literal["document", "selfie"], Quality]
    link_days: int
    pictures_in_a_round: int
    youngest: int

    def slots(self, type: str) -> dict[str, Side]:
        """The pictures of a document: the name of each, and its side; of a type that is not named the front."""
        return {f"{type.lower()}-{side.lower()}": side for side in self.documents.get(type, ("FRONT",))}

    def quality(self, slot: str) -> Quality:
        """How good the picture of a slot must be."""
        return self.pictures["selfie" if slot == SELFIE else "document"]


def load(file: Path = SHIPPED) -> Policy:
    """The policy of a file; raises ValidationError with the place that is wrong."""
    return Policy.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
