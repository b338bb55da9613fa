"""Whom it makes sense to ask a source about."""

from collections.abc import Collection

from libs.events.models import Individual
from services.kyc.sources import About


def covers(about: About, countries: Collection[str], individual: Individual) -> bool:
    """The person has something to do with the countries, and a document there where the source goes by documents.

    A source without countries covers every one.
    """
    if "document" in about.holds:
        known = [document.country for document in individual.documents if document.primaryIdentifier]
        return any(_among(country, countries) for country in known)
    known = [address.country for address in individual.addresses]
    return not known or any(_among(country, countries) for country in known)


def _among(country: str, countries: Collection[str]) -> bool:
    return not countries or country in countries
