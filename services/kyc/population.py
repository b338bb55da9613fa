"""Invented people, and how they stand in the sources: with the ordinary differences of real registers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import yaml

from libs.comparing import loading
from libs.comparing.words import Words
from libs.events.models import Address, DateOfBirth, Document, Gender, Individual, Name
from services.kyc import slips

VOCABULARY = Path(__file__).parent / "data" / "vocabulary.yaml"
SOURCES = Path(__file__).parent / "data" / "sources.yaml"
# The committed register is made with these.
SEED, SIZE = 7, 3000

NEWCOMERS = 0.05  # stand in no source at all
BORN = (date(1935, 1, 1), date(2007, 12, 28))
EXPIRING = (date(2029, 1, 1), date(2036, 12, 28))

T = TypeVar("T")
Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Person:
    """A person as they know themselves, and their line in each source."""

    number: int
    individual: Individual
    entries: Mapping[str, Entry]


def population(seed: int = SEED, size: int = SIZE) -> Iterator[Person]:
    """The people of a seed, always the same."""
    vocabulary = yaml.safe_load(VOCABULARY.read_text())
    words, _ = loading.words()
    sources = yaml.safe_load(SOURCES.read_text())["sources"]
    draw = Random(seed)
    for number in range(1, size + 1):
        yield _person(draw, vocabulary, words, sources, number)


def _person(draw: Random, vocabulary: Entry, words: Words, sources: list[Entry], number: int) -> Person:
    country = _weighted(draw, {code: entry["share"] for code, entry in vocabulary["countries"].items()})
    place = vocabulary["countries"][country]
    gender = draw.choice((Gender.FEMALE, Gender.MALE))
    documents = _documents(draw, country)
    individual = Individual(
        name=_name(draw, vocabulary["cultures"][_weighted(draw, place["cultures"])], gender),
        dateOfBirth=DateOfBirth(normalized=_day(draw, BORN)),
        gender=gender,
        nationality=country,
        addresses=[_address(draw, vocabulary, country)],
        documents=documents,
        phoneNumbers=[f"{place['phone']}{draw.randrange(10**7, 10**8)}"],
    )
    previous = _address(draw, vocabulary, country)
    newcomer = draw.random() < NEWCOMERS
    standing = [entry for entry in sources if country in entry["countries"] and draw.random() < entry["share"]]
    entries = {} if newcomer else {
        entry["id"]: _entry(draw, entry, words, individual, previous, number) for entry in standing
    }  # fmt: skip
    return Person(number, individual, entries)


def _entry(draw: Random, source: Entry, words: Words, individual: Individual, previous: Address, number: int) -> Entry:
    """What the source has written down of the person: what it holds, with its slips."""
    holds = source["holds"]
    entry: Entry = {"source": source["id"], "reference": f"{source['id']}-{number * 7919 % 100_000:05}"}
    entry["name"] = _given(slips.name(draw, individual.name, words))
    if "dob" in holds and individual.dateOfBirth:
        entry["dateOfBirth"] = slips.birth(draw, individual.dateOfBirth.normalized)
    if "address" in holds:
        entry["addresses"] = [_given(slips.address(draw, individual.addresses[0], previous, words))]
    if "gender" in holds and individual.gender:
        entry["gender"] = individual.gender.value
    if "document" in holds:
        entry["documents"] = [_given(document) for document in individual.documents]
    return entry


def _name(draw: Random, culture: Mapping[str, str], gender: Gender) -> Name:
    given = _words(culture["women" if gender is Gender.FEMALE else "men"])
    first, middle = draw.sample(given, 2)
    return Name(
        givenName=first,
        middleName=middle if draw.random() < 0.6 else None,
        familyName=draw.choice(_words(culture["family"])),
    )


def _address(draw: Random, words: Entry, country: str) -> Address:
    town, subdivision, code = draw.choice(words["countries"][country]["towns"]).rsplit(" ", 2)
    return Address(
        type="RESIDENTIAL",
        unitNumber=str(draw.randint(1, 40)) if draw.random() < 0.25 else None,
        streetNumber=str(draw.randint(1, 220)),
        streetName=draw.choice(_words(words["streetNames"])),
        streetType=draw.choice(_words(words["streetTypes"])),
        locality=town,
        subdivision=None if subdivision == "-" else subdivision,
        postalCode=code,
        country=country,
    )


def _documents(draw: Random, country: str) -> list[Document]:
    expiry = _day(draw, EXPIRING)
    passport = Document(
        type="PASSPORT",
        country=country,
        primaryIdentifier=f"{draw.choice('NPRE')}{draw.randrange(10**6, 10**7):07}",
        expiryDate=expiry,
    )
    if country != "AUS" or draw.random() < 0.65:
        return [passport]
    licence = {"type": "DRIVERS_LICENSE", "primaryIdentifier": f"{draw.randrange(10**7, 10**8)}"}
    return [passport.model_copy(update=licence)]


def _given(record: Name | Address | Document) -> Entry:
    return record.model_dump(exclude_none=True, exclude={"attachments"})


def _words(text: str) -> list[str]:
    return [word.replace("_", " ") for word in text.split()]


def _weighted(draw: Random, shares: Mapping[T, float]) -> T:
    return draw.choices(list(shares), list(shares.values()))[0]


def _day(draw: Random, between: tuple[date, date]) -> str:
    return (between[0] + timedelta(days=draw.randrange((between[1] - between[0]).days))).isoformat()
