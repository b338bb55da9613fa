"""What can be scored: the findings of earlier steps and facts of the person, none of them personal data."""

import re
from collections.abc import Iterator
from datetime import date
from math import isfinite
from typing import NamedTuple

from libs.events.models import CheckRequested, Individual
from services.risk.tables import Tables

# What a customer keeps of a person that can be scored, by its name without regard to case, spaces and signs.
CUSTOM = {
    re.sub("[^a-z]", "", name.lower()): name
    for name in ("Source of Funds", "Occupation", "Visa Status", "product_type_risk")
} | {"producttype": "product_type_risk"}


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
    return list(dict.fromkeys((*reported, *_counted(request), *_facts(request.individual, tables, today))))


def _counted(request: CheckRequested) -> Iterator[Factor]:
    """What a step counts without reporting it as a factor."""
    for outcome in request.evidence:
        if outcome.stepName == "DUPLICATE" and "totalTruePositives" in outcome.counts:
            count = outcome.counts["totalTruePositives"]
            yield Factor("true_positive_duplicates", str(count), count)


def _facts(individual: Individual, tables: Tables, today: date) -> Iterator[Factor]:
    yield Factor("entity_type", "INDIVIDUAL")
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
    for name, value in individual.customAttributes.items():
        if (factor := CUSTOM.get(re.sub("[^a-z]", "", name.lower()))) is not None:
            yield Factor(factor, value)


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
