"""GET /v2/workflows: what may be executed."""

from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Query, Response

from services.results.api import models, queries
from services.results.api.caller import CallerOf
from services.results.api.parts import Reading
from services.results.api.problems import answer
from services.results.documents import present

router = APIRouter(tags=["Workflows"], responses=models.ERRORS)

# The contract's type of a step, by the check that a task names; a choice is a branch.
TYPES = {
    "kyc": "KYC",
    "aml": "AML",
    "idv": "IDV",
    "matchlist": "BLOCKLIST",
    "duplicates": "DUPLICATE",
    "decision": "DECISION",
    "monitoring": "MONITOR_TOGGLE",
}


@router.get("/v2/workflows", summary="Workflows that may be executed", response_model=models.Workflows)
async def workflows(
    caller: CallerOf,
    reading: Reading,
    serviceName: Annotated[str | None, Query(pattern=r"^[^\x00]*$")] = None,
    include: Annotated[list[Literal["workflowDefinition"]] | None, Query()] = None,
) -> Response:
    """Each with its phase and monitoring types; its steps too where `include=workflowDefinition`."""
    rows = await queries.workflows_of(reading, serviceName)
    told = [_lookup(row, with_definition=bool(include)) for row in rows]
    return answer(200, {"requestId": caller.request_id, "workflows": told})


def _lookup(row: queries.Row, *, with_definition: bool) -> dict[str, Any]:
    return present(
        serviceName=row["service_name"],
        workflowId=row["workflow_id"],
        workflowName=row["workflow_name"],
        type=row["type"],
        lifecyclePhase=row["lifecycle_phase"],
        monitoringTypes=row["monitoring_types"],
        definition=_definition(row) if with_definition else None,
    )


def _definition(row: queries.Row) -> dict[str, Any]:
    """The contract's steps, and the state machine itself."""
    machine = _parsed(row["definition"])
    states = {name: state for name, state in machine.get("States", {}).items() if isinstance(state, dict)}
    return {
        "definitionUpdatedAt": row["published_at"],
        "version": row["definition_hash"],
        "steps": [
            present(
                name=name,
                description=state.get("Comment"),
                version=row["definition_hash"],
                type=_type(state),
                configuration=state,
                dependsOn=[other for other, before in states.items() if name in _next(before)],
            )
            for name, state in states.items()
        ],
        "stateMachine": machine,
    }


def _parsed(definition: str) -> dict[str, Any]:
    try:
        machine = orjson.loads(definition)
    except orjson.JSONDecodeError:
        return {}
    return machine if isinstance(machine, dict) else {}


def _type(state: dict[str, Any]) -> str:
    if state.get("Type") == "Choice":
        return "BRANCH"
    named = str(state.get("Resource", "")).replace("/", ":").split(":")
    return next((TYPES[part] for part in reversed(named) if part in TYPES), "OTHER")


def _next(state: dict[str, Any]) -> set[str]:
    ways = [state, *state.get("Choices", []), *state.get("Catch", [])]
    return {way["Next"] for way in ways if isinstance(way, dict) and "Next" in way} | {state.get("Default", "")}
