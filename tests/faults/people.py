"""Invented people of a seed, of every kind: known to the register and not, listed and not, with papers and without."""

import gzip
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random

from libs.documents.making import make_mrz
from libs.events.models import DateOfBirth, Document, Individual, Name
from services.duplicates.keys import keys_of
from services.duplicates.policy import policy
from services.duplicates.rules import likely
from services.duplicates.seen import Seen
from services.duplicates.store import Person
from services.duplicates.traits import traits_of
from services.kyc.population import SEED, population

SANCTIONS = Path(__file__).parents[2] / "services" / "aml" / "data" / "ofac_sdn.jsonl.gz"
LISTED_EVERY = 20
SPARE = 20  # who is like somebody before is left out


def people(count: int, seed: int) -> dict[str, Individual]:
    """Different persons by their entity id; half of them stand in the register of the identity check, some are listed.

    No two are alike: which of two duplicates is the second one depends on the order in which they come.
    """
    draw = Random(seed)
    more = count + SPARE
    known = [one.individual for one in population(SEED, more)]
    strangers = [one.individual for one in population(SEED + seed, more)]
    chosen = [(known if number % 10 < 5 else strangers)[number] for number in range(more)]
    varied = [_with_papers(draw, one) for one in chosen]
    varied[::LISTED_EVERY] = draw.sample(_listed(), len(varied[::LISTED_EVERY]))
    return {f"p{number:03}": one for number, one in zip(range(count), _different(varied), strict=False)}


def _different(individuals: Iterable[Individual]) -> Iterator[Individual]:
    seen, (weights, _) = Seen([]), policy()
    for number, individual in enumerate(individuals):
        traits = traits_of(individual)
        one = Person("customer", str(number), 1, traits, keys_of(traits))
        if not likely(traits, seen.others(one), weights):
            yield individual
        seen.add(one)


def _listed() -> list[Individual]:
    """The persons of the shipped sanctions list with a family name and one whole date of birth."""
    with gzip.open(SANCTIONS, "rt") as lines:
        entries = [json.loads(line) for line in lines]
    return [
        Individual(
            name=Name(
                givenName=one["name"].removesuffix(one["familyName"]).strip() or None, familyName=one["familyName"]
            ),
            dateOfBirth=DateOfBirth(normalized=one["datesOfBirth"][0]),
        )
        for one in entries
        if one.get("familyName") and [len(date) for date in one.get("datesOfBirth", ())] == [10]
    ]


def _with_papers(draw: Random, individual: Individual) -> Individual:
    papers = draw.choice(["none", "number", "zone", "expired"])
    documents = [_document(papers, individual)] if papers != "none" else []
    return individual.model_copy(update={"documents": documents})


def _document(papers: str, individual: Individual) -> Document:
    document = individual.documents[0]
    if papers == "number":
        return document
    expiry = "2019-03-01" if papers == "expired" else document.expiryDate or "2031-01-01"
    assert individual.dateOfBirth is not None
    zone = make_mrz(
        issuer=document.country,
        number=(document.primaryIdentifier or "N1234567")[:9],
        familyName=individual.name.familyName or "",
        givenNames=individual.name.givenName or "",
        birth=individual.dateOfBirth.normalized,
        expiry=expiry,
    )
    return document.model_copy(update={"type": "PASSPORT", "mrz": zone, "expiryDate": expiry})
