"""The person asked about, as far as screening goes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rigour.territories import lookup_territory

from libs.events.message import derived_id
from libs.events.models import Gender, Individual, Name
from libs.screening import policy
from libs.screening.names import cleaned, usable

_ISO_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
GENDERS = {Gender.MALE: "male", Gender.FEMALE: "female"}


@dataclass(frozen=True, slots=True)
class Person:
    """Names to screen, each with the id of the name it is, and what qualifies a hit; `cut` when names were left out."""

    names: tuple[tuple[str, str], ...]
    birth_date: str | None
    countries: tuple[str, ...]
    gender: str | None
    cut: bool


def person(individual: Individual, entity_id: str) -> Person:
    """What is screened of an individual: every name once, dates and countries as the lists have them."""
    names: dict[str, str] = {}
    cut = False
    for object_id, text in _texts(individual, entity_id):
        name, shortened = cleaned(text)
        cut = cut or shortened
        if usable(name):
            names.setdefault(name, object_id)
    screened = tuple(names.items())[: policy.NAMES_SCREENED]
    return Person(
        names=screened,
        birth_date=_birth_date(individual),
        countries=tuple(_countries(individual)),
        gender=GENDERS.get(individual.gender) if individual.gender else None,
        cut=cut or len(names) > len(screened),
    )


def _birth_date(individual: Individual) -> str | None:
    """The date in ISO 8601; what is none cannot speak against a hit."""
    text = individual.dateOfBirth.normalized.strip() if individual.dateOfBirth else ""
    return text if _ISO_DATE.fullmatch(text) else None


def _texts(individual: Individual, entity_id: str) -> Iterator[tuple[str, str]]:
    yield from _forms(individual.name, individual.name.nameId or derived_id(entity_id, "name"))
    for number, name in enumerate(individual.alternateNames):
        yield from _forms(name, name.nameId or derived_id(entity_id, f"alternateName/{number}"))


def _forms(name: Name, object_id: str) -> Iterator[tuple[str, str]]:
    """A name put together from its parts, and as the person writes it where that has other parts."""
    parts = [name.givenName, name.middleName, name.otherName, name.familyName]
    whole = " ".join(part for part in parts if part)
    yield object_id, whole
    if name.displayName and sorted(name.displayName.casefold().split()) != sorted(whole.casefold().split()):
        yield object_id, name.displayName


def _countries(individual: Individual) -> Iterator[str]:
    for code in dict.fromkeys((individual.nationality, individual.countryOfBirth)):
        territory = lookup_territory(code) if code else None
        if territory is not None:
            yield territory.code
