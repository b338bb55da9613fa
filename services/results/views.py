"""The projection's rows as the contract shows them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from libs.events.message import derived_id
from services.results.documents import SCHEMA_VERSION, present
from services.results.steps import grouped

Json = dict[str, Any]
Row = Mapping[str, Any]

START, FINISH = "START", "FINISH"


def service_profile_id(customer_id: str, entity_id: str, service_name: str) -> str:
    """The id of a person's profile with a service."""
    return derived_id(customer_id, "results", "service-profile", entity_id, service_name)


def workflow_result(execution: Row, steps: Iterable[Row], findings: Iterable[Row]) -> Json:
    """A Workflow-Result: the summary, and every step with its process results."""
    workflow = execution["workflow"]
    return {
        **workflow_summary(execution),
        **present(
            workflowId=workflow.get("workflowId"),
            requestId=execution["request_id"],
            entityId=execution["entity_id"],
            entityType="INDIVIDUAL",
            serviceName=execution["service_name"],
            serviceProfileId=_profile(execution),
            endWorkflowId=workflow.get("workflowId") if execution["ended_at"] else None,
            endWorkflowName=execution["workflow_name"] if execution["ended_at"] else None,
            result=execution["result"],
            errors=_errors(execution),
            notes={},
            createdAt=execution["created_at"],
            updatedAt=execution["updated_at"],
            updatedBy=execution["override_by"] or execution["requested_by"],
            version=execution["version"],
        ),
        "workflowStepResults": step_results(execution, steps, findings),
    }


def workflow_summary(execution: Row) -> Json:
    """A Workflow-Execution-Summary."""
    workflow = execution["workflow"]
    return present(
        schemaVersion=SCHEMA_VERSION,
        workflowName=execution["workflow_name"],
        workflowExecutionId=execution["execution_id"],
        workflowExecutionState=execution["state"],
        status=execution["status"],
        statusOverrideAt=execution["override_at"],
        statusOverrideRequestId=execution["override_request_id"],
        statusOverrideBy=execution["override_by"],
        riskAssessment=risk_assessment(execution),
        isManual=execution["override_at"] is not None,
        steps=grouped(_with_ends(execution)),
        startedAt=execution["started_at"],
        endedAt=execution["ended_at"],
        issues=execution["issues"],
        lifecyclePhase=workflow.get("lifecyclePhase"),
        monitoringTypes=workflow.get("monitoringTypes"),
    )


def listed(execution: Row) -> Json:
    """An execution in an operator's list."""
    return workflow_summary(execution) | present(
        entityId=execution["entity_id"],
        serviceName=execution["service_name"],
        result=execution["result"],
        version=execution["version"],
        errors=_errors(execution),
    )


def risk_assessment(execution: Row) -> Json | None:
    """The risk of the execution, with what is known of it from elsewhere."""
    risk = execution["risk"]
    if risk is None:
        return None
    stale = bool(execution.get("person_changed"))
    return {
        **risk,
        "isOutdated": stale or bool(execution.get("risk_assessed_since")),
        "riskFactors": [_stale(one) if stale else one for one in risk["riskFactors"]],
        **present(serviceProfileId=_profile(execution), workflowId=execution["workflow"].get("workflowId")),
        "workflowExecutionId": execution["execution_id"],
        "entityId": execution["entity_id"],
    }


def _stale(factor: Json) -> Json:
    """A factor of a person whose data has changed since; what a person said of it, or was dropped, stays so."""
    return factor | {"status": "STALE"} if factor["status"] == "VALID" else factor


def step_results(execution: Row, steps: Iterable[Row], findings: Iterable[Row]) -> list[Json]:
    """One result a step: answers of the same step are told as one, with the latest outcome."""
    shown: dict[str, Json] = {}
    if execution["sequence"]:
        shown[START] = _end_step(execution, START, execution["started_at"])
    for step in steps:
        one = _step_result(execution, step)
        before = shown.get(step["step_name"])
        shown[step["step_name"]] = one if before is None else _combined(before, one)
    if execution["state"] == "COMPLETED":
        shown[FINISH] = _end_step(execution, FINISH, execution["ended_at"])
    for finding in findings:
        shown[finding["step_name"]]["processResults"].append(process_result(finding, execution["request_id"]))
    return list(shown.values())


