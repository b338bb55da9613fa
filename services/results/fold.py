"""The fold: what an event changes in the rows. All its times come from the events, so folding again comes out equal.

Topics may be read in any order against each other; only the order within a partition is given. So nothing here depends
on which topic came first: an amendment is decided once its execution has come to the end that it was made on, and
before that it waits. A redriven execution goes on after an end; an amendment of that end is decided as it was then, and
says no more of what the execution has come to.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias

import orjson

from libs.events import applications
from libs.events.fingerprint import fingerprint
from libs.events.message import Event, derived_id
from libs.events.models import (
    ApplicationSubmitted,
    EntityChanged,
    EntityOnboarded,
    ExecutionState,
    ExecutionStatus,
    FindingsAmended,
    HistoryEvent,
    Individual,
    ProfileChanged,
    ResultsAmended,
    RiskAmended,
    RulingChanged,
    StepResult,
    SubscriptionChanged,
    WorkflowProgressed,
    WorkflowPublished,
    WorkflowRequested,
    WorkflowStarted,
)
from services.results import documents, reevaluations, risks, rulings, searching
from services.results.rows import (
    AMENDED,
    ENDED,
    PROGRESSED,
    ApplicationRow,
    DeletedIndividualRow,
    ExecutionRow,
    FindingAmendmentRow,
    HistoryRow,
    IndividualChangeRow,
    IndividualRow,
    Key,
    OverrideRow,
    ProcessResultRow,
    ProfileChangeRow,
    ResolutionRow,
    Rows,
    SearchedRow,
    StepResultRow,
    SubscriptionChangeRow,
    WorkflowRow,
)

TOPICS = (
    "entity.onboarded",
    "entity.changed",
    "profile.changed",
    "workflow.requested",
    "application.submitted",
    "workflow.progressed",
    "results.amended",
    "findings.amended",
    "risk.amended",
    "ruling.changed",
    "workflow.published",
    "subscription.changed",
)

# What starts an execution that is told of by its request.
Starts: TypeAlias = EntityOnboarded | WorkflowRequested | ApplicationSubmitted

CREATED, UPDATED, DELETED = "CREATED", "UPDATED", "DELETED"

# The contract's word for each state of the workflow language.
STATES = {
    ExecutionState.RUNNING: "IN_PROGRESS",
    ExecutionState.SUCCEEDED: "COMPLETED",
    ExecutionState.FAILED: "ERROR",
    ExecutionState.TIMED_OUT: "TIMEOUT",
    ExecutionState.ABORTED: "CANCELED",
}


def execution_id(event_id: str) -> str:
    """The id of the execution that an onboarding or a request starts."""
    return derived_id(event_id, "orchestration", "execution")


def execution_of(event_id: str, data: Starts) -> str:
    """The id of the execution that an event starts; an application is one, however often it comes."""
    if isinstance(data, ApplicationSubmitted):
        return applications.execution_id(data.customerId, data.application.applicationId)
    return execution_id(event_id)


def fold(rows: Rows, event: Event) -> None:
    """Take one event into the rows; a repeat changes nothing."""
    data = event.data
    if isinstance(data, WorkflowProgressed):
        _progressed(rows, data)
    elif isinstance(data, EntityOnboarded | WorkflowRequested):
        _individual(rows, event, data)
        _requested(rows, event, data)
    elif isinstance(data, ApplicationSubmitted):
        _submitted(rows, event, data)
    elif isinstance(data, EntityChanged):
        _changed(rows, event, data)
    elif isinstance(data, ProfileChanged):
        _profile_changed(rows, data)
    elif isinstance(data, ResultsAmended):
        _amended(rows, data)
    elif isinstance(data, FindingsAmended):
        _resolved(rows, data)
    elif isinstance(data, RiskAmended):
        risks.amended(rows, data)
    elif isinstance(data, RulingChanged):
        rulings.changed(rows, data)
    elif isinstance(data, WorkflowPublished):
        _published(rows, data)
    elif isinstance(data, SubscriptionChanged):
        _subscribed(rows, data)
    else:
        raise TypeError(f"{event.topic} is none of the projection's topics")


def _submitted(rows: Rows, event: Event, data: ApplicationSubmitted) -> None:
    """The first under an id is the application."""
    key = data.customerId, execution_of(event.id, data)
    if key in rows.applications:
        return
    _individual(rows, event, data)
    _requested(rows, event, data)
    applied = data.application
    row = rows.applications[key] = ApplicationRow(
        *key, applied.applicationId, data.entityId, event.time, fingerprint(applied), applied.model_dump_json()
    )
    rows.new_applications.append(row)


def _individual(rows: Rows, event: Event, data: Starts) -> None:
    _told(rows, event, (data.customerId, data.entityId), data.entityVersion, data.individual)


def _told(rows: Rows, event: Event, key: Key, version: int, individual: Individual) -> None:
    """The newest version of a person wins, of equal versions the one told last; the others are kept aside."""
    told = IndividualRow(*key, version, event.time, event.topic, event.time, individual.model_dump_json())
    known = rows.individuals.get(key)
    if known is None:
        rows.individuals[key] = told
        rows.searched[key] = SearchedRow(*key, searching.keys(key[0], individual))
    else:
        created = min(event.time, known.created_at)
        newest, former = (told, known) if told.order >= known.order else (known, told)
        if told.order == known.order:
            return
        rows.former_individuals[*key, *former.order] = replace(former, created_at=former.changed_at)
        if not told.is_as(known):
            rows.restated.add(key)
        rows.individuals[key] = newest
        newest.created_at = created
        if newest is told:
            rows.searched[key] = SearchedRow(*key, searching.keys(key[0], individual))
    rows.changed_individuals.add(key)


def _changed(rows: Rows, event: Event, data: EntityChanged) -> None:
    """Of changes that make the same version the first holds; after a deletion there is none."""
    key = data.customerId, data.entityId
    known = rows.individual_changes.setdefault(key, {})
    if data.changeId in known:
        return
    refusal = _beaten(known.values(), data)
    row = known[data.changeId] = IndividualChangeRow(
        *key,
        data.changeId,
        data.entityVersion,
        data.kind,
        data.changedAt,
        data.changedBy,
        data.requestId,
        data.comment,
        refusal,
        data.keptUntil,
    )
    rows.new_individual_changes.append(row)
    rows.settled.add((data.customerId, data.changeId))
    if refusal is not None:
        return
    if data.individual is not None:
        row.told, row.document = data.document, data.individual.model_dump_json()
        _told(rows, event, key, data.entityVersion, data.individual)
    else:
        rows.deleted_individuals[key] = DeletedIndividualRow(
            *key, data.changedAt, data.changedBy, data.requestId, data.keptUntil
        )


def _beaten(known: Iterable[IndividualChangeRow], data: EntityChanged) -> str | None:
    for other in known:
        if other.refusal is None and other.kind == DELETED:
            return f"{other.changed_by} deleted the person meanwhile"
        if other.refusal is None and other.entity_version == data.entityVersion:
            return f"{other.changed_by} made version {data.entityVersion} meanwhile"
    return None


def _profile_changed(rows: Rows, data: ProfileChanged) -> None:
    """Of changes that make the same version the first holds."""
    key = data.customerId, data.entityId
    known = rows.profile_changes.setdefault(key, {})
    if data.changeId in known:
        return
    same = (one for one in known.values() if one.service_name == data.serviceName and one.refusal is None)
    other = next((one for one in same if one.profile_version == data.profileVersion), None)
    row = known[data.changeId] = ProfileChangeRow(
        *key,
        data.changeId,
        data.serviceName,
        data.profileVersion,
        data.assignee,
        data.reviewer,
        data.currentWorkflowName,
        data.state,
        data.changedAt,
        data.changedBy,
        data.requestId,
        data.comment,
        f"{other.changed_by} changed the profile meanwhile" if other else None,
    )
    rows.new_profile_changes.append(row)
    rows.settled.add((data.customerId, data.changeId))


def _requested(rows: Rows, event: Event, data: Starts) -> None:
    """An execution is known from its request on; what its own story tells takes precedence."""
    execution = rows.execution(data.customerId, execution_of(event.id, data), data.entityId)
    execution.entity_id = data.entityId
    _touched(execution, event.time)
    execution.service_name = execution.service_name or data.serviceName
    # A version or alias may follow the name.
    execution.workflow_name = execution.workflow_name or (data.workflowName or "").partition(":")[0] or None
    execution.request_id = execution.request_id or data.requestId
    execution.requested_by = execution.requested_by or data.requestedBy
    execution.comment = None if isinstance(data, EntityOnboarded) else data.comment
    if execution.sequence == 0:
        execution.started_at = event.time
        execution.entity_version = data.entityVersion


def _progressed(rows: Rows, data: WorkflowProgressed) -> None:
    """Steps are applied in their order: a repeat is skipped, one that comes early waits."""
    execution = rows.execution(data.customerId, data.workflowExecutionId, data.entityId)
    if data.sequence <= execution.sequence or _is_over(execution):
        return
    if data.sequence > execution.sequence + 1:
        rows.wait(execution, PROGRESSED, data.sequence, data.model_dump_json())
        return
    _step(rows, execution, data)
    while not _is_over(execution) and (early := rows.waited(execution, PROGRESSED, execution.sequence + 1)):
        _step(rows, execution, WorkflowProgressed.model_validate_json(early.document))
    if execution.ended:
        rows.settled.add(execution.key)
    if execution.waiting:
        _decide_waiting(rows, execution)


def _is_over(execution: ExecutionRow) -> bool:
    """Nothing follows a good end."""
    return execution.state == STATES[ExecutionState.SUCCEEDED]


def _step(rows: Rows, execution: ExecutionRow, data: WorkflowProgressed) -> None:
    if execution.ended:
        _gone_on(rows, execution)
    _touched(execution, data.occurredAt)
    execution.entity_id = data.entityId
    execution.sequence = data.sequence
    execution.version += 1
    execution.entity_version = data.entityVersion
    execution.request_id = data.requestId
    if data.sequence == 1:
        execution.started_at = data.occurredAt
    if data.started is not None:
        _started(execution, data.started)
        if (former := reevaluations.former(data.history)) is not None:
            execution.workflow[reevaluations.REEVALUATES] = former
    for position, step in enumerate(data.accepted):
        _accepted(rows, execution, position, step)
    if data.history:
        _history(rows, execution, data.history)
    execution.state = STATES[data.state]
    if data.state is not ExecutionState.RUNNING:
        _ended(execution, data)
        if reevaluations.REEVALUATES in execution.workflow:
            rows.reevaluated.add((execution.customer_id, execution.workflow[reevaluations.REEVALUATES]))


def _gone_on(rows: Rows, execution: ExecutionRow) -> None:
    """A redrive: what the execution had come to, and who overrode that, is no more than a record."""
    rows.wait(execution, ENDED, execution.sequence, orjson.dumps({"status": execution.status}).decode())
    execution.ended_at = execution.error = execution.cause = None
    execution.status = execution.result
    execution.override_at = execution.override_by = execution.override_request_id = None


def _touched(execution: ExecutionRow, time: datetime) -> None:
    """Earliest and latest of all that was told: the same in whatever order it was read."""
    execution.created_at = min(execution.created_at or time, time)
    execution.updated_at = max(execution.updated_at or time, time)


def _started(execution: ExecutionRow, started: WorkflowStarted) -> None:
    """Which workflow it runs; one that it goes on in later is where it ends."""
    if execution.workflow:
        execution.workflow |= {
            "endWorkflowId": started.workflowId,
            "endWorkflowName": started.workflowName,
            "endDefinitionHash": started.definitionHash,
        }
        return
    execution.service_name = started.serviceName
    execution.workflow_name = started.workflowName
    execution.requested_by = started.requestedBy or execution.requested_by
    execution.workflow = {
        "workflowId": started.workflowId,
        "type": started.type,
        "lifecyclePhase": started.lifecyclePhase.value,
        "monitoringTypes": started.monitoringTypes,
        "definitionHash": started.definitionHash,
    }
    if started.parentExecutionId is not None:
        execution.workflow["parentExecutionId"] = started.parentExecutionId


def _accepted(rows: Rows, execution: ExecutionRow, position: int, step: StepResult) -> None:
    """One answer that the workflow accepted: a step result with its process results."""
    outcome = step.outcome
    step_result_id = derived_id(execution.execution_id, "results", execution.sequence, position)
    rows.step_results[*execution.key, execution.sequence, position] = StepResultRow(
        *execution.key,
        execution.sequence,
        position,
        outcome.stepName,
        outcome.result.value,
        step.startedAt,
        step.endedAt,
        documents.step_result(step_result_id, step),
    )
    for number, finding in enumerate(step.findings):
        rows.process_results[*execution.key, finding.processResultId] = ProcessResultRow(
            *execution.key,
            finding.processResultId,
            execution.entity_id,
            execution.sequence,
            position,
            number,
            outcome.stepName,
            step_type=outcome.stepName,
            process_class=finding.processClass,
            object_type=finding.objectType,
            result=finding.result.value,
            state="COMPLETED",
            system_status="VALID",
            created_at=step.endedAt,
            updated_at=step.endedAt,
            expires_at=finding.expiresAt,
            document=documents.process_result(finding),
        )
    if execution.outdated:
        rows.restated.add((execution.customer_id, execution.entity_id))
    execution.steps.append([outcome.stepName, outcome.result.value])
    execution.issues += documents.issues(execution.execution_id, step_result_id, step)
    if outcome.risk is not None:
        execution.risk = documents.risk_assessment(execution.execution_id, step_result_id, outcome.risk, step.endedAt)
    if outcome.decision is not None:
        execution.decided = outcome.decision.status.value


def _history(rows: Rows, execution: ExecutionRow, events: list[HistoryEvent]) -> None:
    told = [
        {
            "id": one.id,
            "previousEventId": one.previousEventId,
            "type": one.type,
            "timestamp": one.timestamp,
            "details": one.details,
        }
        for one in events
    ]
    key = *execution.key, execution.sequence
    rows.history[key] = HistoryRow(*key, max(one.id for one in events), told)


def _ended(execution: ExecutionRow, data: WorkflowProgressed) -> None:
    """The result is what was decided, and only an execution that succeeded has one."""
    execution.ended_at = data.occurredAt
    execution.error = data.error
    execution.cause = data.cause
    if data.state is ExecutionState.SUCCEEDED and execution.decided is not None:
        execution.result = execution.decided
    execution.status = execution.result


def _decide_waiting(rows: Rows, execution: ExecutionRow) -> None:
    """Decide amendments in the order in which they came, up to one that is of an end still to come."""
    for kind, position in sorted(rows.waiting.get(execution.key, {})):
        if kind == PROGRESSED and _is_over(execution):
            rows.waited(execution, kind, position)
        elif kind == AMENDED:
            data = ResultsAmended.model_validate_json(rows.waiting[execution.key][kind, position].document)
            if not (execution.ended if data.sequence is None else data.sequence <= execution.sequence):
                return
            rows.waited(execution, kind, position)
            _decide(rows, execution, data)


def _amended(rows: Rows, data: ResultsAmended) -> None:
    """An amendment waits until its execution has come to the end that it is of; each is decided once."""
    key = data.customerId, data.workflowExecutionId
    if data.amendmentId in rows.overrides.get(key, {}):
        return
    execution = rows.execution(*key, data.entityId)
    if not _waits(rows, execution, data.amendmentId):
        rows.wait(execution, AMENDED, _next_arrival(rows, execution), data.model_dump_json())
        _decide_waiting(rows, execution)


def _waits(rows: Rows, execution: ExecutionRow, amendment_id: str) -> bool:
    held = rows.waiting.get(execution.key, {}).values()
    return any(row.kind == AMENDED and orjson.loads(row.document)["amendmentId"] == amendment_id for row in held)


def _next_arrival(rows: Rows, execution: ExecutionRow) -> int:
    return max((place for kind, place in rows.waiting.get(execution.key, {}) if kind == AMENDED), default=0) + 1


def _decide(rows: Rows, execution: ExecutionRow, data: ResultsAmended) -> None:
    """An amendment of the version that the person saw changes the status; any other is recorded as refused."""
    if data.amendmentId in rows.overrides.get(execution.key, {}):
        return
    end = execution.sequence if data.sequence is None else data.sequence
    status = _status_at(rows, execution, end)
    refusal = _refusal(execution, data, end, status)
    execution.amendments += 1
    rows.decided(
        OverrideRow(
            *execution.key,
            data.amendmentId,
            execution.entity_id,
            execution.amendments,
            data.status.value,
            ExecutionStatus.UNCHECKED.value if status is None else status,
            data.comment,
            data.amendedBy,
            data.amendedAt,
            data.requestId,
            data.expectedVersion,
            accepted=refusal is None,
            refusal=refusal,
        )
    )
    if refusal is None:
        _accept(rows, execution, data, end)


def _accept(rows: Rows, execution: ExecutionRow, data: ResultsAmended, end: int) -> None:
    execution.version += 1
    _touched(execution, data.amendedAt)
    if end != execution.sequence:
        rows.waited(execution, ENDED, end)
        rows.wait(execution, ENDED, end, orjson.dumps({"status": data.status.value}).decode())
        return
    rows.reevaluated.add(execution.key)
    execution.status = data.status.value
    execution.override_at = data.amendedAt
    execution.override_by = data.amendedBy
    execution.override_request_id = data.requestId


def _status_at(rows: Rows, execution: ExecutionRow, end: int) -> str | None:
    """The status that an execution had at an end; None where it did not end there."""
    if end == execution.sequence:
        return execution.status if execution.ended else None
    former = rows.waiting.get(execution.key, {}).get((ENDED, end))
    return None if former is None else str(orjson.loads(former.document)["status"])


def _refusal(execution: ExecutionRow, data: ResultsAmended, end: int, status: str | None) -> str | None:
    if data.entityId != execution.entity_id:
        return "the execution is another person's"
    if status is None:
        return f"the execution did not end with step {end}"
    version = end + execution.version - execution.sequence
    if data.expectedVersion != version:
        return f"made on version {data.expectedVersion}, the execution is at version {version}"
    return None


def _resolved(rows: Rows, data: FindingsAmended) -> None:
    """All of its findings are amended, or none where somebody else came before for one of them."""
    key = data.customerId, data.amendmentId
    if key in rows.finding_amendments:
        return
    known = {id: rows.resolutions.get((data.customerId, id)) for id in data.processResultIds}
    other = [one for id, one in known.items() if one and one.amendment_id != data.standsOn.get(id)]
    refusal = f"{other[0].process_result_id} was amended by {other[0].amended_by} meanwhile" if other else None
    rows.finding_amendments[key] = FindingAmendmentRow(
        *key,
        data.entityId,
        {id: one.manual_status if one else None for id, one in known.items()},
        data.manualStatus,
        data.comment,
        data.amendedBy,
        data.amendedAt,
        data.requestId,
        refusal,
    )
    rows.settled.add(key)
    if refusal is None:
        for id in data.processResultIds:
            at = data.customerId, id
            rows.resolutions[at] = ResolutionRow(
                *at, data.entityId, data.manualStatus, data.amendmentId, data.amendedBy, data.amendedAt
            )
            rows.changed_resolutions.add(at)


def _published(rows: Rows, data: WorkflowPublished) -> None:
    """Of a workflow the last that was published counts, as on the compacted topic."""
    key = data.serviceName, data.workflowName
    rows.workflows[key] = WorkflowRow(
        *key,
        data.workflowId,
        data.type,
        data.lifecyclePhase.value,
        data.monitoringTypes,
        data.definitionHash,
        data.definition,
        data.publishedAt,
    )


def _subscribed(rows: Rows, data: SubscriptionChanged) -> None:
    """Each change is kept for itself: in whatever order they come, the greatest sequence holds."""
    key = data.customerId, data.entityId, data.monitoringType, data.sequence
    rows.subscription_changes[key] = SubscriptionChangeRow(
        *key,
        data.enabled,
        data.wasEnabled,
        data.changedAt,
        data.changedBy,
        data.requestId,
        data.workflowExecutionId,
        data.comment,
    )
    rows.settled.add((data.customerId, data.requestId))
