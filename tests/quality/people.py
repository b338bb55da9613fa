"""Invented people, the same ones met again with ordinary changes, and others who are much like them."""

from collections.abc import Callable, Iterator
from random import Random
from typing import TypeAlias

from libs.events.models import Address, DateOfBirth, Individual, Name
from services.kyc.agent import words
from services.kyc.population import population

Change: TypeAlias = Callable[[Random, Individual, Individual], Individual]

WORDS, _ = words()
HOSTS = ("example.org", "example.net", "example.com", "post.example")
LETTERS = "abcdefghijklmnopqrstuvwxyz"


# Family names are made of two or three of these. As among real people, the commonest is borne by one of a few hundred,
# and two persons drawn at random share one in about 1,500 draws.
SYLLABLES = """
al an ar bel ber bor bran cal car cor dal den der don dor el en er fal fen fer gar gel gor hal ham hol jan kar kel kin
kow lan lar len ler lin lo mal man mar mel mer min mon mor nak nel nor ol os pan pel per pol ral ram ren ric ros ru sal
san ser ski sol sten ta tan ter tol tor val van ven vic vol wal wel wen wil yan zel zin
"""
FAMILIES, COMMON = 5000, 100


def families(seed: int = 1) -> tuple[list[str], list[float]]:
    """Family names, and how often each of them is borne."""
    draw = Random(seed)
    made: dict[str, None] = {}
    while len(made) < FAMILIES:
        made["".join(draw.choices(SYLLABLES.split(), k=draw.choice((2, 2, 3)))).capitalize()] = None
    return list(made), [1 / (rank + COMMON) for rank in range(FAMILIES)]


def people(seed: int, size: int) -> Iterator[Individual]:
    """People with name, date of birth, address, document, phone and e-mail address."""
    draw, (names, shares) = Random(seed), families()
    for one in population(seed, size):
        person = _named(one.individual, familyName=draw.choices(names, shares)[0])
        name = person.name
        user = f"{(name.givenName or 'x')[0]}.{name.familyName}{draw.randrange(1000)}".lower().replace(" ", "")
        yield person.model_copy(update={"emailAddresses": [f"{user}@{draw.choice(HOSTS)}"]})


def _named(person: Individual, **parts: str | None) -> Individual:
    return person.model_copy(update={"name": person.name.model_copy(update=parts)})


def _born(person: Individual, date: str) -> Individual:
    return person.model_copy(update={"dateOfBirth": DateOfBirth(normalized=date)})


def _birth(person: Individual) -> str:
    assert person.dateOfBirth is not None
    return person.dateOfBirth.normalized


def _at(person: Individual, **parts: str | None) -> Individual:
    return person.model_copy(update={"addresses": [person.addresses[0].model_copy(update=parts)]})


def slip(draw: Random, text: str) -> str:
    """A letter left out, doubled, another, or two the wrong way round; the first one stays."""
    if len(text) < 3:
        return text
    at = draw.randrange(1, len(text) - 1)
    kind = draw.randrange(4)
    middle = ("", text[at] * 2, draw.choice(LETTERS), text[at + 1] + text[at])[kind]
    return text[:at] + middle + text[at + 1 + (kind == 3) :]


def _names_swapped(draw: Random, person: Individual, other: Individual) -> Individual:
    return _named(person, givenName=person.name.familyName, familyName=person.name.givenName)


def _name_slip(draw: Random, person: Individual, other: Individual) -> Individual:
    return _named(person, familyName=slip(draw, person.name.familyName))


def _nickname(draw: Random, person: Individual, other: Individual) -> Individual:
    given = person.name.givenName or ""
    return _named(person, givenName=draw.choice(WORDS.forms(given.lower()) or [given[0]]), middleName=None)


def _married(draw: Random, person: Individual, other: Individual) -> Individual:
    return _named(person, familyName=other.name.familyName)


def _day_and_month(draw: Random, person: Individual, other: Individual) -> Individual:
    year, month, day = _birth(person).split("-")
    return _born(person, f"{year}-{day}-{month}" if int(day) <= 12 else f"{year}-{month}-{day[::-1]}")


