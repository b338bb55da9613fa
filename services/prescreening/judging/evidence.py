"""What earlier steps found, as far as a policy names it."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Literal

from libs.events.models import StepOutcome
from libs.events.record import Record
from services.prescreening.judging.money import NoRate, Rates, decimal
from services.prescreening.judging.table import Figure

MONTHS = {"MONTH": 1, "YEAR": 12}


class Source(Record):
    """A measure of an earlier step."""

    step: str
    measure: str


class Amount(Source):
    """An amount of an earlier step, for a month or a year."""

    per: Literal["MONTH", "YEAR"] = "MONTH"


def figure(evidence: Sequence[StepOutcome], source: Source) -> Figure | None:
    """The measure as the step's latest outcome has it; None where the step or the measure is absent."""
    for outcome in reversed(evidence):
        if outcome.stepName == source.step:
            found = next((one for one in outcome.measures if one.name == source.measure), None)
            return Figure(_value(found.value), found.unit) if found else None
    return None


def numbers(evidence: Sequence[StepOutcome], sources: Mapping[str, Source]) -> dict[str, Figure]:
    """The figures by name; those that are absent are without a value."""
    return {name: figure(evidence, source) or Figure(None, "") for name, source in sources.items()}


def monthly(evidence: Sequence[StepOutcome], sources: Iterable[Amount], currency: str, rates: Rates) -> Decimal | None:
    """The first of these amounts that there is, a month, in a currency; none below zero."""
    for source in sources:
        found = amount(evidence, source, currency, rates)
        if found is not None:
            return max(found / MONTHS[source.per], Decimal(0))
    return None


def amount(evidence: Sequence[StepOutcome], source: Source, currency: str, rates: Rates) -> Decimal | None:
    """An amount in a currency; None where it is absent, no number, or there is no rate for it."""
    found = figure(evidence, source)
    if found is None or not isinstance(found.value, Decimal):
        return None
    try:
        return rates.convert(found.value, found.unit, currency)
    except NoRate:
        return None


def result(evidence: Sequence[StepOutcome], step: str) -> str | None:
    """The latest outcome of a step; None where it was not made."""
    return next((str(one.result.value) for one in reversed(evidence) if one.stepName == step), None)


def _value(text: str | None) -> Decimal | str | None:
    if text is None:
        return None
    try:
        return decimal(text)
    except ValueError:
        return text
