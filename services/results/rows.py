"""The rows that a batch of events touches: what was loaded, and what has changed since."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

import orjson

Json: TypeAlias = dict[str, Any]
Key: TypeAlias = tuple[str, str]

PROGRESSED = "PROGRESSED"
AMENDED = "AMENDED"
ENDED = "ENDED"


@dataclass(slots=True)
class IndividualRow:
    """A person at the newest version seen; `document` is JSON text."""

    customer_id: str
    entity_id: str
    entity_version: int
    changed_at: datetime
    changed_by: str
    created_at: datetime
    document: str

    @property
    def order(self) -> tuple[int, datetime, str]:
        """The greatest is the newest."""
        return self.entity_version, self.changed_at, self.changed_by

    def is_as(self, other: "IndividualRow") -> bool:
        """The person is the same in every part."""
        return bool(orjson.loads(self.document) == orjson.loads(other.document))


@dataclass(slots=True)
class SearchedRow:
    """The keys under which a person is found."""

    customer_id: str
    entity_id: str
    keys: list[int]


@dataclass(slots=True)
class IndividualChangeRow:
    """A change of a person through the API, accepted or refused; `told` and `document` are JSON text, not read back."""

    customer_id: str
    entity_id: str
    change_id: str
    entity_version: int
    kind: str
    changed_at: datetime
    changed_by: str
    request_id: str
    comment: str | None
    refusal: str | None
    kept_until: str | None
    told: str | None = None
    document: str | None = None


@dataclass(slots=True)
class ProfileChangeRow:
    """A change of a person's profile with a service, accepted or refused."""

    customer_id: str
    entity_id: str
    change_id: str
    service_name: str
    profile_version: int
    assignee: str | None
    reviewer: str | None
    workflow_name: str | None
    state: str | None
    changed_at: datetime
    changed_by: str
    request_id: str
    comment: str | None
    refusal: str | None


@dataclass(slots=True)
class DeletedIndividualRow:
    """A person who is hidden from every read."""

    customer_id: str
    entity_id: str
    deleted_at: datetime
    deleted_by: str
    request_id: str
    kept_until: str | None


@dataclass(slots=True)
class ExecutionRow:
    """One run of a workflow on a person, as far as the events tell."""

    customer_id: str
    execution_id: str
    entity_id: str
    entity_version: int = 0
    service_name: str | None = None
    workflow_name: str | None = None
    request_id: str | None = None
    requested_by: str | None = None
    comment: str | None = None
    state: str = "IN_PROGRESS"
    result: str = "UNCHECKED"
    status: str = "UNCHECKED"
    decided: str | None = None
    sequence: int = 0
    version: int = 0
    amendments: int = 0
    waiting: int = 0
    override_at: datetime | None = None
    override_by: str | None = None
    override_request_id: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    workflow: Json = field(default_factory=dict)
    steps: list[list[str]] = field(default_factory=list)
    issues: list[Json] = field(default_factory=list)
    risk: Json | None = None
    error: str | None = None
    cause: str | None = None
    resolved: dict[str, str] = field(default_factory=dict)
    outdated: bool = False

    @property
    def key(self) -> Key:
        return self.customer_id, self.execution_id

    @property
    def ended(self) -> bool:
        return self.ended_at is not None


@dataclass(slots=True)
class ApplicationRow:
    """What an execution is about; `document` is JSON text."""

    customer_id: str
    execution_id: str
    application_id: str
    entity_id: str
    submitted_at: datetime
    fingerprint: str
    document: str


@dataclass(slots=True)
class StepResultRow:
    """One answer that the execution accepted."""

    customer_id: str
    execution_id: str
    sequence: int
    position: int
    step_name: str
    result: str
    started_at: datetime
    ended_at: datetime
    document: Json


