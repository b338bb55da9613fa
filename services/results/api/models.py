"""What the API answers, described for OpenAPI in the contract's names."""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from libs.events.models import (
    Application,
    ApplicationFile,
    ExecutionStatus,
    LifecyclePhase,
    Money,
    RiskLevel,
    StepResultCode,
)
from services.results.person import (
    CommentJson,
    DocumentJson,
    IndividualJson,
    Part,
    ReferenceJson,
    Required,
    Text,
)

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


class OnlyId(Answer):
    """Of a person who was asked for with level=id."""

    entityId: str


ShownIndividual = IndividualJson | OnlyId


class ExecuteNew(Part):
    """Take a person on and run a workflow on them."""

    individual: IndividualJson
    comment: CommentJson | None = None


class FileJson(ApplicationFile):
    """A file of an application: sent with it, or named by what it was kept as before."""

    sha256: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""
    mediaType: str = ""
    size: Annotated[int, Field(ge=0)] = 0
    base64: Annotated[str | None, Field(description="The file; then sha256, mediaType and size are told by it.")] = None

    @model_validator(mode="after")
    def _named_or_sent(self) -> Self:
        if (self.base64 is None) == (not self.sha256):
            raise PydanticCustomError("invalid", "one of base64 and sha256 is needed")
        return self


class MoneyJson(Money):
    """An amount of money."""

    amount: Annotated[str, Field(pattern=r"^\d{1,12}(\.\d{1,4})?$", examples=["25000.00"])]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$", examples=["EUR"])]


class ApplicationJson(Application):
    """What somebody applies for, with the files."""

    applicationId: Required
    requestedAmount: MoneyJson
    termMonths: Annotated[int, Field(ge=1, le=1200)]
    files: list[FileJson] = Field(default_factory=list)  # type: ignore[assignment]


class SubmitApplication(Part):
    """An application of a person who is known (`entityId`), or of one who is created with it (`individual`)."""

    application: ApplicationJson
    individual: IndividualJson | None = None
    entityId: Annotated[Required, Field(description="A person who is known.")] | None = None
    serviceName: Annotated[Required, Field(description="That of pre-screening where absent.")] | None = None
    workflowName: Annotated[Required, Field(description="The recommended workflow where absent.")] | None = None
    comment: CommentJson | None = None

    @model_validator(mode="after")
    def _of_somebody(self) -> Self:
        if (self.individual is None) == (self.entityId is None):
            raise PydanticCustomError("invalid", "one of individual and entityId is needed")
        return self


class Execute(Part):
    """Run a workflow on a person who is known."""

    comment: CommentJson | None = None


class CreateIndividual(Part):
    """Create a person without a workflow."""

    individual: IndividualJson
    serviceName: Annotated[Required, Field(description="Their profile with this service is begun.")] | None = None
    workflowName: Annotated[Required, Field(description="The workflow that is meant for the profile.")] | None = None
    comment: CommentJson | None = None


class UpdateIndividual(Part):
    """Change a person in part."""

    individual: Annotated[Json, Field(description="The parts of an Individual that change.")]
    comment: CommentJson | None = None


class NewDocument(DocumentJson):
    """A document under its class; that of its type where none is named."""

    class_: Annotated[Literal["OTHER", "IDENTITY", "SUPPORTING", "REPORT"] | None, Field(alias="class")] = None


class CreateDocument(Part):
    """Add a document."""

    document: NewDocument
    comment: CommentJson | None = None


class UpdateDocument(Part):
    """Change a document in part."""

    document: Annotated[Json, Field(description="The parts of a Document-Information that change.")]
    comment: CommentJson | None = None


class ProfilePatch(Part):
    """Who works on a profile, and whether it is put away."""

    assignee: Text | None = None
    reviewer: Text | None = None
    currentWorkflowName: Required | None = None
    state: Literal["ARCHIVED", "INACTIVE"] | None = None


class UpdateProfile(Part):
    """Change a profile in part."""

    serviceProfile: ProfilePatch
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


class ManualKyc(Part):
    """Documents that were seen in place of what sources know."""

    approvedBy: Required
    approvedDocuments: Annotated[list[Required], Field(min_length=1, max_length=50, description="Their ids.")]
    comment: CommentJson | None = None


class Invalidate(Part):
    """Why manual KYC is taken back."""

    comment: CommentJson | None = None


