"""What an entry of a customer's list may match on, and where a person has it."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from normality import ascii_text

from libs.events.models import Address, Document, Individual, MatchRule, Name

SEPARATORS = re.compile(r"[\s,;/-]+")
NOISE = re.compile(r"[^a-z0-9 ]")
ALPHANUMERIC = re.compile(r"[^a-z0-9]")
DIGITS = re.compile(r"[^0-9]")

Part = Name | Address | Document | str


class Kind(NamedTuple):
    """An attribute type: attributes of one `part` must match on one and the same name, address or document; `rule` is
    how it is compared where the entry does not say."""

    part: str
    normalise: Callable[[str], str]
    fields: tuple[str, ...] = ()
    rule: MatchRule = MatchRule.NORMALISED


def words(text: str) -> str:
    """Lower case, Latin letters, single spaces."""
    return " ".join(NOISE.sub("", SEPARATORS.sub(" ", ascii_text(text).lower())).split())


def sorted_words(text: str) -> str:
    """As `words`, whatever their order was."""
    return " ".join(sorted(words(text).split()))


def code(text: str) -> str:
    """Letters and digits alone, as in a document's number."""
    return ALPHANUMERIC.sub("", ascii_text(text).lower())


def phone(text: str) -> str:
    """Digits; a leading + or 00 says that the country's code comes first."""
    digits = DIGITS.sub("", text)
    if text.strip().startswith("+"):
        return "+" + digits
    return "+" + digits[2:] if digits.startswith("00") else digits.lstrip("0")


def email(text: str) -> str:
    """Lower case, without what follows a + in the user's part."""
    user, _, host = text.strip().lower().rpartition("@")
    return f"{user.partition('+')[0]}@{host}"


def domain(text: str) -> str:
    """What follows the @, or the whole."""
    return text.strip().lower().rpartition("@")[2]


def day(text: str) -> str:
    """An ISO 8601 date, as exact as it is."""
    return text.strip()


# The table of the contract's attribute types. The parts of a person that it names are read by `parts`; an entry
# with a type that is not here (of a company, say) matches no person.
KINDS: dict[str, Kind] = {
    "DOC_PRIMARY_IDENTIFIER": Kind("document", code, ("primaryIdentifier",)),
    "DOC_SECONDARY_IDENTIFIER": Kind("document", code, ("secondaryIdentifier",)),
    "DOC_TYPE": Kind("document", code, ("type",)),
    "EMAIL_ADDRESS": Kind("email", email),
    "EMAIL_DOMAIN": Kind("email", domain),
    "PHONE_NUMBER": Kind("phone", phone),
    "IND_DISPLAY_NAME": Kind(
        "name", sorted_words, ("givenName", "middleName", "otherName", "familyName"), MatchRule.FUZZY
    ),
    "IND_FAMILY_NAME": Kind("name", words, ("familyName",), MatchRule.FUZZY),
    "IND_GIVEN_NAME": Kind("name", words, ("givenName",), MatchRule.FUZZY),
    "IND_MIDDLE_NAME": Kind("name", words, ("middleName",), MatchRule.FUZZY),
    "IND_DATE_OF_BIRTH": Kind("birth", day),
    "IND_NATIONALITY": Kind("nationality", code),
    "ADDR_UNSTRUCTURED_LONG_FORM": Kind("address", words, ("unstructuredLongForm",)),
    "ADDR_STREET_NAME": Kind("address", words, ("streetName",)),
    "ADDR_STREET_NUMBER": Kind("address", code, ("streetNumber",)),
    "ADDR_STREET_TYPE": Kind("address", words, ("streetType",)),
    "ADDR_POSTAL_CODE": Kind("address", code, ("postalCode",)),
    "ADDR_LOCALITY": Kind("address", words, ("locality",)),
    "ADDR_SUBDIVISION": Kind("address", code, ("subdivision",)),
    "ADDR_COUNTRY": Kind("address", code, ("country",)),
    "ENTITY_TYPE": Kind("entity", code),
}


def parts(individual: Individual, part: str) -> Iterator[Part]:
    """Every name, address, document, … of a person."""
    if part == "name":
        yield from (individual.name, *individual.alternateNames)
    elif part == "address":
        yield from individual.addresses
    elif part == "document":
        yield from individual.documents
    elif part == "email":
        yield from individual.emailAddresses
    elif part == "phone":
        yield from individual.phoneNumbers
    elif part == "birth" and individual.dateOfBirth:
        yield individual.dateOfBirth.normalized
    elif part == "nationality" and individual.nationality:
        yield individual.nationality
    elif part == "entity":
        yield "INDIVIDUAL"


def texts(kind: Kind, part: Part) -> Iterator[str]:
    """The texts of this kind that a name, address, document, … has, as they were given."""
    if isinstance(part, str):
        yield part
        return
    yield " ".join(filter(None, (getattr(part, field) for field in kind.fields)))
    if isinstance(part, Name) and len(kind.fields) > 1:
        # The name in full, without the middle names, and as the person writes it.
        yield from (f"{part.givenName or ''} {part.familyName}", part.displayName or "")
    if isinstance(part, Address) and kind.fields == ("unstructuredLongForm",):
        given = (part.unitNumber, part.streetNumber, part.streetName, part.streetType, part.locality)
        yield " ".join(filter(None, (*given, part.subdivision, part.postalCode)))


class Person:
    """A person's texts by kind of attribute: for each name, address, document, … as given and normalised."""

    def __init__(self, individual: Individual) -> None:
        self._individual = individual
        self._known: dict[str, list[Texts]] = {}

    def of(self, name: str) -> "list[Texts]":
        """The texts of a kind, by part; worked out when first asked for."""
        if name not in self._known:
            kind = KINDS[name]
            self._known[name] = [_texts(kind, part) for part in parts(self._individual, kind.part)]
        return self._known[name]


class Texts(NamedTuple):
    """What one name, address, document, … has of one kind."""

    given: tuple[str, ...]
    normalised: tuple[str, ...]


def _texts(kind: Kind, part: Part) -> Texts:
    given = tuple(dict.fromkeys(text.strip() for text in texts(kind, part)))
    return Texts(given, tuple(dict.fromkeys(value for text in given if (value := kind.normalise(text)))))