@dataclass(slots=True)
class ProcessResultRow:
    """One thing checked and what came of it."""

    customer_id: str
    execution_id: str
    process_result_id: str
    entity_id: str
    sequence: int
    position: int
    number: int
    step_name: str
    step_type: str
    process_class: str
    object_type: str
    result: str
    state: str
    system_status: str
    created_at: datetime
    updated_at: datetime
    expires_at: datetime | None
    document: Json


@dataclass(slots=True)
class ResolutionRow:
    """What people said last of a finding."""

    customer_id: str
    process_result_id: str
    entity_id: str
    manual_status: str
    amendment_id: str
    amended_by: str
    amended_at: datetime


@dataclass(slots=True)
class FindingAmendmentRow:
    """What a person said of findings; `findings` has what was said of each before."""

    customer_id: str
    amendment_id: str
    entity_id: str
    findings: dict[str, str | None]
    manual_status: str
    comment: str | None
    amended_by: str
    amended_at: datetime
    request_id: str
    refusal: str | None


@dataclass(slots=True)
class RulingRow:
    """What a person decided that a check is to count of somebody; the one that no other stands on holds."""

    customer_id: str
    ruling_id: str
    entity_id: str
    check_name: str
    settings: dict[str, str]
    previous: dict[str, str]
    stands_on: str | None
    execution_id: str | None
    comment: str | None
    changed_by: str
    changed_at: datetime
    request_id: str
    refusal: str | None


@dataclass(slots=True)
class RiskAmendmentRow:
    """A level that a person set for an assessment, or points that they gave to its factors."""

    customer_id: str
    execution_id: str
    amendment_id: str
    entity_id: str
    level: str | None
    previous_level: str | None
    factors: dict[str, int | None] | None
    stands_on: str | None
    comment: str | None
    amended_by: str
    amended_at: datetime
    request_id: str
    refusal: str | None


@dataclass(slots=True)
class OverrideRow:
    """A person's amendment of a status, and whether it was accepted."""

    customer_id: str
    execution_id: str
    amendment_id: str
    entity_id: str
    number: int
    status: str
    previous_status: str
    comment: str | None
    amended_by: str
    amended_at: datetime
    request_id: str
    expected_version: int
    accepted: bool
    refusal: str | None


@dataclass(slots=True)
class HistoryRow:
    """The history events of one step of an execution."""

    customer_id: str
    execution_id: str
    sequence: int
    last_id: int
    events: list[Json]


@dataclass(slots=True)
class WaitingRow:
    """An event that cannot be applied yet; `document` is its JSON text."""

    customer_id: str
    execution_id: str
    kind: str
    position: int
    document: str


@dataclass(slots=True)
class SubscriptionChangeRow:
    """What one request to watch a person, or to end it, came to; the greatest sequence holds."""

    customer_id: str
    entity_id: str
    monitoring_type: str
    sequence: int
    enabled: bool
    was_enabled: bool
    changed_at: datetime
    changed_by: str
    request_id: str
    execution_id: str | None
    comment: str | None


@dataclass(slots=True)
class WorkflowRow:
    """A workflow that may be executed, at its newest version."""

    service_name: str
    workflow_name: str
    workflow_id: str
    type: str
    lifecycle_phase: str
    monitoring_types: list[str] | None
    definition_hash: str
    definition: str
    published_at: datetime


