"""The projection's rows as the contract shows them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from libs.events.message import derived_id
from services.results import reevaluations, risks
from services.results.documents import SCHEMA_VERSION, attributes, present
from services.results.steps import grouped, runs
from services.results.summaries import summary

Json = dict[str, Any]
Row = Mapping[str, Any]

START, FINISH = "START", "FINISH"
# Results by which the issues of a step are done with.
CLEARED = ("CLEARED", "HIT_ACCEPTED", "PASS")


def service_profile_id(customer_id: str, entity_id: str, service_name: str) -> str:
    """The id of a person's profile with a service."""
    return derived_id(customer_id, "results", "service-profile", entity_id, service_name)


def workflow_result(execution: Row, steps: Iterable[Row], findings: Iterable[Row], person: Json | None = None) -> Json:
    """A Workflow-Result: the summary, and every step with its process results; `person` as it was given them."""
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
            **(_end(execution) if execution["ended_at"] else {}),
            result=execution["result"],
            errors=_errors(execution),
            notes=attributes(_notes(execution)),
            createdAt=execution["created_at"],
            updatedAt=execution["updated_at"],
            updatedBy=execution["override_by"] or execution["requested_by"],
            version=execution["version"],
        ),
        "workflowStepResults": step_results(execution, steps, findings, person),
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
        issues=_issues(execution),
        lifecyclePhase=workflow.get("lifecyclePhase"),
        monitoringTypes=workflow.get("monitoringTypes"),
        parentExecutionId=workflow.get("parentExecutionId"),
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
    return {
        **risk,
        "isOutdated": execution["outdated"] or bool(execution.get("risk_assessed_since")),
        "riskFactors": [_stale(one) if execution["outdated"] else one for one in risk["riskFactors"]],
        **present(serviceProfileId=_profile(execution), workflowId=execution["workflow"].get("workflowId")),
        "workflowExecutionId": execution["execution_id"],
        "entityId": execution["entity_id"],
    }


def _stale(factor: Json) -> Json:
    """A factor of a person whose data has changed since; what a person said of it, or was dropped, stays so."""
    return factor | {"status": "STALE"} if factor["status"] == "VALID" else factor


def step_results(execution: Row, steps: Iterable[Row], findings: Iterable[Row], person: Json | None) -> list[Json]:
    """One result a step, however often it ran: what it came to, and all that was asked and found."""
    several: dict[str, list[Row]] = {}
    for step in steps:
        several.setdefault(step["step_name"], []).append(step)
    found: dict[str, list[Json]] = {name: [] for name in several}
    for finding in findings:
        found[finding["step_name"]].append(process_result(finding, execution["request_id"]))
    told = _told(execution)
    shown = [_step_result(execution, told[name], rows, found[name], person) for name, rows in several.items()]
    if execution["sequence"]:
        shown.insert(0, _end_step(execution, START, execution["started_at"]))
    if execution["state"] == "COMPLETED":
        shown.append(_end_step(execution, FINISH, execution["ended_at"]))
    return shown


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
        **present(updatedBy=row["updated_by"]),
        **row["document"],
    }


def service_profile(
    key: tuple[str, str, str],
    executions: Sequence[Row],
    changes: Sequence[Row] = (),
    subscriptions: Sequence[Json] = (),
) -> Json:
    """A person's profile with one service; `key` is customer, person and service, `subscriptions` are the person's.

    From its executions and what people said of it, each the newest first.
    """
    latest = executions[0] if executions else None
    said = changes[0] if changes else None
    risks = [risk for risk in map(risk_assessment, executions) if risk]
    told = [_execution_times(one) for one in executions] + [_change_times(one) for one in changes]
    first, last = min(told, key=lambda one: one[0]), max(told, key=lambda one: one[1])
    return present(
        serviceProfileId=service_profile_id(*key),
        schemaVersion=SCHEMA_VERSION,
        entityId=key[1],
        entityType="INDIVIDUAL",
        serviceName=key[2],
        state=_profile_state(executions, said),
        assignee=said and said["assignee"],
        reviewer=said and said["reviewer"],
        **_current_workflow(latest, said),
        latestWorkflowExecutionId=latest and latest["execution_id"],
        latestRiskAssessmentId=risks[0]["riskAssessmentId"] if risks else None,
        createdAt=first[0],
        createdBy=first[2],
        createdRequestId=first[3],
        updatedAt=last[1],
        updatedBy=last[4],
        updatedRequestId=last[5],
        workflowSummaries=[workflow_summary(one) for one in executions],
        subscriptions=list(subscriptions),
    )


def _execution_times(one: Row) -> tuple[Any, ...]:
    """When it began and was changed last, by whom and by which request each."""
    asked, overridden = (one["requested_by"], one["request_id"]), (one["override_by"], one["override_request_id"])
    return one["created_at"], one["updated_at"], *asked, overridden[0] or asked[0], overridden[1] or asked[1]


def _change_times(one: Row) -> tuple[Any, ...]:
    who = one["changed_by"], one["request_id"]
    return one["changed_at"], one["changed_at"], *who, *who


