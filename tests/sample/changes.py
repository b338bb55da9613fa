"""Who may be taken for a case, and what is changed about them."""

from collections.abc import Callable, Sequence
from typing import Any

from libs.documents.layout import VALUES
from libs.documents.making import make_mrz
from libs.events.models import DateOfBirth, Individual, Name, StepResultCode
from tests.sample.register import Citizen

# Documents of the sample expire no sooner, so that clean people stay clean.
EXPIRES_AFTER = "2031"

Fits = Callable[[Citizen], bool]


def verified(citizen: Citizen) -> bool:
    """Two independent sources know them, and nothing else about them stands in the way."""
    return citizen.known_by >= 2 and "1940" <= citizen.born[:4] <= "1999"


def born_alike(citizen: Citizen) -> bool:
    """A source knows them by their date of birth, and all that hold one have the same."""
    return verified(citizen) and bool(citizen.by_birth) and citizen.one_birth_date


def dated(citizen: Citizen) -> bool:
    """A source has their date of birth."""
    return bool(citizen.born)


def born_in(dates: Sequence[str]) -> Fits:
    """They were born in the year of one of these dates."""
    return lambda citizen: citizen.born[:4] in {one[:4] for one in dates}


def has(kind: str) -> Fits:
    """They have a document of the kind that is good for some years."""

    def fits(citizen: Citizen) -> bool:
        document = citizen.document
        return document is not None and document.type == kind and (document.expiryDate or "") >= EXPIRES_AFTER

    return fits


def whole(citizen: Citizen) -> str:
    """Given and family name."""
    return f"{citizen.individual.name.givenName} {citizen.individual.name.familyName}"


def document_number(citizen: Citizen) -> str:
    """The number of their document; empty where they have none."""
    return (citizen.document.primaryIdentifier if citizen.document else None) or ""


def undocumented(citizen: Citizen) -> Individual:
    """They show no document."""
    return citizen.individual.model_copy(update={"documents": []})


def born_only(citizen: Citizen, born: str) -> Individual:
    """They give a date of birth and nothing else."""
    return undocumented(citizen).model_copy(update={"dateOfBirth": DateOfBirth(normalized=born), "addresses": []})


def with_passport(citizen: Citizen, expiry: str | None = None) -> Individual:
    """They show their passport, with its zone."""
    name, (passport,) = citizen.individual.name, citizen.individual.documents
    until = expiry or passport.expiryDate or ""
    mrz = make_mrz(
        issuer=passport.country,
        number=document_number(citizen),
        familyName=name.familyName,
        givenNames=" ".join(part for part in (name.givenName, name.middleName) if part),
        birth=citizen.born,
        expiry=until,
    )
    read = passport.model_copy(update={"mrz": mrz, "expiryDate": until})
    return citizen.individual.model_copy(update={"documents": [read]})


def altered(person: Individual, place: int) -> Individual:
    """One check digit in the second line of the passport's zone is another."""
    (passport,) = person.documents
    first, second = (passport.mrz or "").split("\n")
    wrong = str((VALUES[second[place]] + 1) % 10)
    mrz = f"{first}\n{second[:place]}{wrong}{second[place + 1 :]}"
    return person.model_copy(update={"documents": [passport.model_copy(update={"mrz": mrz})]})


def listed_name(one: dict[str, Any]) -> Name:
    """The name as they write it; in Han script the family name comes first and nothing stands between."""
    given, family = one["given"], one["family"]
    han = "\u3400" <= family[0] <= "\u9fff"
    return Name(givenName=given, familyName=family, displayName=f"{family}{given}" if han else None)


def screened(one: dict[str, Any]) -> StepResultCode:
    """What the screening finds."""
    return StepResultCode.CLEAR if one.get("missed") else StepResultCode.HIT
