"""A case as one document: all that an auditor needs, with the hash of each part that was relied on."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import orjson

from libs.audit.case import Case
from libs.events.fingerprint import fingerprint
from libs.events.models import HistoryEvent, StepResult

FORMAT = "vetstream-case/1"
# What the timeline tells of the history; the rest only leads from one to the next.
TOLD = ("ExecutionStarted", "TaskScheduled", "LambdaFunctionScheduled", "WaitStateEntered")
TOLD_ENDINGS = ("Succeeded", "Failed", "TimedOut", "Aborted", "Redriven", "Migrated")


def document(case: Case, written_at: datetime) -> dict[str, Any]:
    """The case as JSON can hold it; times are those of the events, but for `writtenAt`."""
    steps = [_step(case, chapter.sequence, result) for chapter in case.chapters for result in chapter.accepted]
    told = {
        "format": FORMAT,
        "writtenAt": written_at,
        "execution": _execution(case),
        "request": _request(case),
        "person": case.person.model_dump(mode="json", exclude_defaults=True),
        "workflow": {"definitionHash": case.definition_hash, "definition": case.definition, **_workflow(case)},
        "decision": next((step["decision"] for step in reversed(steps) if step.get("decision")), None),
        "risk": next((step["risk"] for step in reversed(steps) if step.get("risk")), None),
        "steps": steps,
        "reliedOn": list(_relied_on(case)),
        "timeline": list(_timeline(case)),
        "amendments": list(case.amendments),
        "history": [_event(event) for chapter in case.chapters for event in chapter.history],
    }
    # Times as JSON has them.
    plain: dict[str, Any] = orjson.loads(orjson.dumps(told, option=orjson.OPT_UTC_Z))
    return plain


def _execution(case: Case) -> dict[str, Any]:
    names = (
        *("customer_id", "execution_id", "entity_id", "entity_version", "service_name", "workflow_name", "request_id"),
        *("requested_by", "state", "result", "status", "started_at", "ended_at", "error", "cause"),
        *("override_at", "override_by", "override_request_id", "issues"),
    )
    return {_camel(name): case.execution.get(name) for name in names}


def _request(case: Case) -> dict[str, Any]:
    event = case.begun
    return {
        "topic": event.topic,
        "eventId": event.id,
        "source": event.source,
        "time": event.time,
        "sha256": fingerprint(case.request),
    }


def _workflow(case: Case) -> dict[str, Any]:
    started = case.chapters[0].started
    return {} if started is None else started.model_dump(mode="json", exclude={"definitionHash", "requestedBy"})


def _step(case: Case, sequence: int, result: StepResult) -> dict[str, Any]:
    """An accepted answer whole, each finding with how it stands now."""
    whole = result.model_dump(mode="json", exclude={"outcome"})
    outcome = result.outcome.model_dump(mode="json")
    for finding in whole["findings"]:
        now = case.findings.get(finding["processResultId"], {})
        finding["systemStatus"], finding["manualStatus"] = now.get("system_status"), now.get("manual_status")
    if outcome["decision"] is not None:
        outcome["decision"]["input"] = orjson.loads(outcome["decision"]["input"])
    return {"sequence": sequence, **outcome, **whole, "sha256": fingerprint(result)}


def _relied_on(case: Case) -> Iterator[dict[str, Any]]:
    """Every version that an answer rests on, once, with the steps that it served."""
    workflow = case.execution.get("workflow_name")
    yield {"id": f"workflow/{workflow}", "version": "", "sha256": case.definition_hash, "usedBy": ["the workflow"]}
    found: dict[tuple[str, str, str], list[str]] = {}
    for result in case.accepted:
        for one in result.references:
            users = found.setdefault((one.id, one.version, one.sha256), [])
            if result.outcome.stepName not in users:
                users.append(result.outcome.stepName)
    for (id, version, sha256), users in found.items():
        yield {"id": id, "version": version, "sha256": sha256, "usedBy": users}


def _timeline(case: Case) -> Iterator[dict[str, Any]]:
    """What happened, when, in the order in which it did."""
    happened: list[dict[str, Any]] = [
        {"time": case.begun.time, "what": f"{case.begun.topic} by {case.begun.source}", "details": ""}
    ]
    for chapter in case.chapters:
        happened += [_happened(event, chapter.accepted) for event in chapter.history if _is_told(event)]
    for one in case.amendments:
        refused = f"; refused: {one['refusal']}" if one.get("refusal") else ""
        told = {"time": datetime.fromisoformat(str(one["amendedAt"])), "what": f"amended by {one['amendedBy']}"}
        happened.append(told | {"details": f"{one.get('status') or ''} {one.get('comment') or ''}{refused}".strip()})
    yield from sorted(happened, key=lambda one: one["time"])


def _is_told(event: HistoryEvent) -> bool:
    state = event.type.endswith(("StateSucceeded", "StateFailed"))
    return not state and (event.type in TOLD or event.type.endswith(TOLD_ENDINGS))


def _happened(event: HistoryEvent, accepted: Iterable[StepResult]) -> dict[str, Any]:
    details = orjson.loads(event.details)
    output = details.get("output")
    outcome = output if isinstance(output, dict) and "stepName" in output else {}
    told = [
        *(str(details[name]) for name in ("name", "resource", "error", "cause") if details.get(name)),
        *([f"{outcome['stepName']}: {outcome['result']}"] if outcome else []),
    ]
    return {"time": event.timestamp, "what": event.type, "details": " · ".join(told)}


def _event(event: HistoryEvent) -> dict[str, Any]:
    return event.model_dump(mode="json") | {"details": orjson.loads(event.details)}


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(other.title() for other in others)
