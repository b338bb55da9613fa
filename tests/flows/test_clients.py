"""Clients that know only HTTP, over all services: one written by hand, one generated from the released description."""

import asyncio
import importlib
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi import Request, Response

from libs.events.catalogue import SCHEMAS
from services.results.api.app import create_app
from services.results.api.openapi import RELEASED
from services.results.api.parts import ProducerPublisher
from tests.clients import case
from tests.flows.system import System
from tests.serving import serving

KEY = "key-of-c1"
# On a sanctions list by name and date of birth, and known to no source.
LISTED: dict[str, Any] = {
    "name": {"givenName": "Nicolas", "familyName": "Maduro Moros"},
    "dateOfBirth": {"normalized": "1962-11-23"},
    "nationality": "VEN",
    "addresses": [{"country": "VEN", "locality": "Caracas", "streetName": "Main", "streetNumber": "1"}],
}


@asynccontextmanager
async def api(system: System, held: Sequence[str] = ()) -> AsyncIterator[str]:
    """The API on a port while everything runs; the checks held answer once an execution was asked for."""
    app = create_app(
        system.engines["results"], ProducerPublisher(system.broker.producer()), system.broker, wait_seconds=60
    )
    await system.settle()  # the workflows are there
    seen = asyncio.Event()

    @app.middleware("http")
    async def look(request: Request, call: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await call(request)
        if request.method == "GET" and "/executions/" in request.url.path:
            seen.set()
        return response

    ended = asyncio.Event()

    async def run() -> None:
        while not ended.is_set():
            await system.settle(without=() if seen.is_set() else held)
            await asyncio.sleep(0.01)

    running = asyncio.create_task(run())
    async with app.router.lifespan_context(app), serving(app) as address:
        yield address
    ended.set()
    await running


async def test_a_whole_case_with_nothing_but_requests(system: System) -> None:
    async with api(system, held=["kyc"]) as address:
        told = await asyncio.to_thread(case.case, address, KEY, "c1", LISTED)

    hits = told.pop("hits")
    assert hits > 0
    steps = told.pop("steps")
    assert steps["AML"] == "CLEARED"
    assert told == {
        "accepted": 202, "states": ["IN_PROGRESS"], "first": ["FAIL", "FAIL"], "resolved": ["FALSE_POSITIVE"],
        "overridden": ["FAIL", "PASS"], "cleared": hits, "overriddenBy": "analyst",
    }  # fmt: skip


@pytest.fixture
def generated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    """Modules of a client generated from the released description, by the names of their files."""
    package = tmp_path / "generated_client"
    config = tmp_path / "config.yaml"
    config.write_text("post_hooks: []")
    told = subprocess.run(
        [
            *(sys.executable, "-m", "openapi_python_client", "generate", "--path", SCHEMAS / RELEASED),
            *("--output-path", package, "--meta", "none", "--config", config, "--fail-on-warning"),
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stdout + told.stderr
    monkeypatch.syspath_prepend(tmp_path)

    def module(name: str) -> Any:
        (path,) = package.rglob(f"{name}.py")
        return importlib.import_module(".".join(path.relative_to(tmp_path).with_suffix("").parts))

    return module


async def test_a_whole_case_with_a_generated_client(system: System, generated: Callable[[str], Any]) -> None:
    headers = {"api_key": KEY, "X-Frankie-CustomerID": "c1", "X-Frankie-Username": "analyst"}
    models = generated("execute_new"), generated("resolve"), generated("override")
    client = generated("client").Client
    async with (
        api(system) as address,
        client(address, headers=headers, timeout=60, raise_on_unexpected_status=True) as connected,
    ):

        async def ask(operation: str, *place: str, **given: Any) -> Any:
            answered = await generated(operation).asyncio_detailed(*place, client=connected, **given)
            assert answered.status_code == 200, answered.content
            return answered.parsed

        named = "Onboarding", "Individual-Onboarding"
        body = models[0].ExecuteNew.from_dict({"individual": LISTED})
        executed = await ask("create_and_execute_workflow", *named, body=body)
        person, execution = executed.individual.entity_id, executed.workflow_result.workflow_execution_id
        assert executed.workflow_result.status.value == "FAIL"

        found = await ask("get_all_pr_os", person, classes=["AML"], results=["HIT"])
        hits = [one.process_result_id for one in found.process_results]
        said = models[1].Resolve.from_dict({"processResults": hits, "manualStatus": "FALSE_POSITIVE"})
        resolved = await ask("update_aml", person, body=said)
        assert [one.manual_status for one in resolved.process_results] == ["FALSE_POSITIVE"] * found.meta["total"]

        at = person, *named, execution
        override = models[2].Override.from_dict({"status": "PASS", "comment": {"text": "seen in person"}})
        overridden = await ask("override_workflow_execution_result", *at, body=override)
        now = await ask("get_workflow_execution_result", *at)
    assert overridden.workflow_result.status.value == "PASS"
    assert now.workflow_result.to_dict() == overridden.workflow_result.to_dict()
    assert {one.step_name: one.result.value for one in now.workflow_result.workflow_step_results}["AML"] == "CLEARED"
