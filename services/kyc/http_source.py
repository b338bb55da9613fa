"""A data source over HTTP, made from its entry in a document."""

from collections.abc import Mapping

import orjson
from pydantic import TypeAdapter

from libs.events.message import derived_id
from libs.events.models import CheckRequested, Individual
from libs.sources.http import HttpQuestions
from services.kyc.coverage import covers
from services.kyc.http_config import HttpSourceEntry
from services.kyc.sources import About, Answered, Record

RECORDS = TypeAdapter(list[Record])


class HttpSource:
    """Asks for each request once."""

    def __init__(self, entry: HttpSourceEntry, environ: Mapping[str, str]) -> None:
        self._entry = entry
        secrets = entry.http.secrets(f"sources.{entry.id}.http", environ)
        self._questions = HttpQuestions(entry.http, secrets, RECORDS)

    @property
    def about(self) -> About:
        """As in its entry."""
        return self._entry.about

    def covers(self, individual: Individual) -> bool:
        """As of every source."""
        return covers(self.about, self._entry.countries, individual)

    async def lookup(self, request: CheckRequested, recorded: str | None = None) -> Answered:
        """What the source knows; raises SourceUnavailable."""
        task = request.task
        person = request.individual.model_dump(mode="json", exclude_none=True)
        who = orjson.dumps({"individual": person, "requestId": ""}, option=orjson.OPT_SORT_KEYS).hex()
        # The same for each delivery and each attempt; the token, which lets its bearer answer, goes to nobody.
        request_id = derived_id(task.workflowExecutionId, task.stepName, self.about.id, who)
        return Answered(*await self._questions.ask({"individual": person, "requestId": request_id}, recorded))

    async def close(self) -> None:
        """Let go of the connections."""
        await self._questions.close()