class FactorOverride(Part):
    """Points for a factor of the assessment, in place of the profile's."""

    factor: Required
    manualOverrideScore: Annotated[int, Field(ge=0, le=999_999)] | None = Field(
        description="None gives the factor the profile's points back."
    )


class Risk(Part):
    """A level for the assessment, or points for some of its factors."""

    riskLevel: RiskLevel | None = None
    riskFactors: Annotated[list[FactorOverride], Field(min_length=1, max_length=100)] | None = None
    comment: CommentJson | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.riskLevel is None) == (self.riskFactors is None):
            text = "riskLevel is needed, or riskFactors in its place"
            raise PydanticCustomError("missing", "{text}", {"text": text, "field": "riskLevel"})
        return self


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
    updatedBy: str | None = None
    updatedRequestId: str | None = None
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
    entityName: str | None = None
    serviceName: str
    state: str
    assignee: str | None = None
    reviewer: str | None = None
    currentWorkflowId: str | None = None
    currentWorkflowName: str | None = None
    latestWorkflowExecutionId: str | None = None
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
    individual: ShownIndividual
    serviceProfile: ServiceProfile


class Accepted(Answer):
    requestId: str
    workflowExecutionId: str
    entityId: str


class LogEntry(BaseModel):
    """Who did what, when, on which data, with which version of which rule; what does not apply is left out."""

    at: datetime
    what: Literal["STARTED", "STEP", "OVERRIDDEN"]
    by: str
    step: str | None = None
    result: str | None = None
    milliseconds: float | None = None
    startedAt: datetime | None = None
    endedAt: datetime | None = None
    entityId: str
    applicationId: str | None = None
    workflowExecutionId: str
    requestId: str | None = None
    serviceName: str | None = None
    workflowName: str | None = None
    definition: Annotated[str | None, Field(description="SHA-256 of the workflow's definition.")] = None
    entityVersion: int
    data: Annotated[Json | None, Field(description="Hashes of the application and its files.")] = None
    rules: list[Json] | None = None
    sources: list[str] | None = None
    reasons: list[str] | None = None


class Log(Answer):
    requestId: str
    entries: list[LogEntry]
    nextToken: str | None = None


class ShownApplication(Answer):
    requestId: str
    workflowExecutionId: str
    workflowExecutionState: str
    entityId: str
    status: str
    submittedAt: datetime
    application: Application


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


class RiskAmended(Answer):
    requestId: str
    riskAssessment: RiskAssessment


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
    individual: ShownIndividual
    serviceProfiles: list[ServiceProfile]


class PersonChanged(Person):
    staleResults: list[ProcessResult] = Field(description="Results that relied on what has changed.")


class ChangeAccepted(Answer):
    requestId: str
    entityId: str


class PartDeleted(Answer):
    requestId: str
    entityId: str
    nameId: str | None = None
    dateOfBirthId: str | None = None
    addressId: str | None = None
    emailAddressId: str | None = None
    phoneNumberId: str | None = None
    consentType: str | None = None
    referenceId: str | None = None
    staleResults: list[ProcessResult]


class DocumentDeleted(Answer):
    requestId: str
    entityId: str
    documentId: str
    staleResults: list[ProcessResult]


class AttachmentDeleted(DocumentDeleted):
    attachmentId: str


class OnlyDocumentId(Answer):
    """Of a document that was asked for with level=id."""

    documentId: str


Document = DocumentJson | OnlyDocumentId


class Documents(Answer):
    IDENTITY: list[Document] = []
    SUPPORTING: list[Document] = []
    REPORT: list[Document] = []
    OTHER: list[Document] = []


class DocumentChanged(Answer):
    requestId: str
    entity: str
    document: Document
    staleResults: list[ProcessResult]


class BareProfile(Answer):
    """Of a person who has no profile with a service."""

    entityId: str
    entityType: str
    entityName: str
    schemaVersion: int
    createdAt: datetime
    updatedAt: datetime


class FieldMatch(Answer):
    field: str
    confidence: float


class Match(Answer):
    serviceProfile: ServiceProfile | BareProfile
    confidence: float
    fieldsMatched: list[FieldMatch]


class Found(Answer):
    requestId: str
    meta: Json
    matches: list[list[Match]] = Field(description="Of each person a match for every profile.")


class ExternalReferences(Answer):
    requestId: str
    externalReferences: list[ReferenceJson]


class Deleted(Answer):
    requestId: str
    entityId: str


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
