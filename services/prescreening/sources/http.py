"""Registers and bureaus over HTTP, as a document describes them."""

from collections.abc import Mapping, Sequence
from typing import Any, Generic, Literal, TypeVar

from pydantic import TypeAdapter

from libs.events.fingerprint import fingerprint
from libs.events.message import derived_id
from libs.events.models import CheckRequested
from libs.events.record import Record
from libs.sources.config import Http
from libs.sources.http import HttpQuestions
from services.prescreening.identity import application_of
from services.prescreening.sources.port import About, CompanyRecord, CreditReport, PersonRecord

R = TypeVar("R", bound=Record)


class Entry(Record):
    """One source: what it holds, and how it is asked, of `{individual, application, requestId}`."""

    id: str
    provider: str
    holds: Literal["COMPANY", "PERSON", "CREDIT_REPORT"]
    countries: frozenset[str] = frozenset()
    consent: str | None = None
    http: Http

    @property
    def about(self) -> About:
        """What the checks know of it; a credit report is never asked for without consent."""
        consent = self.consent or ("CREDIT_REPORT" if self.holds == "CREDIT_REPORT" else None)
        return About(id=self.id, provider=self.provider, countries=self.countries, consent=consent)


class Document(Record):
    """The sources to ask; with `local` those that come with the project too."""

    version: str
    local: bool = False
    sources: tuple[Entry, ...]


class HttpSource(Generic[R]):
    """Asks about each application once, under an id that stays the same for each delivery and attempt."""

    def __init__(self, entry: Entry, environ: Mapping[str, str], records: TypeAdapter[list[R]]) -> None:
        self._about = entry.about
        secrets = entry.http.secrets(f"sources.{entry.id}.http", environ)
        self._questions = HttpQuestions(entry.http, secrets, records)

    @property
    def about(self) -> About:
        """As in its entry."""
        return self._about

    async def ask(self, request: CheckRequested) -> tuple[Sequence[R], str | None]:
        """What the source knows; raises SourceUnavailable."""
        task, application = request.task, application_of(request)
        asked = fingerprint(request.individual, application)
        request_id = derived_id(task.workflowExecutionId, task.stepName, self.about.id, asked)
        return await self._questions.ask(
            {
                "individual": request.individual.model_dump(mode="json", exclude_none=True),
                "application": application.model_dump(mode="json", exclude_none=True),
                "requestId": request_id,
            }
        )

    async def close(self) -> None:
        """Let go of the connections."""
        await self._questions.close()


def parse(document: Mapping[str, Any]) -> Document:
    """The sources in a document; raises ValueError with the path to what is wrong in it."""
    return Document.model_validate(document)


def companies(entry: Entry, environ: Mapping[str, str]) -> HttpSource[CompanyRecord]:
    """A register of companies; raises ValueError where the environment lacks a secret."""
    return HttpSource(entry, environ, TypeAdapter(list[CompanyRecord]))


def persons(entry: Entry, environ: Mapping[str, str]) -> HttpSource[PersonRecord]:
    """A register of persons; raises ValueError where the environment lacks a secret."""
    return HttpSource(entry, environ, TypeAdapter(list[PersonRecord]))


def bureau(entry: Entry, environ: Mapping[str, str]) -> HttpSource[CreditReport]:
    """A credit bureau; raises ValueError where the environment lacks a secret."""
    return HttpSource(entry, environ, TypeAdapter(list[CreditReport]))
