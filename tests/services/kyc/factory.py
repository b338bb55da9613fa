"""People, requests and sources, of which a test names only what matters to it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from libs.events.models import (
    Address,
    CheckRequested,
    DateOfBirth,
    Document,
    Gender,
    Individual,
    Name,
    StepResult,
    Task,
)
from libs.sources.unavailable import SourceUnavailable
from services.kyc.agent import check_with, policy, words
from services.kyc.asking import Asking
from services.kyc.policy import MatchType, Policy
from services.kyc.sources import About, Answered, Record

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
POLICY, VERSION = policy()
WORDS, _ = words()
HOME = "12 High Street, Newtown NSW 2042"


def name(text: str, middle: str | None = None) -> Name:
    """A name; the last word is the family name."""
    given, _, family = text.rpartition(" ")
    return Name(givenName=given or None, middleName=middle, familyName=family)


def address(text: str = HOME, unit: str | None = None, country: str = "AUS") -> Address:
    """`12 High Street, Newtown NSW 2042`, by part."""
    street, town = text.split(", ")
    number, *words, kind = street.split(" ")
    locality, subdivision, code = town.rsplit(" ", 2)
    return Address(
        unitNumber=unit,
        streetNumber=number,
        streetName=" ".join(words),
        streetType=kind,
        locality=locality,
        subdivision=subdivision,
        postalCode=code,
        country=country,
    )


def individual(
    text: str = "Sarah Whitaker", dob: str | None = "1984-03-09", home: str | None = HOME, **fields: Any
) -> Individual:
    """A person with a name, a date of birth and an address."""
    return Individual(
        name=name(text),
        dateOfBirth=DateOfBirth(normalized=dob) if dob is not None else None,
        addresses=[address(home)] if home else [],
        **fields,
    )


def request(person: Individual, rule_set: str | None = None, **settings: str) -> CheckRequested:
    """The workflow asks about a person."""
    task = Task(
        token="token-1",
        customerId="acme",
        entityId="person-1",
        workflowExecutionId="execution-1",
        requestId="request-1",
        stepName="KYC",
    )
    chosen = {"ruleSet": rule_set} if rule_set else {}
    return CheckRequested(task=task, individual=person, settings=chosen | settings)


def record(
    text: str = "Sarah Whitaker",
    dob: str | None = None,
    home: str | None = None,
    reference: str = "r-1",
    documents: Sequence[Document] = (),
    gender: Gender | None = None,
    aliases: Sequence[str] = (),
) -> Record:
    """What a source holds of a person."""
    homes = (address(home),) if home else ()
    return Record(reference, name(text), dob, homes, tuple(documents), gender, tuple(map(name, aliases)))


@dataclass
class ListedSource:
    """A source that holds a few records in memory and gives all of them, or is down."""

    about: About
    records: list[Record] = field(default_factory=list)
    down: str | None = None

    def covers(self, individual: Individual) -> bool:
        return True

    async def lookup(self, request: CheckRequested, recorded: str | None = None) -> Answered:
        if self.down:
            raise SourceUnavailable(self.down)
        return Answered(tuple(self.records))


def source(
    id: str, holds: set[MatchType], *records: Record, group: str | None = None, down: str | None = None, **about: Any
) -> ListedSource:
    """A source; it is independent of the others unless a group is given."""
    known = About(id, f"{id}-provider", group or id, frozenset({"name", *holds}), **about)
    return ListedSource(known, list(records), down)


def roll(*records: Record, **fields: Any) -> ListedSource:
    """An electoral roll: name and address."""
    return source("roll", {"address"}, *records, **fields)


def credit(*records: Record, **fields: Any) -> ListedSource:
    """A credit header: name and date of birth."""
    return source("credit", {"dob"}, *records, **fields)


async def answer(
    person: Individual, *sources: ListedSource, rule_set: str | None = None, policy: Policy = POLICY, **settings: str
) -> StepResult:
    """What the check answers with these sources, and the policy that comes with the project unless there is another."""
    asking = Asking(sources, elapsed=lambda: 0.0)
    return await check_with(asking, policy, WORDS, [VERSION]).answer(request(person, rule_set, **settings), NOW)
