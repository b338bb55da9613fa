"""Events for the tests of the projection; each shows only what matters to it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from libs.events.message import Event, derived_id
from libs.events.models import (
    ApplicationSubmitted,
    Decision,
    EntityOnboarded,
    ExecutionState,
    ExecutionStatus,
    Finding,
    HistoryEvent,
    Individual,
    Issue,
    LifecyclePhase,
    Listing,
    Name,
    ProcessResultCode,
    ProviderCall,
    ProviderResult,
    Reason,
    ReferenceVersion,
    ResultsAmended,
    RiskFactorScore,
    RiskLevel,
    RiskScore,
    RuleMatch,
    StepOutcome,
    StepResult,
    StepResultCode,
    SubscriptionChanged,
    WorkflowProgressed,
    WorkflowPublished,
    WorkflowRequested,
    WorkflowStarted,
)
from libs.events.record import Record
from services.results.fold import execution_id, execution_of

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
SERVICE, WORKFLOW = "KYC", "Standard"
STEP_FIELDS = StepResult.model_fields.keys() - {"outcome", "findings", "startedAt", "endedAt"}


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def event(topic: str, data: Record, id: str = "", time: datetime = START, source: str = "test") -> Event:
    customer = getattr(data, "customerId", "-")
    entity = getattr(data, "entityId", "-")
    return Event(id or derived_id(topic, data.model_dump_json()), topic, source, time, f"{customer}:{entity}", data)


def person(familyName: str = "Nkemelu", **values: Any) -> Individual:
    return Individual(name=Name(givenName="Ada", familyName=familyName), **values)


def onboarded(entity: str = "e1", customer: str = "c1", version: int = 1, seconds: float = 0, **values: Any) -> Event:
    data = EntityOnboarded(
        customerId=customer,
        entityId=entity,
        entityVersion=version,
        individual=values.pop("individual", None) or person(),
        serviceName=values.pop("serviceName", SERVICE),
        workflowName=values.pop("workflowName", WORKFLOW),
        requestId=f"request-{customer}-{entity}",
        requestedBy="integrator",
    )
    return event("entity.onboarded", data, values.pop("id", f"onboard-{customer}-{entity}-{version}"), at(seconds))


def requested(entity: str = "e1", customer: str = "c1", version: int = 1, seconds: float = 60, **values: Any) -> Event:
    data = WorkflowRequested(
        customerId=customer,
        entityId=entity,
        entityVersion=version,
        individual=values.pop("individual", None) or person(),
        serviceName=SERVICE,
        workflowName=WORKFLOW,
        requestId=f"again-{customer}-{entity}",
        requestedBy="analyst",
        comment="periodic review",
    )
    return event("workflow.requested", data, values.pop("id", f"request-{customer}-{entity}-{version}"), at(seconds))


def subscribed(type: str = "AML", sequence: int = 1, enabled: bool = True, entity: str = "e1", **values: Any) -> Event:
    data = SubscriptionChanged(
        customerId="c1",
        entityId=entity,
        monitoringType=type,
        sequence=sequence,
        enabled=enabled,
        wasEnabled=values.pop("wasEnabled", not enabled),
        changedAt=at(200 + sequence),
        changedBy=values.pop("changedBy", "analyst"),
        requestId=values.pop("requestId", f"request-{type}-{sequence}"),
        **values,
    )
    return event("subscription.changed", data, f"{entity}-{type}-{sequence}", data.changedAt, "monitoring")


def published(
    name: str = WORKFLOW,
    seconds: float = 0,
    definition: str = '{"StartAt": "KYC"}',
    phase: LifecyclePhase = LifecyclePhase.ONBOARDING,
    types: list[str] | None = None,
) -> Event:
    data = WorkflowPublished(
        serviceName=SERVICE,
        workflowId=f"id-{name}",
        workflowName=name,
        type="KYC",
        lifecyclePhase=phase,
        monitoringTypes=["AML"] if types is None else types,
        definitionHash="0" * 64,
        definition=definition,
        publishedAt=at(seconds),
    )
    return event("workflow.published", data, time=at(seconds))


def started(name: str = WORKFLOW) -> WorkflowStarted:
    return WorkflowStarted(
        serviceName=SERVICE,
        workflowId=f"id-{name}",
        workflowName=name,
        type="KYC",
        lifecyclePhase=LifecyclePhase.ONBOARDING,
        monitoringTypes=["AML"],
        definitionHash="0" * 64,
        requestedBy="integrator",
    )


def progressed(begin: Event, sequence: int, seconds: float | None = None, **values: Any) -> Event:
    """Step `sequence` of the execution that `begin` asked for."""
    asked = begin.data
    assert isinstance(asked, EntityOnboarded | WorkflowRequested | ApplicationSubmitted)
    execution = execution_of(begin.id, asked)
    data = WorkflowProgressed(
        customerId=asked.customerId,
        entityId=asked.entityId,
        entityVersion=asked.entityVersion,
        workflowExecutionId=execution,
        requestId=asked.requestId or "",
        sequence=sequence,
        started=started() if sequence == 1 else None,
        history=values.pop("history", None) or [history_event(sequence)],
        state=values.pop("state", ExecutionState.RUNNING),
        occurredAt=at(sequence if seconds is None else seconds),
        **values,
    )
    return event("workflow.progressed", data, derived_id(execution, sequence), data.occurredAt, "orchestration")


def history_event(number: int, type: str = "TaskStateEntered") -> HistoryEvent:
    return HistoryEvent(
        id=number, previousEventId=number - 1, type=type, timestamp=at(number), details='{"name": "KYC"}'
    )


def step(name: str, result: StepResultCode, findings: Sequence[Finding] = (), **values: Any) -> StepResult:
    outer = {key: values.pop(key) for key in STEP_FIELDS & values.keys()}
    return StepResult(
        outcome=StepOutcome(stepName=name, result=result, **values),
        findings=list(findings),
        startedAt=at(1),
        endedAt=at(2),
        **outer,
    )


def finding(id: str, **values: Any) -> Finding:
    given = {
        "processClass": "KYC",
        "objectType": "NAME",
        "result": ProcessResultCode.MATCH,
        "objectId": "name-1",
        "provider": ProviderResult(
            name="register", source="au-elec-roll", sourceNormalized="au-elec-roll", confidence=98.0
        ),
        "matchStrengths": {"fullName": 100, "givenName": 100},
    }
    return Finding(processResultId=id, **{**given, **values})


def kyc(id: str) -> StepResult:
    kinds = ("NAME", "DATE_OF_BIRTH", "ADDRESS", "DOCUMENT")
    calls = [
        ProviderCall(name="register", source=source, order=order, result="MATCH", startedAt=at(1), endedAt=at(2))
        for order, source in enumerate(("au-elec-roll", "au-passport"), 1)
    ]
    rule = RuleMatch(
        ruleName="2+2",
        isVerified=True,
        matchCount=2,
        matchCountRequired=2,
        matchSources={"name": ["au-elec-roll", "au-passport"], "dob": ["au-passport"], "address": ["au-elec-roll"]},
        nonMatchSources={"address": ["au-passport"]},
    )
    return step(
        "KYC",
        StepResultCode.MATCH,
        [finding(f"{id}-kyc-{kind}", objectType=kind) for kind in kinds],
        providers=calls,
        ruleMatches=[rule],
        reasons=[Reason(code="RULE_MET", message="2+2 is met.")],
    )


def aml(id: str, hit: bool = False) -> StepResult:
    listing = Listing(
        listId="ofac-sdn",
        entryId="ofac-36",
        name="Listed Person",
        matchedName="Alias Person",
        topics=["sanction"],
        programmes=["SDGT"],
        datesOfBirth=["1970"],
        countries=["sy"],
        score=0.93,
    )
    found = [
        finding(
            f"{id}-aml",
            processClass="AML",
            objectType="INDIVIDUAL",
            result=ProcessResultCode.HIT,
            listing=listing,
            matchStrengths={},
        )
    ]
    return step(
        "AML",
        StepResultCode.HIT if hit else StepResultCode.CLEAR,
        found if hit else [],
        issues=[Issue(category="AML", issue="SANCTION", severity="BLOCK")] if hit else [],
        counts={"totalHits": int(hit), "totalUnresolved": int(hit)},
        references=[ReferenceVersion(id="ofac-sdn", version="2026-02-20", sha256="ab" * 32)],
    )


def risk() -> StepResult:
    score = RiskScore(
        score=20,
        level=RiskLevel.LOW,
        factors=[RiskFactorScore(factor="address_country_risk", value="AUS", score=20)],
        profile="standard/1",
    )
    return step("RISK", StepResultCode.COMPLETE, risk=score)


def decision(status: ExecutionStatus = ExecutionStatus.PASS) -> StepResult:
    decided = Decision(status=status, rule="all-clear", policy="standard/1")
    return step("DECISION", StepResultCode.PASS, decision=decided)


def story(
    begin: Event, status: ExecutionStatus = ExecutionStatus.PASS, hit: bool = False, seconds: float = 0
) -> list[Event]:
    """All steps of an execution, from its start to a decision."""
    answers = [
        [],
        [step("DUPLICATE", StepResultCode.CLEAR)],
        [kyc(begin.id)],
        [aml(begin.id, hit)],
        [step("IDV", StepResultCode.NOT_APPLICABLE)],
        [step("BLOCKLIST", StepResultCode.CLEAR)],
        [risk()],
        [decision(status)],
    ]
    steps = [
        progressed(begin, sequence, seconds + sequence, accepted=accepted)
        for sequence, accepted in enumerate(answers, 1)
    ]
    return [*steps, progressed(begin, len(steps) + 1, seconds + len(steps) + 1, state=ExecutionState.SUCCEEDED)]


def amended(
    begin: Event, version: int = 9, status: ExecutionStatus = ExecutionStatus.FAIL, seconds: float = 100, **values: Any
) -> Event:
    asked = begin.data
    assert isinstance(asked, EntityOnboarded | WorkflowRequested)
    number = values.pop("id", f"amendment-{begin.id}-{version}-{status}-{seconds}")
    data = ResultsAmended(
        amendmentId=number,
        customerId=asked.customerId,
        entityId=values.pop("entity", asked.entityId),
        workflowExecutionId=execution_id(begin.id),
        expectedVersion=version,
        status=status,
        comment="spoke to the customer",
        amendedBy="officer",
        requestId=f"request-{number}",
        amendedAt=at(seconds),
        sequence=values.pop("sequence", None),
    )
    return event("results.amended", data, number, at(seconds), "results")
