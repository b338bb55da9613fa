"""What can be scored: the findings of earlier steps and facts of the person, none of them personal data."""

from collections.abc import Iterator
from datetime import date
from math import isfinite
from typing import NamedTuple

from libs.events.models import CheckRequested, Individual
from services.risk.tables import Tables


class Factor(NamedTuple):
    """A factor and its value, as a number too where it is one."""

    name: str
    value: str
    number: float | None = None


def factors(request: CheckRequested, tables: Tables, today: date) -> list[Factor]:
    """Every factor of a request, each value once, in the order of the evidence."""
    reported = (
        Factor(one.factor, one.value, _number(one.value)) for outcome in request.evidence for one in outcome.riskFactors
    )
    return list(dict.fromkeys((*reported, *_facts(request.individual, tables, today))))


def _facts(individual: Individual, tables: Tables, today: date) -> Iterator[Factor]:
    if individual.dateOfBirth and (age := age_on(today, individual.dateOfBirth.normalized)) is not None:
        yield Factor("entity_age", str(age), age)
    if individual.nationality:
        yield Factor("nationality_country_risk", tables.country(individual.nationality))
    if individual.countryOfBirth:
        yield Factor("birth_country_risk", tables.country(individual.countryOfBirth))
    for address in individual.addresses:
        yield Factor("address_country_risk", tables.country(address.country))
    for document in individual.documents:
        yield Factor("document_country_risk", tables.country(document.country))
        yield Factor("document_type", tables.document(document.type))


def age_on(today: date, born: str) -> int | None:
    """The age in years, the lowest that a date known to the year or month allows; None for no date or a later one."""
    year, month, day = (*born.split("-"), "12", "31")[:3] if born.count("-") != 1 else (*born.split("-"), "31")
    try:
        birthday = (int(year), int(month), int(day))
    except ValueError:
        return None
    age = today.year - birthday[0] - ((today.month, today.day) < birthday[1:])
    return age if age >= 0 else None


def _number(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return number if isfinite(number) else None
