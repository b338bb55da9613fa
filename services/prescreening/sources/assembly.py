"""Who is asked and what is kept, as the environment has it: the local registers and bureau if that says nothing."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import Field
from pydantic_settings import BaseSettings
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.comparing import loading
from libs.comparing.words import Words
from libs.events.models import ReferenceVersion
from services.prescreening import numbers
from services.prescreening.judging import money
from services.prescreening.judging.money import Rates
from services.prescreening.numbers import Kinds
from services.prescreening.sources import http, local
from services.prescreening.sources.asking import Asking
from services.prescreening.sources.port import CompanyRecord, CreditReport, PersonRecord, Source
from services.prescreening.stores.book import PostgresBook
from services.prescreening.stores.port import Book
from services.prescreening.stores.sightings import Sightings

DATA = Path(__file__).parents[1] / "data"
FILES = {"COMPANY": "companies.jsonl", "PERSON": "persons.jsonl", "CREDIT_REPORT": "reports.jsonl"}


class SourceSettings(BaseSettings):
    """Read when the process starts."""

    prescreening_sources: Annotated[
        str, Field(description="A YAML document of registers and bureaus over HTTP; the local ones alone if none.")
    ] = ""
    prescreening_registers: Annotated[
        str,
        Field(description="A folder of companies.jsonl, persons.jsonl, reports.jsonl in place of the project's."),
    ] = ""
    prescreening_rates: Annotated[str, Field(description="Rates of currencies instead of the project's.")] = ""
    prescreening_hash_key: Annotated[
        str, Field(description="The key of the hashes by which applications are compared; without one they are not.")
    ] = ""


@dataclass(frozen=True, slots=True)
class Sources:
    """Registers, bureaus and stores; without a database there is no book and nothing is remembered."""

    companies: Asking[CompanyRecord]
    persons: Asking[PersonRecord]
    bureaus: Asking[CreditReport]
    words: Words
    kinds: Kinds
    rates: Rates
    book: Book | None
    sightings: Sightings | None
    references: Mapping[str, Sequence[ReferenceVersion]]


def sources(settings: SourceSettings, environ: Mapping[str, str], engine: AsyncEngine | None) -> Sources:
    """All of them; raises ValueError with the place of what is wrong in a document."""
    document, described = _document(settings)
    folder = Path(settings.prescreening_registers) if settings.prescreening_registers else DATA / "registers"
    with_local = document is None or document.local
    companies = [local.companies(folder / FILES["COMPANY"])] if with_local else []
    persons = [local.persons(folder / FILES["PERSON"])] if with_local else []
    reports = [local.reports(folder / FILES["CREDIT_REPORT"])] if with_local else []
    entries = document.sources if document else ()
    own_companies: list[Source[CompanyRecord]] = [one for one, _ in companies]
    own_persons: list[Source[PersonRecord]] = [one for one, _ in persons]
    own_reports: list[Source[CreditReport]] = [one for one, _ in reports]
    words, words_content = loading.words()
    rates_path = Path(settings.prescreening_rates) if settings.prescreening_rates else DATA / "rates.csv"
    rates = money.read(_lines(rates_path))
    key = settings.prescreening_hash_key
    return Sources(
        Asking([*own_companies, *(http.companies(one, environ) for one in entries if one.holds == "COMPANY")]),
        Asking([*own_persons, *(http.persons(one, environ) for one in entries if one.holds == "PERSON")]),
        Asking([*own_reports, *(http.bureau(one, environ) for one in entries if one.holds == "CREDIT_REPORT")]),
        words,
        numbers.kinds(_lines(DATA / "numbers.csv")),
        rates,
        PostgresBook(engine) if engine is not None else None,
        Sightings(engine, key, words) if engine is not None and key else None,
        {
            "registers": [*(two for _, two in companies), *(two for _, two in persons), *described],
            "bureaus": [*(two for _, two in reports), *described],
            "words": [_version("words", words_content)],
            "rates": [_version("rates", rates_path.read_bytes())],
        },
    )


def _document(settings: SourceSettings) -> tuple[http.Document | None, list[ReferenceVersion]]:
    if not settings.prescreening_sources:
        return None, []
    content = Path(settings.prescreening_sources).read_bytes()
    return http.parse(yaml.safe_load(content)), [_version("sources", content)]


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def _version(name: str, content: bytes) -> ReferenceVersion:
    sha256 = hashlib.sha256(content).hexdigest()
    return ReferenceVersion(id=f"prescreening/{name}", version=sha256[:12], sha256=sha256)
