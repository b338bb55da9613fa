"""The audit: one event a write, which nobody changes; who, with which key, what was there before, and why."""

import asyncio
import uuid

import httpx
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.types import Receive, Scope, Send

from libs.events.models import ExecutionState, MatchlistAction, ProcessResultCode, StepResultCode
from libs.streaming.memory import MemoryBroker
from services.results import rebuild
from services.results.api import models
from services.results.api.access import operations
from services.results.api.gate import Gate
from services.results.api.issuing import NewKey
from services.results.api.parts import now
from services.results.api.tables import audit_events as table
from services.results.fold import execution_id
from tests.services.results import factory
from tests.services.results.api.test_access import keyed
from tests.services.results.conftest import HEADERS, OTHER_CUSTOMER, Projection, body

NEW = "/v2/individuals/new/serviceprofiles/KYC/workflows/Standard/execute"


async def person(projection: Projection) -> tuple[str, str]:
    """A person nobody else asks about, with a hit, and the execution."""
    id = f"e-{uuid.uuid4()}"
    begin = factory.onboarded(id)
    hit = factory.finding(f"hit-{id}", processClass="AML", objectType="NAME", result=ProcessResultCode.HIT)
    found = [factory.step("AML", StepResultCode.HIT, [hit]), factory.decision()]
    ended = factory.progressed(begin, 2, state=ExecutionState.SUCCEEDED)
    await projection.fold([begin, factory.progressed(begin, 1, accepted=found), ended])
    return id, execution_id(begin.id)


async def audited(api: httpx.AsyncClient, **query: str) -> list[models.AuditEvent]:
    response = await api.get("/v2/audit", params={"sort": "asc", **query})
    assert response.status_code == 200, response.text
    return models.AuditEvents.model_validate(response.json()).auditEvents


async def test_an_override_and_a_resolution_are_told_with_what_was_there_before(
    api: httpx.AsyncClient, projection: Projection
) -> None:
    id, execution = await person(projection)
    path = f"/v2/individuals/{id}/serviceprofiles/KYC/workflows/Standard/executions/{execution}"
    why = {"comment": {"text": "spoke to them"}}
    changed = await api.patch(path, json={"status": "FAIL", **why}, headers={"X-Frankie-Channel": "portal"})
    resolved = {"processResults": [f"hit-{id}"], "manualStatus": "FALSE_POSITIVE"}
    await api.patch(f"/v2/individuals/{id}/results/aml", json=resolved)

    override, resolution = await audited(api, entityId=id)
    assert (override.type, override.before, override.username) == (
        "WORKFLOW_STATUS_CHANGE", {"status": "PASS"}, "officer",
    )  # fmt: skip
    assert override.after is not None
    assert (override.after["status"], override.userComment) == ("FAIL", {"text": "spoke to them"})
    assert (override.requestId, override.channel) == (changed.json()["requestId"], "PORTAL")
    assert override.workflowExecutionId == execution
    assert resolution.before == {"manualStatuses": {f"hit-{id}": None}}
    assert resolution.supplementaryData is not None
    (change,) = resolution.supplementaryData["resultsUpdated"]
    assert (change["objectId"], change["newStatus"]) == (f"hit-{id}", "FALSE_POSITIVE")
    assert await audited(api, entityId=id, types="RISK_OVERRIDE") == []


async def test_a_person_taken_on_is_told_by_reference_only(api: httpx.AsyncClient) -> None:
    told = (await api.post(NEW, json=body(dateOfBirth={"normalized": "1990-01-31"}))).json()

    (event,) = await audited(api, entityId=told["individual"]["entityId"])
    assert (event.type, event.functionName) == ("ENTITY_CREATE", f"POST {NEW}".replace("KYC", "{serviceName}").replace(
        "Standard", "{workflowName}"
    ))  # fmt: skip
    assert event.after is not None
    assert (event.after["entityVersion"], event.after["workflowName"]) == (1, "Standard")
    assert "Nkemelu" not in event.model_dump_json()


async def test_many_entries_of_a_list_are_one_write(api: httpx.AsyncClient) -> None:
    entries = [{"attributes": [{"type": "IND_FAMILY_NAME", "value": f"Name {number}"}]} for number in range(3)]
    path = f"/v2/matchlists/{uuid.uuid4()}/entries"
    response = await api.post(path, params={"action": MatchlistAction.BLOCK.value}, json={"entries": entries})

    (event,) = await audited(api, requestId=response.json()["requestId"])
    assert event.after is not None
    assert len(event.after["entries"]) == 3
    assert "Name 1" not in event.model_dump_json()