@dataclass(slots=True)
class Rows:
    """A working set: everything the fold may look at, and what is to be written."""

    individuals: dict[Key, IndividualRow] = field(default_factory=dict)
    executions: dict[Key, ExecutionRow] = field(default_factory=dict)
    applications: dict[Key, ApplicationRow] = field(default_factory=dict)
    new_applications: list[ApplicationRow] = field(default_factory=list)
    waiting: dict[Key, dict[tuple[str, int], WaitingRow]] = field(default_factory=dict)
    overrides: dict[Key, dict[str, OverrideRow]] = field(default_factory=dict)
    step_results: dict[tuple[str, str, int, int], StepResultRow] = field(default_factory=dict)
    process_results: dict[tuple[str, str, str], ProcessResultRow] = field(default_factory=dict)
    resolutions: dict[Key, ResolutionRow] = field(default_factory=dict)
    changed_resolutions: set[Key] = field(default_factory=set)
    finding_amendments: dict[Key, FindingAmendmentRow] = field(default_factory=dict)
    rulings: dict[Key, RulingRow] = field(default_factory=dict)
    risk_amendments: dict[tuple[str, str, str], RiskAmendmentRow] = field(default_factory=dict)
    new_risk_amendments: dict[tuple[str, str, str], RiskAmendmentRow] = field(default_factory=dict)
    history: dict[tuple[str, str, int], HistoryRow] = field(default_factory=dict)
    workflows: dict[Key, WorkflowRow] = field(default_factory=dict)
    subscription_changes: dict[tuple[str, str, str, int], SubscriptionChangeRow] = field(default_factory=dict)
    changed_individuals: set[Key] = field(default_factory=set)
    searched: dict[Key, SearchedRow] = field(default_factory=dict)
    individual_changes: dict[Key, dict[str, IndividualChangeRow]] = field(default_factory=dict)
    new_individual_changes: list[IndividualChangeRow] = field(default_factory=list)
    deleted_individuals: dict[Key, DeletedIndividualRow] = field(default_factory=dict)
    profile_changes: dict[Key, dict[str, ProfileChangeRow]] = field(default_factory=dict)
    new_profile_changes: list[ProfileChangeRow] = field(default_factory=list)
    former_individuals: dict[tuple[str, str, int, datetime, str], IndividualRow] = field(default_factory=dict)
    changed_executions: set[Key] = field(default_factory=set)
    new_waiting: dict[tuple[str, str, str, int], WaitingRow] = field(default_factory=dict)
    done_waiting: dict[tuple[str, str, str, int], WaitingRow] = field(default_factory=dict)
    new_overrides: dict[tuple[str, str, str], OverrideRow] = field(default_factory=dict)
    settled: set[Key] = field(default_factory=set)
    """Executions that ended, amendments that were decided, requests that were obeyed: somebody may wait for them."""
    reevaluated: set[Key] = field(default_factory=set)
    """Executions that were judged again, or overridden: the one may not fit the other."""
    restated: set[Key] = field(default_factory=set)
    """Persons of whom another version was told: what was found about the former one may be stale."""

    def execution(self, customer_id: str, execution_id: str, entity_id: str) -> ExecutionRow:
        """The execution's row, a bare one where no event has told of it before; it counts as changed."""
        key = customer_id, execution_id
        row = self.executions.get(key)
        if row is None:
            row = self.executions[key] = ExecutionRow(customer_id, execution_id, entity_id)
        self.changed_executions.add(key)
        return row

    def wait(self, execution: ExecutionRow, kind: str, position: int, document: str) -> None:
        """Put an event aside until the execution has come so far."""
        held = self.waiting.setdefault(execution.key, {})
        if (kind, position) not in held:
            row = held[kind, position] = WaitingRow(*execution.key, kind, position, document)
            self.new_waiting[*execution.key, kind, position] = row
            execution.waiting += 1

    def waited(self, execution: ExecutionRow, kind: str, position: int) -> WaitingRow | None:
        """Take back an event that was put aside."""
        row = self.waiting.get(execution.key, {}).pop((kind, position), None)
        if row is not None:
            key = *execution.key, kind, position
            if self.new_waiting.pop(key, None) is None:
                self.done_waiting[key] = row
            execution.waiting -= 1
        return row

    def decided(self, row: OverrideRow) -> None:
        """Record an amendment that was accepted or refused."""
        key = row.customer_id, row.execution_id
        self.overrides.setdefault(key, {})[row.amendment_id] = row
        self.new_overrides[*key, row.amendment_id] = row
        self.settled.add(key)
