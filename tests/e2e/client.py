"""What a customer's own systems do: publish on Kafka, call the HTTP API."""

import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar
from urllib.parse import quote

import httpx

from libs.embedded.sample.publishing import publish
from libs.events.message import Event
from libs.events.models import EntityOnboarded, Individual
from tests.e2e.containers import System

PATIENCE = 180.0
EVERY = 0.25
ONBOARDING = "Onboarding", "Individual-Onboarding"
SCREENING = "AML Screening", "PEP-and-Sanctions"

Json = dict[str, Any]
T = TypeVar("T")


class Late(AssertionError):
    """What was waited for did not come."""


def until(what: str, look: Callable[[], T | None], patience: float = PATIENCE) -> T:
    """The first thing that is found; raises Late."""
    deadline = time.monotonic() + patience
    while (found := look()) is None:
        if time.monotonic() > deadline:
            raise Late(f"{what}: nothing within {patience:.0f} s")
        time.sleep(EVERY)
    return found


@dataclass(frozen=True)
class Customer:
    """A customer, known to nobody before: tests do not see each other's people."""

    id: str
    http: httpx.Client
    bootstrap: str

    def take_on(self, people: Mapping[str, Individual]) -> None:
        """Publish `entity.onboarded` for each; returns once all are safely on the broker."""
        publish(self.bootstrap, [onboarded(self.id, entity, person) for entity, person in people.items()])

    def get(self, *path: str, expect: int = 200, **query: str) -> Json:
        return self._answer(self.http.get(joined(*path), params=query), expect)

    def patch(self, *path: str, body: Json, expect: int = 200, **headers: str) -> Json:
        told = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._answer(self.http.patch(joined(*path), json=body, headers=told), expect)

    def execute(self, entity: str, workflow: tuple[str, str], body: Json | None = None) -> Json:
        """POST …/execute, and the execution as it is once it has ended."""
        answer = self.http.post(joined(*of(entity, workflow), "execute"), json=body or {})
        assert answer.status_code in (200, 202), answer.text
        told = answer.json()
        # On a slow machine the answer is 202: accepted, to be asked for later.
        where = told if answer.status_code == 202 else told["workflowResult"]
        return self.ended(where["entityId"], workflow, where["workflowExecutionId"])

    def ended(self, entity: str, workflow: tuple[str, str], execution: str) -> Json:
        """The execution's Workflow-Result, waited for."""
        path = *of(entity, workflow), "executions", execution
        return until(f"the end of {execution}", lambda: self._seen(path).get("workflowResult"))

    def outcomes(self, entities: Iterable[str], workflow: tuple[str, str] = ONBOARDING) -> dict[str, Json]:
        """The one execution of each person, waited for."""
        return {one: until(f"the end of {one}", partial(self.only, one, workflow)) for one in entities}

    def only(self, entity: str, workflow: tuple[str, str] = ONBOARDING, *, running: bool = False) -> Json | None:
        """The one execution of a person; None as long as it is not known or, unless `running`, not ended."""
        found = self._seen((*of(entity, workflow), "executions")).get("workflowResults", [])
        assert len(found) <= 1, f"{entity} has {len(found)} executions"
        return next((one for one in found if running or one["workflowExecutionState"] != "IN_PROGRESS"), None)

    def _seen(self, path: tuple[str, ...]) -> Json:
        """What is there; nothing where the projection has not come so far."""
        answer = self.http.get(joined(*path))
        return {} if answer.status_code == 404 else self._answer(answer, 200)

    @staticmethod
    def _answer(answer: httpx.Response, expect: int) -> Json:
        assert answer.status_code == expect, f"{answer.request.method} {answer.url}: {answer.status_code} {answer.text}"
        told: Json = answer.json()
        return told


def customer(system: System, id: str, user: str = "e2e") -> Customer:
    """A customer's client; closed by whoever asked for it."""
    headers = {"api_key": system.key(id), "X-Frankie-CustomerID": id, "X-Frankie-Username": user}
    return Customer(id, httpx.Client(base_url=system.api, headers=headers, timeout=60), system.bootstrap)


def onboarded(customer_id: str, entity: str, person: Individual) -> Event:
    """The customer takes on a person, now."""
    return Event(
        id=str(uuid.uuid4()),
        topic="entity.onboarded",
        source="e2e",
        time=datetime.now(UTC),
        key=f"{customer_id}:{entity}",
        data=EntityOnboarded(customerId=customer_id, entityId=entity, individual=person),
    )


def joined(*path: str) -> str:
    return "/v2/" + "/".join(quote(part, safe="") for part in path)


def of(entity: str, workflow: tuple[str, str]) -> tuple[str, ...]:
    """The path of a workflow of a person."""
    return "individuals", entity, "serviceprofiles", workflow[0], "workflows", workflow[1]


def steps(result: Json) -> dict[str, str]:
    """How each check of an execution came out."""
    told = {step["stepName"]: step["result"] for step in result["workflowStepResults"]}
    return {name: code for name, code in told.items() if name not in ("START", "FINISH")}


def as_json(person: Individual) -> Json:
    """A person as the HTTP API is told of them; only what both tell in the same way."""
    told = person.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    assert told.keys() <= {"name", "dateOfBirth", "addresses", "nationality"}, told.keys()
    return told