async def test_reading_writes_nothing_and_a_refused_request_neither(
    api: httpx.AsyncClient, projection: Projection
) -> None:
    id, _ = await person(projection)
    await api.get(f"/v2/individuals/{id}")
    await api.patch(f"/v2/individuals/{id}/results/aml", json={"processResults": ["no"], "manualStatus": "UNKNOWN"})
    assert await audited(api, entityId=id) == []


async def test_a_customer_reads_its_own(api: httpx.AsyncClient, projection: Projection) -> None:
    told = (await api.post(NEW, json=body())).json()
    other = await api.get("/v2/audit", params={"requestId": told["requestId"]}, headers=OTHER_CUSTOMER)
    assert other.json()["meta"]["total"] == 0


async def test_a_repeat_is_no_write(api: httpx.AsyncClient) -> None:
    same = {"Idempotency-Key": str(uuid.uuid4())}
    first, again = [(await api.post(NEW, json=body(), headers=same)).json() for _ in range(2)]
    assert first == again
    assert len(await audited(api, entityId=first["individual"]["entityId"])) == 1


async def test_a_write_that_publishes_nothing_has_its_event_too(
    projection: Projection, api_engine: AsyncEngine
) -> None:
    """Whatever its operation has not told is told by the gate, before it is answered."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        status = 204 if (await receive())["body"] == b"well" else 422
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    gate = Gate(app, api_engine, operations(), now, 1000)
    entity = str(uuid.uuid4())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(gate), base_url="http://api", headers=HEADERS) as client:
        for content in ("well", "badly"):
            await client.post(f"/v2/individuals/{entity}/results/mkyc", content=content)
    async with api_engine.connect() as connection:
        rows = (await connection.execute(select(table.c.type).where(table.c.entity_id == entity))).scalars().all()
    assert rows == ["ENTITY_RESULT_UPDATE"]


async def test_the_request_is_the_cause_of_what_is_published(api: httpx.AsyncClient, projection: Projection) -> None:
    told = (await api.post(NEW, json=body())).json()
    assert {event.causation for event in projection.published} == {told["requestId"]}


async def test_writes_at_once_have_an_event_each(api: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(api.post(NEW, json=body()) for _ in range(20)))
    for one in answers:
        assert len(await audited(api, requestId=one.json()["requestId"])) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_events SET username = 'nobody'",
        "DELETE FROM audit_events",
        "TRUNCATE audit_events",
        "ALTER TABLE audit_events ADD COLUMN more text",
        "DROP TABLE audit_events",
        "UPDATE api_keys SET roles = '{admin}'",
        "INSERT INTO api_keys (key_id, key_hash, customer_id, roles, created_at) VALUES ('a', 'b', 'c', '{}', now())",
        "UPDATE {schema}.executions SET status = 'PASS'",
        "SELECT * FROM outbox",
        "CREATE TABLE mine (id int)",
    ],
)
async def test_the_apis_role_can_do_none_of_this(
    api: httpx.AsyncClient, api_engine: AsyncEngine, projection: Projection, statement: str
) -> None:
    with pytest.raises(DBAPIError, match=r"permission denied|must be owner"):
        async with api_engine.begin() as connection:
            await connection.execute(text(statement.replace("{schema}", projection.schema)))


async def test_a_rebuilt_projection_is_read_by_the_apis_role(projection: Projection, api_engine: AsyncEngine) -> None:
    schema = f"{projection.schema}_rebuilt"
    await rebuild.rebuild(projection.engine, rebuild.of(MemoryBroker()), schema)
    async with api_engine.connect() as connection:
        assert (await connection.execute(text(f"SELECT count(*) FROM {schema}.executions"))).scalar_one() == 0


def test_every_write_of_the_table_has_its_type() -> None:
    told = {one.name: one.audit for one in operations().rows if one.audit}
    assert [name for name, type in told.items() if type not in models.AUDIT_TYPES] == []
    silent = [one.name for one in operations().rows if not (one.audit or one.public) and one.method != "GET"]
    assert silent == ["POST /v2/search/serviceprofiles", "POST /v2/search/matchlists"]


async def test_who_may_read_the_audit(api: httpx.AsyncClient, projection: Projection) -> None:
    asked = {role: await keyed(projection.engine, NewKey("c1", [role])) for role in ("integrator", "auditor")}
    statuses = {role: (await api.get("/v2/audit", headers=headers)).status_code for role, headers in asked.items()}
    assert statuses == {"integrator": 403, "auditor": 200}
