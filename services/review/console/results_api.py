"""What the console asks the results API: it sees what a key of the configuration may see."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx

from services.review.console.settings import ConsoleSettings

TIMEOUT = 10.0
LARGEST_PAGE = 200
MOST_EVENTS = 25_000  # as many as an execution may have
Json = dict[str, Any]


class Unanswered(Exception):
    """The API is not there, or refuses; the text says which."""


class Missing(Unanswered):
    """The API knows nothing of that name."""


class ResultsApi:
    """Asks; `transport` stands for the network in tests."""

    def __init__(self, settings: ConsoleSettings, transport: httpx.AsyncBaseTransport | None = None) -> None:
        headers = {"api_key": settings.console_api_key, "X-Frankie-CustomerID": settings.console_customer}
        self._client = httpx.AsyncClient(
            base_url=settings.console_api, headers=headers, timeout=TIMEOUT, transport=transport, trust_env=False
        )
        self._there = bool(settings.console_api)
        self.customer = settings.console_customer

    async def close(self) -> None:
        """Let go of its connections."""
        await self._client.aclose()

    async def executions(self, **asked: Any) -> Json:
        """Executions of all persons, counted by state and by status."""
        return await self._get("/v2/executions", asked)

    async def execution(self, at: "Place") -> Json:
        """One execution with every step; while it runs, what the list tells of it."""
        found = await self._get(at.path, {})
        if "workflowResult" in found:
            result: Json = found["workflowResult"]
            return result
        several = await self._get(at.siblings, {"limit": LARGEST_PAGE})
        one: Json | None = next(
            (one for one in several["workflowResults"] if one["workflowExecutionId"] == at.execution), None
        )
        return one if one is not None else {"workflowExecutionId": at.execution, **found}

    async def history(self, at: "Place") -> Json:
        """The whole history, without what states took in and gave out, and every override."""
        events: list[Json] = []
        after: int | None = 0
        answer: Json = {}
        while after is not None and len(events) < MOST_EVENTS:
            asked = {"after": after, "limit": 1000, "includeExecutionData": "false"}
            answer = await self._get(f"{at.path}/history", asked)
            events += answer["events"]
            after = answer["nextAfter"]
        return {"events": events, "overrides": answer["overrides"]}

    async def definitions(self, service: str) -> dict[str, tuple[str, Json]]:
        """The newest definition of each workflow of a service, with its hash."""
        found = await self._get("/v2/workflows", {"serviceName": service, "include": "workflowDefinition"})
        told = [one for one in found["workflows"] if "definition" in one]
        return {one["workflowName"]: (one["definition"]["version"], one["definition"]["stateMachine"]) for one in told}

    async def _get(self, path: str, asked: Mapping[str, Any]) -> Json:
        if not self._there:
            raise Unanswered("no API is configured (CONSOLE_API)")
        given = {name: value for name, value in asked.items() if value not in (None, "")}
        try:
            answer = await self._client.get(path, params=given)
        except httpx.HTTPError as error:
            raise Unanswered(f"the API cannot be reached ({type(error).__name__})") from error
        if answer.status_code == 404:
            raise Missing("the API knows nothing of this name")
        if answer.status_code != 200:
            raise Unanswered(f"the API refuses with {answer.status_code}")
        told: Json = answer.json()
        return told


class Place:
    """Where an execution is, in the API and in the console."""

    def __init__(self, entity: str, service: str, workflow: str, execution: str) -> None:
        self.entity, self.service, self.workflow, self.execution = entity, service, workflow, execution
        quoted = [quote(one, safe="") for one in (entity, service, workflow)]
        self.siblings = "/v2/individuals/{}/serviceprofiles/{}/workflows/{}/executions".format(*quoted)
        self.path = f"{self.siblings}/{quote(execution, safe='')}"
        self.address = "/console/executions/" + "/".join([*quoted, quote(execution, safe="")])


def place_of(one: Mapping[str, Any]) -> Place | None:
    """Of an execution in a list; None while its workflow is not known."""
    named = [one.get(name) for name in ("entityId", "serviceName", "workflowName", "workflowExecutionId")]
    return Place(*map(str, named)) if all(named) else None