def _date_slip(draw: Random, person: Individual, other: Individual) -> Individual:
    date = _birth(person)
    at = draw.choice((3, 6, 9))
    return _born(person, date[:at] + str((int(date[at]) + draw.randint(1, 9)) % 10) + date[at + 1 :])


def _no_date(draw: Random, person: Individual, other: Individual) -> Individual:
    return person.model_copy(update={"dateOfBirth": None})


def _moved(draw: Random, person: Individual, other: Individual) -> Individual:
    return person.model_copy(update={"addresses": other.addresses})


def _house_number(draw: Random, person: Individual, other: Individual) -> Individual:
    number = person.addresses[0].streetNumber or ""
    return _at(person, streetNumber=number[::-1] if number[::-1] != number else number + "1", unitNumber=None)


def _one_line(draw: Random, person: Individual, other: Individual) -> Individual:
    address = person.addresses[0]
    parts = (address.streetNumber, address.streetName, address.streetType, address.locality, address.postalCode)
    line = " ".join(part for part in parts if part)
    return person.model_copy(update={"addresses": [Address(country=address.country, unstructuredLongForm=line)]})


def _renewed(draw: Random, person: Individual, other: Individual) -> Individual:
    return person.model_copy(update={"documents": other.documents})


def _reachable_elsewhere(draw: Random, person: Individual, other: Individual) -> Individual:
    update = {"emailAddresses": other.emailAddresses, "phoneNumbers": other.phoneNumbers}
    return person.model_copy(update=update)


def _little_given(draw: Random, person: Individual, other: Individual) -> Individual:
    return person.model_copy(update={"addresses": [], "documents": [], "emailAddresses": [], "phoneNumbers": []})


# What is different when a person is met again, in the order in which it comes about: what leaves out is last.
CHANGES: dict[str, Change] = {
    "given and family name swapped": _names_swapped,
    "slip in the name": _name_slip,
    "nickname or initial": _nickname,
    "other family name": _married,
    "day and month swapped": _day_and_month,
    "slip in the date of birth": _date_slip,
    "moved house": _moved,
    "house or unit number": _house_number,
    "address in one line": _one_line,
    "new document": _renewed,
    "other e-mail and phone": _reachable_elsewhere,
    "no date of birth": _no_date,
    "no address, document, e-mail or phone": _little_given,
}


def _namesake(draw: Random, person: Individual, other: Individual) -> Individual:
    return other.model_copy(update={"name": person.name})


def _household(draw: Random, person: Individual, other: Individual) -> Individual:
    name = Name(givenName=_another_given(person, other), familyName=person.name.familyName)
    at_home = {"addresses": person.addresses, "phoneNumbers": person.phoneNumbers}
    return other.model_copy(update={"name": name, **at_home})


def _shared_email(draw: Random, person: Individual, other: Individual) -> Individual:
    return other.model_copy(update={"emailAddresses": person.emailAddresses})


def _born_that_day(draw: Random, person: Individual, other: Individual) -> Individual:
    return _born(_named(other, givenName=_another_given(person, other)), _birth(person))


def _neighbour(draw: Random, person: Individual, other: Individual) -> Individual:
    number = int(person.addresses[0].streetNumber or 1)
    return other.model_copy(update={"addresses": _at(person, streetNumber=str(number + 2)).addresses})


def _another_given(person: Individual, other: Individual) -> str:
    """The other's given name, made unlike the person's."""
    given = other.name.givenName or "Otto"
    return given if given[0] != (person.name.givenName or "")[:1] else f"Q{given.lower()}"


# Others who have something in common with a person.
OTHERS: dict[str, Change] = {
    "namesake": _namesake,
    "member of the household": _household,
    "shared e-mail address": _shared_email,
    "born on the same day": _born_that_day,
    "neighbour": _neighbour,
}


def met_again(draw: Random, person: Individual, other: Individual, changes: int = 2) -> tuple[Individual, list[str]]:
    """The person with so many changes, and which these are; what is new comes from another person."""
    drawn = draw.sample(list(CHANGES), changes)
    names = [name for name in CHANGES if name in drawn]
    for name in names:
        person = CHANGES[name](draw, person, other)
    return person, names
