"""The sample as it is kept: one person a line, with what the case is built to come to; and the customer's lists."""

from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

from pydantic import Field, ValidationError

from libs.embedded.errors import EmbeddedError
from libs.events.models import ExecutionStatus, Individual, MatchlistEntryPublished, StepResultCode
from libs.events.record import Record

CUSTOMER = "sample"
PEOPLE = Path(__file__).with_name("people.jsonl")
MATCHLISTS = Path(__file__).with_name("matchlists.jsonl")

R = TypeVar("R", bound=Record)


class Expected(Record):
    """What the case comes to: the status, and the results of the steps that it is about."""

    status: ExecutionStatus
    steps: dict[str, StepResultCode] = Field(default_factory=dict)


class SamplePerson(Record):
    """A person, why they are in the sample, and what is expected of them.

    `knownMiss`: the outcome is not the one that is right, but the one that really comes out.
    `after`: the person who must have been taken on before this one.
    """

    entityId: str
    group: str
    note: str
    expected: Expected
    knownMiss: bool = False
    after: str | None = None
    individual: Individual

    @property
    def name(self) -> str:
        """The name as the person writes it."""
        name = self.individual.name
        parts = (name.givenName, name.middleName, name.otherName, name.familyName)
        return name.displayName or " ".join(part for part in parts if part)


def read_people(file: Path = PEOPLE) -> list[SamplePerson]:
    """The people of a file; raises EmbeddedError with the line that is wrong."""
    people = _read(file, SamplePerson)
    before: set[str] = set()
    for person in people:
        if person.entityId in before:
            raise EmbeddedError(f"{file}: entityId {person.entityId} is there twice")
        if person.after is not None and person.after not in before:
            raise EmbeddedError(f"{file}: {person.entityId} comes after {person.after}, who is not above")
        before.add(person.entityId)
    return people


def read_matchlists(file: Path = MATCHLISTS) -> list[MatchlistEntryPublished]:
    """The entries of the customer's own lists."""
    return _read(file, MatchlistEntryPublished)


def write(file: Path, records: Iterable[Record]) -> None:
    """One record a line, without what is not given."""
    file.write_text(
        "".join(f"{record.model_dump_json(exclude_none=True, exclude_defaults=True)}\n" for record in records)
    )


def _read(file: Path, kind: type[R]) -> list[R]:
    try:
        lines = file.read_text().splitlines()
    except OSError as error:
        raise EmbeddedError(f"the sample {file} cannot be read: {error.strerror}") from None
    found = []
    for number, line in enumerate(lines, 1):
        try:
            found.append(kind.model_validate_json(line))
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(map(str, first["loc"]))
            raise EmbeddedError(f"{file}, line {number}: {where}: {first['msg']}") from None
    return found
