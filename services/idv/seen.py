"""What was found out about a person's documents before the rules are asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from libs.documents.reading import Reading
from services.idv.face import Compared
from services.idv.numbers import Forms


@dataclass(frozen=True, slots=True)
class Seen:
    """Readings and refusals of pictures by their SHA-256; the places of documents that another person has used."""

    forms: Forms = field(default_factory=dict)
    readings: Mapping[str, Reading] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    used_by_others: frozenset[int] = frozenset()
    face: Compared | None = None


NOTHING = Seen()
