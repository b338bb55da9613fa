"""By what persons are found: their values written one way, as numbers that an index holds; pure.

A key is a hash of the customer, the field and the value, so that an index of one column finds one customer's person by
any field. Exact keys are of whole values. Near keys are of what stays the same under a slip: of words of names their
sound and their beginning, of words of addresses their beginning, of numbers and addresses for mail both ends.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import TypeAlias

from normality import ascii_text
from rapidfuzz import fuzz
from rigour.text import metaphone

from libs.events.models import Address, Individual, Name

Values: TypeAlias = Mapping[str, Sequence[str]]

# The contract's fields of a search; those of organisations find no person. The date of birth is our own.
NAMES = ("NAME", "GIVEN_NAME", "FAMILY_NAME", "MIDDLE_NAME", "DISPLAY_NAME", "OTHER_NAME", "ALTERNATE_NAME")
WORDED = (*NAMES, "ADDRESS")
FIELDS = (
    *(*WORDED, "EMAIL_ADDRESS", "PHONE_NUMBER", "DOCUMENT_IDENTIFIER", "EXTERNAL_REFERENCE", "DATE_OF_BIRTH"),
    *("REGISTERED_NAME", "REGISTRATION_NUMBER"),
)
ALPHANUMERIC, DIGITS = re.compile(r"[^a-z0-9]+"), re.compile(r"[^0-9]")
# The last digits of a phone number are the same with the country's code and without it.
PHONE_DIGITS = 9
SOUND, BEGINNING, WORD, END = 4, 3, 4, 5
# No more of a text is looked at, and of a person so many values of a field.
LONGEST, MOST = 300, 30
# Below it a word or a number is another one.
NEAR = 0.75
# How much the words that were asked for weigh beside the whole value.
PART, WHOLE = 0.5, 0.5


def normal(field: str, text: str) -> str:
    """A value or a term of a field, written one way; empty where nothing of it is left."""
    text = text[:LONGEST]
    if field in WORDED:
        return " ".join(ALPHANUMERIC.sub(" ", ascii_text(text).lower()).split())
    if field == "EMAIL_ADDRESS":
        return text.strip().lower()
    if field == "PHONE_NUMBER":
        return DIGITS.sub("", text)[-PHONE_DIGITS:]
    if field == "DATE_OF_BIRTH":
        return text.strip()
    return ALPHANUMERIC.sub("", ascii_text(text).lower())


def values(person: Individual, fields: Collection[str] = FIELDS) -> Values:
    """What is looked for in each of these fields, written one way."""
    name = person.name
    given: dict[str, Iterable[str | None]] = {
        "NAME": _full(name),
        "GIVEN_NAME": [name.givenName],
        "FAMILY_NAME": [name.familyName],
        "MIDDLE_NAME": [name.middleName],
        "DISPLAY_NAME": [name.displayName],
        "OTHER_NAME": [name.otherName],
        "ALTERNATE_NAME": [full for other in person.alternateNames for full in _full(other)],
        "ADDRESS": map(_line, person.addresses),
        "EMAIL_ADDRESS": person.emailAddresses,
        "PHONE_NUMBER": person.phoneNumbers,
        "DOCUMENT_IDENTIFIER": [
            number for one in person.documents for number in (one.primaryIdentifier, one.secondaryIdentifier)
        ],
        "EXTERNAL_REFERENCE": [one.value for one in person.externalReferences],
        "DATE_OF_BIRTH": [person.dateOfBirth.normalized] if person.dateOfBirth else [],
    }
    return {
        field: list(dict.fromkeys(value for text in several if text and (value := normal(field, text))))[:MOST]
        for field, several in given.items()
        if field in fields
    }


def _full(name: Name) -> Iterator[str | None]:
    yield " ".join(filter(None, (name.givenName, name.familyName)))
    yield " ".join(filter(None, (name.givenName, name.middleName, name.otherName, name.familyName)))
    yield name.displayName


def _line(address: Address) -> str:
    parts = (
        *(address.unitNumber, address.streetNumber, address.streetName, address.streetType),
        *(address.locality, address.subdivision, address.postalCode, address.country),
    )
    return address.unstructuredLongForm or " ".join(filter(None, parts))


def keys(customer_id: str, person: Individual) -> list[int]:
    """Every key under which a person is found."""
    key = _of(customer_id)
    found = {
        one
        for field, several in values(person).items()
        for value in several
        for one in (key(field, value), *(one for group in _near(key, field, value) for one in group))
    }
    return sorted(found)


def exact(customer_id: str, field: str, term: str) -> int:
    """The key of a whole value; `term` is written one way."""
    return _of(customer_id)(field, term)


def near(customer_id: str, field: str, term: str) -> list[list[int]]:
    """Groups of keys: a person who is near has one of each; `term` is written one way."""
    key = _of(customer_id)
    groups = _near(key, field, term)
    return groups if field in WORDED else [[key(field, term), *(one for group in groups for one in group)]]


def _of(customer_id: str) -> Callable[[str, str], int]:
    def key(field: str, value: str) -> int:
        digest = blake2b(f"{customer_id}\0{field}\0{value}".encode(), digest_size=8).digest()
        return int.from_bytes(digest, signed=True)

    return key


def _near(key: Callable[[str, str], int], field: str, value: str) -> list[list[int]]:
    """Of each word, or of the whole value, the keys under which it is found with a slip in it."""
    if field in NAMES:
        return [[key("sound", metaphone(word)[:SOUND]), key("name", word[:BEGINNING])] for word in value.split()]
    if field == "ADDRESS":
        return [[key("address", word[:WORD])] for word in value.split()]
    return [[key(f"{field} begins", value[:END]), key(f"{field} ends", value[-END:])]]


def confidence(field: str, term: str, of_person: Values) -> float:
    """How near a term is to a person's values of a field, 0 to 1; 0 where it is another."""
    return round(max((_alike(field, term, value) for value in of_person.get(field, ())), default=0.0), 3)


def _alike(field: str, term: str, value: str) -> float:
    if field not in WORDED:
        ratio = fuzz.ratio(term, value) / 100
        return ratio if ratio >= NEAR else 0.0
    words = [max((fuzz.ratio(word, other) for other in value.split()), default=0) / 100 for word in term.split()]
    if min(words, default=0) < NEAR:
        return 0.0
    return PART * sum(words) / len(words) + WHOLE * fuzz.token_sort_ratio(term, value) / 100
