"""The committed example of each published record."""

from pathlib import Path

from libs.events.catalogue import NAMESPACE, SCHEMAS
from libs.events.record import Record
from tests.libs.events.strategies import model_of

FOLDER = SCHEMAS / "examples"


def path_of(record: str) -> Path:
    """The file of a record's example."""
    return FOLDER / f"{record.removeprefix(NAMESPACE)}.json"


def example(record: str) -> Record:
    """A record's example, validated."""
    return model_of(record).model_validate_json(path_of(record).read_text())