def _profile_state(executions: Sequence[Row], said: Row | None) -> str:
    """A profile that was put away stays so until a workflow is run that is not of the monitoring."""
    meant = (one for one in executions if one["workflow"].get("lifecyclePhase") != "MONITORING")
    since = next((one["started_at"] for one in meant), None)
    if said and said["state"] and (since is None or since < said["changed_at"]):
        return str(said["state"])
    return "AUTO" if any(one["ended_at"] for one in executions) else "INIT"


def _current_workflow(latest: Row | None, said: Row | None) -> Json:
    """The workflow that was named last, by a person or by running it."""
    if said and said["workflow_name"] and (latest is None or latest["started_at"] < said["changed_at"]):
        return {"currentWorkflowName": said["workflow_name"]}
    if latest is None:
        return {}
    return {"currentWorkflowId": latest["workflow"].get("workflowId"), "currentWorkflowName": latest["workflow_name"]}


def _profile(execution: Row) -> str | None:
    if execution["service_name"] is None:
        return None
    return service_profile_id(execution["customer_id"], execution["entity_id"], execution["service_name"])


def _end(execution: Row) -> Json:
    """The workflow in which the execution ended, the one that it started in unless it was taken to another."""
    workflow = execution["workflow"]
    return {
        "endWorkflowId": workflow.get("endWorkflowId", workflow.get("workflowId")),
        "endWorkflowName": workflow.get("endWorkflowName", execution["workflow_name"]),
    }


def _notes(execution: Row) -> Iterator[tuple[str, str]]:
    """Which definition it ran and ended in, and what was said when it was asked for."""
    for name in ("definitionHash", "endDefinitionHash"):
        if name in execution["workflow"]:
            yield name, execution["workflow"][name]
    if reevaluations.REEVALUATES in execution["workflow"]:
        yield reevaluations.REEVALUATES, execution["workflow"][reevaluations.REEVALUATES]
    if execution["comment"]:
        yield "comment", execution["comment"]


def _errors(execution: Row) -> list[Json]:
    if execution["error"] is None:
        return []
    return [present(code=execution["error"], description=execution["cause"])]


def _told(execution: Row) -> dict[str, str]:
    """Each step with its one result: what was found, and what people said of it."""
    told = runs((name, result) for name, result in execution["steps"])
    return {name: execution["resolved"].get(name, result) for name, result in told.items()}


def _with_ends(execution: Row) -> dict[str, str]:
    """The steps in order, from the start to the finish of those that came so far."""
    start = {START: "COMPLETE"} if execution["sequence"] else {}
    finish = {FINISH: "COMPLETE"} if execution["state"] == "COMPLETED" else {}
    return start | _told(execution) | finish


def _issues(execution: Row) -> list[Json]:
    """The issues; those of a step that people have cleared are cleared."""
    cleared = {step for step, result in execution["resolved"].items() if result in CLEARED}
    return [
        {**{name: value for name, value in issue.items() if name != "stepName"}, "isCleared": True}
        if issue.get("stepName") in cleared
        else {name: value for name, value in issue.items() if name != "stepName"}
        for issue in execution["issues"]
    ]


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
        "summary": {
            "stepName": name,
            "workflowContextId": execution["execution_id"],
            **({"workflowExecutionId": execution["execution_id"]} if name == START else {}),
        },
        "processResults": [],
        "createdAt": time,
        "updatedAt": time,
    }


def _step_result(execution: Row, result: str, runs: Sequence[Row], findings: list[Json], person: Json | None) -> Json:
    """A Workflow-Execution-Step-Result from the runs of the step, oldest first."""
    documents = [run["document"] for run in runs]
    providers = [one for document in documents for one in document["serviceProviders"]]
    last = runs[-1]
    changed = max([last["ended_at"], *(one["updatedAt"] for one in findings)])
    return {
        **{name: value for name, value in documents[-1].items() if name != risks.BASIS},
        "workflowExecutionId": execution["execution_id"],
        "stepName": last["step_name"],
        "requestId": execution["request_id"],
        "objectType": "INDIVIDUAL",
        "objectId": execution["entity_id"],
        "schemaVersion": SCHEMA_VERSION,
        "startedAt": runs[0]["started_at"],
        "endedAt": last["ended_at"],
        "serviceProviders": [{**one, "order": order} for order, one in enumerate(providers, 1)],
        "result": result,
        "errors": [one for document in documents for one in document["errors"]],
        "summary": summary(last["step_name"], documents, findings, person),
        "notes": _step_notes(documents),
        "processResults": findings,
        "createdAt": runs[0]["ended_at"],
        "updatedAt": changed,
    }


def _step_notes(documents: Sequence[Json]) -> Json:
    """The notes of all runs, later ones over earlier ones; of several runs each keeps what it was run with."""
    notes: Json = {}
    for number, document in enumerate(documents, 1):
        for name, note in document["notes"].items():
            apart = name.startswith("setting.") and len(documents) > 1
            notes[f"run.{number}.{name}" if apart else name] = note
    return notes
