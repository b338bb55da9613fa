"""What the API answers, described for OpenAPI in the contract's names."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from libs.events.models import ExecutionStatus, LifecyclePhase, RiskLevel, StepResultCode
from services.results.person import CommentJson, IndividualJson, Part, Required, Text

Json = dict[str, Any]
AUDIT_TYPES = (
    "CUSTOMER_SETUP", "CUSTOMER_UPDATE", "ENTITY_CREATE", "ENTITY_LOOKUP", "ENTITY_PURGE", "ENTITY_RESULT_UPDATE",
    "ENTITY_RESULT_INVALIDATE", "ENTITY_UPDATE", "GENERATE_REPORT", "LEGACY_AUDIT", "MATCHLIST_ENTRY",
    "PORTAL_ACTION", "RISK_OVERRIDE", "SERVICE_PROFILE_CREATE", "SERVICE_PROFILE_UPDATE",
    "SERVICE_PROFILE_STATE_CHANGE", "WORKFLOW_EVENT", "WORKFLOW_COMPLETE", "WORKFLOW_RISK_CHANGE",
    "WORKFLOW_STATUS_CHANGE", "OTHER",
)  # fmt: skip
STATES = ("COMPLETED", "CANCELED", "TERMINATED", "ERROR", "TIMEOUT", "IN_PROGRESS")


class Answer(BaseModel):
    """Closed: a test reads every answer with these."""

    model_config = ConfigDict(extra="forbid", protected_namespaces=())


class ErrorDetail(Answer):
    issue: str
    issueLocation: str = Field(description="The path into what was sent, e.g. individual.name.familyName.")
    issueType: str


class Error(Answer):
    errorCode: str
    errorMsg: str
    details: list[ErrorDetail]
    requestId: str


class ExecuteNew(Part):
    """Take a person on and run a workflow on them."""

    individual: IndividualJson
    comment: CommentJson | None = None


class Execute(Part):
    """Run a workflow on a person who is known."""

    comment: CommentJson | None = None


class Override(Part):
    """Change the status of an execution; its result stays."""

    status: ExecutionStatus
    comment: CommentJson | None = None


class Resolve(Part):
    """What is said of findings."""

    processResults: Annotated[list[Required], Field(min_length=1, max_length=500, description="Their ids.")]
    manualStatus: Required
    comment: CommentJson | None = None


class Decide(Part):
    """Why it is confirmed or rejected."""

    comment: CommentJson | None = None


class Stop(Part):
    """Abort an execution."""

    error: Annotated[Text, Field(max_length=256, description="The error that it ends with.")] | None = None
    cause: Text | None = None


class Monitor(Part):
    """Why a person is watched, or no more."""

    comment: CommentJson | None = None


class Heartbeat(Part):
    """A task is still worked on."""

    taskToken: Annotated[Required, Field(description="As the request to the check had it.")]


class ProcessResult(Answer):
    processResultId: str
    schemaVersion: int
    entityId: str
    requestId: str | None = None
    stepName: str
    stepType: str
    objectType: str
    objectId: str | None = None
    createdAt: datetime
    updatedAt: datetime
    providerResult: Json | None = None
    result: str
    class_: str = Field(alias="class")
    supplementaryData: Json | None = None
    errors: list[Json]
    notes: Json | None = None
    systemStatus: str
    manualStatus: str | None
    state: str
    riskFactors: list[Json] | None = None
    updatedBy: str | None = None


class StepResult(Answer):
    stepResultId: str
    workflowExecutionId: str
    stepName: str
    requestId: str | None = None
    objectType: str | None = None
    objectId: str | None = None
    schemaVersion: int
    startedAt: datetime | None
    endedAt: datetime | None
    serviceProviders: list[Json]
    result: StepResultCode
    errors: list[Json]
    summary: Json
    risk: Json | None = None
    notes: Json | None = None
    processResults: list[ProcessResult]
    createdAt: datetime | None
    updatedAt: datetime | None


class Steps(Answer):
    order: list[str]
    passed: list[str]
    failed: list[str]
    incomplete: list[str]
    notApplicable: list[str]


class RiskAssessment(Answer):
    serviceProfileId: str | None = None
    riskAssessmentId: str
    workflowId: str | None = None
    workflowExecutionId: str
    entityId: str
    schemaVersion: int
    createdAt: datetime
    updatedAt: datetime
    workflowRiskScore: float
    workflowRiskLevel: RiskLevel
    riskScore: float
    riskLevel: RiskLevel
    isOutdated: bool
    riskFactors: list[Json]


class WorkflowSummary(Answer):
    schemaVersion: int
    workflowName: str | None = None
    workflowExecutionId: str
    workflowExecutionState: str
    status: ExecutionStatus
    statusOverrideAt: datetime | None = None
    statusOverrideRequestId: str | None = None
    statusOverrideBy: str | None = None
    riskAssessment: RiskAssessment | None = None
    isManual: bool
    steps: Steps
    startedAt: datetime
    endedAt: datetime | None = None
    issues: list[Json]
    lifecyclePhase: LifecyclePhase | None = None
    monitoringTypes: list[str] | None = None
    parentExecutionId: str | None = Field(default=None, description="The execution that started it, where one did.")


class WorkflowResult(WorkflowSummary):
    workflowId: str | None = None
    requestId: str | None = None
    entityId: str
    entityType: str
    serviceName: str | None = None
    serviceProfileId: str | None = None
    endWorkflowId: str | None = None
    endWorkflowName: str | None = None
    workflowStepResults: list[StepResult]
    result: ExecutionStatus
    errors: list[Json]
    notes: Json
    createdAt: datetime
    updatedAt: datetime
    updatedBy: str | None = None
    version: int = Field(description="Changes with the execution; an override names the one it was made on.")


class Subscription(Answer):
    serviceProfileId: str | None = None
    status: Literal["ENABLED", "DISABLED"]
    type: str
    workflowName: str | None = None
    workflowId: str | None = None
    enabledAt: datetime | None = None
    enabledRequestId: str | None = None
    enabledBy: str | None = None
    disabledAt: datetime | None = None
    disabledRequestId: str | None = None
    disabledBy: str | None = None


class ServiceProfile(Answer):
    serviceProfileId: str
    schemaVersion: int
    entityId: str
    entityType: str
    serviceName: str
    state: str
    currentWorkflowId: str | None = None
    currentWorkflowName: str | None = None
    latestWorkflowExecutionId: str
    latestRiskAssessmentId: str | None = None
    createdAt: datetime
    createdBy: str | None = None
    createdRequestId: str | None = None
    updatedAt: datetime
    updatedBy: str | None = None
    updatedRequestId: str | None = None
    workflowSummaries: list[WorkflowSummary]
    subscriptions: list[Subscription]


class Executed(Answer):
    requestId: str
    workflowResult: WorkflowResult
    individual: IndividualJson
    serviceProfile: ServiceProfile


class Accepted(Answer):
    requestId: str
    workflowExecutionId: str
    entityId: str


class Running(Answer):
    requestId: str
    workflowExecutionState: str


class Execution(Answer):
    requestId: str
    workflowResult: WorkflowResult
    individual: IndividualJson | None = None
    createdAt: datetime
    updatedAt: datetime
    updatedBy: str | None = None


class Executions(Answer):
    requestId: str
    meta: Json
    workflowResults: list[WorkflowResult]


class Overridden(Answer):
    requestId: str
    workflowResult: WorkflowResult


class OverrideAccepted(Answer):
    requestId: str
    amendmentId: str
    workflowExecutionId: str
    approval: "Approval | None" = None


class Resolved(Answer):
    requestId: str
    processResults: list[ProcessResult]


class Approval(Answer):
    approvalId: str = Field(description="The id of the amendment that it becomes.")
    status: Literal["PENDING", "CONFIRMED", "REJECTED"]
    entityId: str
    operation: str
    rule: str = Field(description="Of the policy, that asks for a second person.")
    processResults: list[str] | None = None
    manualStatus: str | None = None
    workflowExecutionId: str | None = None
    executionStatus: str | None = None
    comment: Json | None = None
    proposedBy: str
    proposedAt: datetime
    proposedRequestId: str
    decidedBy: str | None = None
    decidedAt: datetime | None = None
    decisionComment: Json | None = None
    refusal: str | None = Field(default=None, description="Confirmed too late: why it was not applied.")


class ApprovalTold(Answer):
    requestId: str
    approval: Approval


class Approvals(Answer):
    requestId: str
    meta: Json
    approvals: list[Approval]


class AmendmentAccepted(Answer):
    requestId: str
    amendmentId: str
    approval: Approval | None = None
    processResults: list[ProcessResult] | None = Field(default=None, description="As they are until it is confirmed.")


class Commanded(Answer):
    requestId: str
    commandId: str
    workflowExecutionId: str


class MonitoringDetail(Answer):
    serviceName: str
    serviceProfileId: str
    status: Literal["ENABLED", "DISABLED"]
    enabledAt: datetime | None = None
    enabledRequestId: str | None = None
    enabledBy: str | None = None
    disabledAt: datetime | None = None
    disabledRequestId: str | None = None
    disabledBy: str | None = None
    workflows: list[Json]


class MonitoringOfType(Answer):
    subscriptions: list[MonitoringDetail]
    providers: list[str]
    status: Literal["ENABLED", "DISABLED"]


class Monitoring(Answer):
    AML: MonitoringOfType
    ACTIVITY: MonitoringOfType | None = None


class Monitored(Answer):
    requestId: str
    monitoring: Monitoring


class MonitorAccepted(Answer):
    requestId: str
    entityId: str


class History(Answer):
    requestId: str
    workflowExecutionId: str
    events: list[Json] = Field(description="As GetExecutionHistory of AWS gives them, with times in ISO 8601.")
    nextToken: str | None = Field(description="Ask again with nextToken= this; null at the end.")
    nextAfter: int | None = Field(description="Or with after= this; null at the end, and with reverseOrder.")
    overrides: list[Json]


class Person(Answer):
    requestId: str
    individual: IndividualJson
    serviceProfiles: list[ServiceProfile]


class Profile(Answer):
    requestId: str
    serviceProfile: ServiceProfile


class ProcessResults(Answer):
    requestId: str
    meta: Json
    processResults: list[ProcessResult]


class AuditEvent(Answer):
    """An Audit of the contract; the last four are our own."""

    eventId: str
    schemaVersion: int
    level: int
    requestId: str
    type: str
    timestamp: datetime
    source: str
    functionName: str
    description: str
    entityId: str | None = None
    entityType: str | None = None
    channel: str
    workflowExecutionId: str | None = None
    eventStatus: Literal["SUCCESS", "ERROR", "INFO"]
    userComment: Json | None = None
    supplementaryData: Json | None = None
    before: Json | None = Field(default=None, description="What was there; persons by reference only.")
    after: Json | None = Field(default=None, description="What was asked for.")
    username: str
    keyId: str


class AuditEvents(Answer):
    requestId: str
    meta: Json
    auditEvents: list[AuditEvent]


class Workflows(Answer):
    requestId: str
    workflows: list[Json]


class Listed(WorkflowSummary):
    entityId: str
    serviceName: str | None = None
    result: ExecutionStatus
    version: int
    errors: list[Json]


class Overview(Answer):
    requestId: str
    meta: Json
    counts: dict[str, dict[str, int]] = Field(description="Of all that fit the filters: by state and by status.")
    executions: list[Listed]


ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"model": Error, "description": "A header or query parameter does not fit."},
    401: {"model": Error, "description": "The api_key header is missing, or no good key."},
    403: {"model": Error, "description": "The key is another customer's, or has no role for this."},
    429: {"model": Error, "description": "Too many requests; Retry-After says when."},
}
NOT_FOUND: dict[int | str, dict[str, Any]] = {404: {"model": Error, "description": "This customer has no such thing."}}
CONFLICT: dict[int | str, dict[str, Any]] = {409: {"model": Error, "description": "It does not fit what is there."}}
INVALID: dict[int | str, dict[str, Any]] = {422: {"model": Error, "description": "The body does not fit."}}
