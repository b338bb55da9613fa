"""What of a person is compared, written one way: lower case, Latin letters, no punctuation."""

import re
from typing import Any, NamedTuple

from normality import ascii_text

from libs.events.models import Address, Document, Individual, Name

BREAKS = re.compile(r"[\s,;/-]+")
NOISE = re.compile(r"[^a-z0-9 ]")
ALPHANUMERIC = re.compile(r"[^a-z0-9]")
DIGITS = re.compile(r"[^0-9]")
# The last digits of a phone number are the same with the country's code and without it.
PHONE_DIGITS = 9

# Written short, so that it does not matter how an address writes them.
ABBREVIATIONS = {
    "street": "st", "str": "st", "road": "rd", "avenue": "ave", "av": "ave", "drive": "dr", "drv": "dr", "court": "ct",
    "crt": "ct", "place": "pl", "crescent": "cres", "cr": "cres", "terrace": "tce", "ter": "tce", "parade": "pde",
    "highway": "hwy", "lane": "ln", "boulevard": "blvd", "bvd": "blvd", "close": "cl", "square": "sq", "grove": "gr",
    "gv": "gr", "circuit": "cct", "parkway": "pwy", "esplanade": "esp", "mount": "mt", "north": "nth", "south": "sth",
    "apartment": "unit", "apt": "unit", "flat": "unit", "u": "unit",
}  # fmt: skip

# No more of a text is looked at: nobody is called so, and comparing takes the square of it.
LONGEST, WORDS = 500, 30

Tokens = tuple[str, ...]


class Traits(NamedTuple):
    """A person as compared; a document is (type, country, number)."""

    names: tuple[Tokens, ...] = ()
    dob: str = ""
    addresses: tuple[Tokens, ...] = ()
    documents: tuple[tuple[str, str, str], ...] = ()
    emails: Tokens = ()
    phones: Tokens = ()
    towns: Tokens = ()


def traits_of(individual: Individual) -> Traits:
    """The traits of a person as the customer gave them."""
    return Traits(
        names=_present(_name(name) for name in (individual.name, *individual.alternateNames)),
        dob=individual.dateOfBirth.normalized.strip()[:LONGEST] if individual.dateOfBirth else "",
        addresses=_present(_address(address) for address in individual.addresses),
        documents=tuple(found for document in individual.documents if (found := _document(document))),
        emails=_present(email.strip().lower()[:LONGEST] for email in individual.emailAddresses),
        phones=_present(DIGITS.sub("", phone)[-PHONE_DIGITS:] for phone in individual.phoneNumbers),
        towns=_present(_town(address) for address in individual.addresses),
    )


def to_json(traits: Traits) -> dict[str, Any]:
    """The traits as a document, without what is empty."""
    return {name: value for name, value in traits._asdict().items() if value}


def from_json(document: dict[str, Any]) -> Traits:
    """The traits that a document was written from."""
    get = document.get
    return Traits(
        tuple([tuple(name) for name in get("names", ())]),
        get("dob", ""),
        tuple([tuple(address) for address in get("addresses", ())]),
        tuple([(kind, country, number) for kind, country, number in get("documents", ())]),
        tuple(get("emails", ())),
        tuple(get("phones", ())),
        tuple(get("towns", ())),
    )


def tokens(text: str) -> Tokens:
    """The words of a text, in order."""
    return tuple(NOISE.sub("", BREAKS.sub(" ", ascii_text(text[:LONGEST]).lower())).split())[:WORDS]


def _present(values: Any) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _name(name: Name) -> Tokens:
    parts = (name.givenName, name.middleName, name.otherName, name.familyName)
    return tokens(" ".join(filter(None, parts))) or tokens(name.displayName or "")


def _address(address: Address) -> Tokens:
    """The words of an address that says more than the town."""
    parts = (
        address.unitNumber,
        address.streetNumber,
        address.streetName,
        address.streetType,
        address.locality,
        address.subdivision,
        address.postalCode,
    )
    given = tokens(" ".join(filter(None, parts))) if address.streetName else ()
    line = given or tokens(address.unstructuredLongForm or "")
    return tuple(ABBREVIATIONS.get(word, word) for word in line) if given or _has_number(line) else ()


def _town(address: Address) -> str:
    line = tokens(address.unstructuredLongForm or "")
    return "".join(tokens(address.locality or "") or (line if not _has_number(line) else ()))


def _has_number(line: Tokens) -> bool:
    return any(character.isdigit() for word in line for character in word)


def _document(document: Document) -> tuple[str, str, str] | None:
    number = ALPHANUMERIC.sub("", (document.primaryIdentifier or "")[:LONGEST].lower())
    return (document.type, document.country, number) if number else None