def process_result(row: Row, request_id: str | None) -> Json:
    """A Process-Result-Object."""
    return {
        **present(
            processResultId=row["process_result_id"],
            schemaVersion=SCHEMA_VERSION,
            entityId=row["entity_id"],
            requestId=request_id,
            stepName=row["step_name"],
            stepType=row["step_type"],
            objectType=row["object_type"],
            createdAt=row["created_at"],
            updatedAt=row["updated_at"],
            result=row["result"],
            errors=[],
            systemStatus=row["system_status"],
            state=row["state"],
        ),
        "class": row["process_class"],
        "manualStatus": row["manual_status"],
        **row["document"],
    }


def service_profile(customer_id: str, entity_id: str, executions: Sequence[Row]) -> Json:
    """A person's profile with one service, from its executions, newest first."""
    latest = executions[0]
    risks = [risk for risk in map(risk_assessment, executions) if risk]
    return present(
        serviceProfileId=service_profile_id(customer_id, entity_id, latest["service_name"]),
        schemaVersion=SCHEMA_VERSION,
        entityId=entity_id,
        entityType="INDIVIDUAL",
        serviceName=latest["service_name"],
        state="AUTO" if any(one["ended_at"] for one in executions) else "INIT",
        currentWorkflowId=latest["workflow"].get("workflowId"),
        currentWorkflowName=latest["workflow_name"],
        latestWorkflowExecutionId=latest["execution_id"],
        latestRiskAssessmentId=risks[0]["riskAssessmentId"] if risks else None,
        createdAt=min(one["created_at"] for one in executions),
        createdBy=executions[-1]["requested_by"],
        createdRequestId=executions[-1]["request_id"],
        updatedAt=max(one["updated_at"] for one in executions),
        updatedBy=latest["override_by"] or latest["requested_by"],
        updatedRequestId=latest["override_request_id"] or latest["request_id"],
        workflowSummaries=[workflow_summary(one) for one in executions],
    )


def _profile(execution: Row) -> str | None:
    if execution["service_name"] is None:
        return None
    return service_profile_id(execution["customer_id"], execution["entity_id"], execution["service_name"])


def _errors(execution: Row) -> list[Json]:
    if execution["error"] is None:
        return []
    return [present(code=execution["error"], description=execution["cause"])]


def _with_ends(execution: Row) -> list[tuple[str, str]]:
    """The steps in order, from the start to the finish of those that came so far."""
    steps = [(name, result) for name, result in execution["steps"]]
    start = [(START, "COMPLETE")] if execution["sequence"] else []
    finish = [(FINISH, "COMPLETE")] if execution["state"] == "COMPLETED" else []
    return [*start, *steps, *finish]


def _end_step(execution: Row, name: str, time: object) -> Json:
    """The start or the finish: no process results, only that it was reached."""
    return {
        "stepResultId": derived_id(execution["execution_id"], "results", name),
        "workflowExecutionId": execution["execution_id"],
        "stepName": name,
        "requestId": execution["request_id"],
        "schemaVersion": SCHEMA_VERSION,
        "startedAt": time,
        "endedAt": time,
        "serviceProviders": [],
        "result": "COMPLETE",
        "errors": [],
        "summary": {"stepName": name},
        "processResults": [],
        "createdAt": time,
        "updatedAt": time,
    }


def _step_result(execution: Row, step: Row) -> Json:
    return {
        "workflowExecutionId": execution["execution_id"],
        "stepName": step["step_name"],
        "requestId": execution["request_id"],
        "objectType": "INDIVIDUAL",
        "objectId": execution["entity_id"],
        "schemaVersion": SCHEMA_VERSION,
        "startedAt": step["started_at"],
        "endedAt": step["ended_at"],
        "result": step["result"],
        "createdAt": step["ended_at"],
        "updatedAt": step["ended_at"],
        "processResults": [],
        **step["document"],
    }


def _combined(before: Json, after: Json) -> Json:
    """A step that ran more than once: its latest outcome, and all that was asked and found."""
    joined = {name: before[name] + after[name] for name in ("serviceProviders", "errors", "processResults")}
    times = {"startedAt": before["startedAt"], "createdAt": before["createdAt"]}
    return {**after, **joined, **times, "notes": before["notes"] | after["notes"]}
