"""What is done to a case, by whom, and what follows: decided here, without doing anything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from libs.events.message import derived_id
from libs.events.models import (
    CaseChanged,
    CheckCompleted,
    CheckRequested,
    CollectionSubmitted,
    Decision,
    DocumentAsked,
    ExecutionStatus,
    Reason,
    StepOutcome,
    StepResult,
    StepResultCode,
    WorkflowProgressed,
)
from libs.streaming.check import with_provider
from services.review.case import (
    APPROVED,
    AWAITING_APPLICANT,
    AWAITING_SECOND,
    CLOSED,
    DECIDED,
    OPEN,
    REJECTED,
    Case,
    Proposal,
)
from services.review.policy import Policy, Waiting

STEP = "MANUAL_REVIEW"
# Who does what time alone does.
BY_TIME = "review"
BY_APPLICANT = "applicant"
RESULTS = {APPROVED: StepResultCode.PASS, REJECTED: StepResultCode.FAIL}
OVERDUE = "NOT_REVIEWED_IN_TIME", "Nobody decided the case in time."
SILENT = "APPLICANT_SILENT", "What was asked for was not given in time."


class Refused(ValueError):
    """It cannot be done to the case as it is: `reason` is a stable code, the text is for the reviewer."""

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(text)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, and on which state of the case."""

    by: str
    now: datetime
    seen: int


@dataclass(frozen=True, slots=True)
class Told:
    """What happened to a case; `detail` is for staff only, `answer` for the workflow."""

    change: CaseChanged
    detail: Mapping[str, Any] = field(default_factory=dict)
    answer: CheckCompleted | None = None


@dataclass(frozen=True, slots=True)
class Hits:
    """What became of the hits of a case: finding to status, those still open, and whether one was accepted as true."""

    resolved: Mapping[str, str] = field(default_factory=dict)
    open: int = 0

    @property
    def accepted(self) -> bool:
        """A hit is the person, who is to be taken on all the same."""
        return any(status.endswith("_ACCEPT") for status in self.resolved.values())


def case_id(execution_id: str) -> str:
    """The one case of an execution."""
    return derived_id(execution_id, "review", "case")


def opened(data: CheckRequested, policy: Policy, now: datetime) -> tuple[Case, Told]:
    """A new case."""
    task = data.task
    case = Case(
        case_id=case_id(task.workflowExecutionId),
        customer_id=task.customerId,
        entity_id=task.entityId,
        entity_version=task.entityVersion,
        execution_id=task.workflowExecutionId,
        request_id=task.requestId,
        policy=policy.name,
        opened_at=now,
    )
    return case, _asked(case, data, policy, now)


def asked_again(case: Case, data: CheckRequested, policy: Policy, now: datetime) -> Told | None:
    """The workflow asks anew, after a resubmission, or as it was redriven; None for a request that is known."""
    if case.task is not None and case.task.token == data.task.token:
        return None
    return _asked(case, data, policy, now)


def _asked(case: Case, data: CheckRequested, policy: Policy, now: datetime) -> Told:
    case.task, case.status, case.decision, case.proposal, case.asked = data.task, OPEN, None, None, []
    case.entity_version, case.answered = data.task.entityVersion, False
    case.risk = next((one.risk.level.value for one in reversed(data.evidence) if one.risk is not None), None)
    _wait(case, policy.reviewer, now)
    return Told(_change(case, "OPENED", BY_TIME, now))


def assign(case: Case, actor: Actor, to: str | None) -> Told:
    """Give a case to somebody, oneself or nobody."""
    _require_current(case, actor)
    _require(case, OPEN, AWAITING_SECOND, AWAITING_APPLICANT)
    if to == case.assignee:
        raise Refused("SAME", f"the case is {to}'s already" if to else "the case is nobody's already")
    before, case.assignee = case.assignee, to
    return Told(_change(case, "ASSIGNED", actor.by, actor.now), {"from": before})


def note(case: Case, actor: Actor, text: str) -> Told:
    """Write something down for the other reviewers; any state of the case will do."""
    if not text.strip():
        raise Refused("NO_TEXT", "a note without a text")
    return Told(_change(case, "NOTED", actor.by, actor.now), {"text": text.strip()})


def resolve(case: Case, actor: Actor, statuses: Mapping[str, str], comment: str | None) -> Told:
    """Say of findings what they are worth; it counts with the decision."""
    _require_current(case, actor)
    _require_decidable(case)
    detail = {"resolved": dict(statuses), "comment": comment}
    return Told(_change(case, "NOTED", actor.by, actor.now), detail)


def ask_again(
    case: Case, actor: Actor, policy: Policy, documents: Sequence[DocumentAsked], message: str | None
) -> Told:
    """Ask the applicant for documents again; the message, or else the policy's text, is for them to read."""
    _require_current(case, actor)
    _require_decidable(case)
    if not documents:
        raise Refused("NO_DOCUMENTS", "name the documents that are to be given again")
    if unknown := [one.reason for one in documents if one.reason not in policy.resubmit_reasons]:
        raise Refused("UNKNOWN_REASON", f"no reason {unknown[0]} in the policy {policy.name}")
    code = documents[0].reason
    case.status, case.asked = AWAITING_APPLICANT, list(documents)
    case.assignee = case.assignee or actor.by
    _wait(case, policy.applicant, actor.now)
    told = message or " ".join(dict.fromkeys(policy.resubmit_reasons[one.reason] for one in documents))
    return Told(_change(case, "RESUBMISSION_ASKED", actor.by, actor.now, code, told, case.asked))


def decide(
    case: Case, actor: Actor, policy: Policy, decision: str, reason: str | None, message: str | None,
    comment: str | None, hits: Hits,
) -> Told:  # fmt: skip
    """Approve or reject; where the policy asks for a second person, propose it."""
    _require_current(case, actor)
    _require_decidable(case)
    if decision not in RESULTS:
        raise Refused("UNKNOWN_DECISION", f"{decision} is neither {APPROVED} nor {REJECTED}")
    if decision == REJECTED and reason not in policy.reject_reasons:
        raise Refused("UNKNOWN_REASON", "name a reason of the policy for the rejection")
    if decision == APPROVED and hits.open and policy.open_hits_refuse:
        raise Refused("OPEN_HITS", f"say first of each hit what it is worth, {hits.open} of them are unresolved")
    told = message or (policy.reject_reasons[reason] if reason and decision == REJECTED else None)
    proposal = Proposal(
        decision=decision, reason_code=reason, message=told, comment=comment, by=actor.by, at=actor.now
    )  # fmt: skip
    second = policy.approve if decision == APPROVED else policy.reject
    if not second.is_asked(case.risk, hits.accepted):
        return _decided(case, actor, policy, proposal, None, hits)
    case.status, case.proposal = AWAITING_SECOND, proposal
    case.assignee = None
    detail = {"decision": decision, "comment": comment}
    return Told(_change(case, "PROPOSED", actor.by, actor.now, reason), detail)


def confirm(case: Case, actor: Actor, policy: Policy, hits: Hits) -> Told:
    """A second person agrees: the decision counts."""
    proposal = _proposed_by_another(case, actor)
    return _decided(case, actor, policy, proposal, actor.by, hits)


def refuse(case: Case, actor: Actor, comment: str | None) -> Told:
    """A second person does not agree: the case is open again, its proposer's."""
    proposal = _proposed_by_another(case, actor)
    case.status, case.proposal, case.assignee = OPEN, None, proposal.by
    detail = {"decision": proposal.decision, "comment": comment}
    return Told(_change(case, "PROPOSAL_REFUSED", actor.by, actor.now), detail)


def _proposed_by_another(case: Case, actor: Actor) -> Proposal:
    _require_current(case, actor)
    _require(case, AWAITING_SECOND)
    assert case.proposal is not None, "a case waits for a second person with a proposal only"
    if case.proposal.by == actor.by:
        raise Refused("SAME_PERSON", "a second person has to agree, not who proposed it")
    return case.proposal


def _decided(case: Case, actor: Actor, policy: Policy, what: Proposal, second: str | None, hits: Hits) -> Told:
    answer = _answer(
        case, policy, what.decision, ExecutionStatus(what.decision), actor.now,
        Reason(code=what.reason_code or what.decision, message=_why(what.decision)),
        {"by": what.by, "secondBy": second, "round": case.round, "hits": dict(hits.resolved), "open": hits.open},
    )  # fmt: skip
    _settle(case, what.decision)
    change = _change(case, "DECIDED", actor.by, actor.now, what.reason_code, what.message)
    return Told(change, {"proposedBy": what.by, "comment": what.comment}, answer)


def _why(decision: str) -> str:
    return f"A reviewer {decision.lower()} the person."


def resubmitted(case: Case, data: CollectionSubmitted, policy: Policy, now: datetime) -> Told:
    """The applicant gave again what was asked for: the workflow goes round with it; raises Refused."""
    _require(case, AWAITING_APPLICANT)
    assert case.task is not None, "who is asked again, is so by a task that waits"
    if (data.entityId, data.round) != (case.entity_id, case.round + 1):
        raise Refused("OTHER_ROUND", f"round {data.round} of {data.entityId} was not asked for")
    version = max(data.entityVersion, case.entity_version + 1)
    reason = Reason(code="RESUBMITTED", message="The applicant gave documents again.")
    outcome = StepOutcome(stepName=STEP, result=StepResultCode.INCOMPLETE, reasons=[reason])
    answer = _completed(case, outcome, policy, now)
    answer = answer.model_copy(update={"individual": data.individual, "entityVersion": version})
    case.status, case.round, case.task, case.asked = OPEN, case.round + 1, None, []
    _wait(case, policy.reviewer, now)
    return Told(_change(case, "RESUBMITTED", BY_APPLICANT, now), {}, answer)


def time_has_come(case: Case, policy: Policy, now: datetime) -> Told | None:
    """The reminder, or at the due time what the policy has silence come to; nothing while the checks are at it."""
    if case.task is None:
        _wait(case, policy.reviewer, now)
        return None
    if case.due_at is not None and case.due_at <= now:
        return _overdue(case, policy, now)
    if case.remind_at is not None and case.remind_at <= now:
        case.remind_at = None
        return Told(_change(case, "REMINDED", BY_TIME, now))
    return None


def _overdue(case: Case, policy: Policy, now: datetime) -> Told:
    asked_applicant = case.status == AWAITING_APPLICANT
    outcome = (policy.applicant if asked_applicant else policy.reviewer).outcome
    code, text = SILENT if asked_applicant else OVERDUE
    answer = _answer(
        case, policy, outcome, ExecutionStatus(outcome), now, Reason(code=code, message=text),
        {"by": BY_TIME, "round": case.round},
    )  # fmt: skip
    _settle(case, outcome)
    return Told(_change(case, "DECIDED", BY_TIME, now, code), {}, answer)


def taken_in(case: Case, chapter: WorkflowProgressed) -> bool:
    """Whether a chapter of the story says that the decision was accepted, which makes it count."""
    if case.status != DECIDED or case.answered:
        return False
    case.answered = any(step.outcome.stepName == STEP and step.outcome.decision for step in chapter.accepted)
    return case.answered


def ended(case: Case, now: datetime) -> Told | None:
    """The execution has ended: a case that nobody decided is closed, as is one whose decision came too late."""
    if case.status == CLOSED or (case.status == DECIDED and case.answered):
        return None
    late = case.decision
    case.status, case.task, case.proposal, case.remind_at, case.due_at = CLOSED, None, None, None, None
    case.decision = None
    return Told(_change(case, "CLOSED", BY_TIME, now), {"late": late} if late else {})


def _answer(
    case: Case, policy: Policy, decision: str, status: ExecutionStatus, now: datetime, reason: Reason,
    input: Mapping[str, Any],
) -> CheckCompleted:  # fmt: skip
    result = RESULTS.get(decision, StepResultCode.UNCHECKED)
    told = Decision(
        status=status, rule=reason.code, policy=policy.version, input=orjson.dumps(input).decode(), rows=[reason.code]
    )  # fmt: skip
    outcome = StepOutcome(stepName=STEP, result=result, reasons=[reason], decision=told)
    return _completed(case, outcome, policy, now)


def _completed(case: Case, outcome: StepOutcome, policy: Policy, now: datetime) -> CheckCompleted:
    assert case.task is not None, "only a task that waits is answered"
    result = StepResult(
        outcome=outcome,
        references=[policy.reference],
        startedAt=case.opened_at,
        endedAt=now,
        settings={"policy": policy.name},
    )
    return CheckCompleted(task=case.task, result=with_provider("review", result))


def _settle(case: Case, decision: str) -> None:
    case.status, case.decision, case.proposal, case.asked = DECIDED, decision, None, []
    case.remind_at = case.due_at = None


def _wait(case: Case, waiting: Waiting, now: datetime) -> None:
    case.remind_at, case.due_at = now + waiting.remind_after, now + waiting.due_after


def _require_current(case: Case, actor: Actor) -> None:
    if actor.seen != case.sequence:
        raise Refused("STALE", "somebody did something to the case meanwhile: look at it again")


def _require(case: Case, *statuses: str) -> None:
    if case.status not in statuses:
        raise Refused("NOT_OPEN", f"the case is {case.status}: nothing was changed")


def _require_decidable(case: Case) -> None:
    _require(case, OPEN)
    if case.task is None:
        raise Refused("BEING_CHECKED", "what was given again is being checked: wait a moment")


def _change(
    case: Case, kind: str, by: str, now: datetime, reason: str | None = None, message: str | None = None,
    documents: Sequence[DocumentAsked] = (),
) -> CaseChanged:  # fmt: skip
    case.sequence += 1
    return CaseChanged(
        changeId=derived_id(case.case_id, "change", case.sequence),
        customerId=case.customer_id,
        entityId=case.entity_id,
        workflowExecutionId=case.execution_id,
        requestId=case.request_id,
        caseId=case.case_id,
        sequence=case.sequence,
        kind=kind,
        status=case.status,
        round=case.round,
        assignee=case.assignee,
        decision=case.decision,
        reasonCode=reason,
        message=message,
        documents=list(documents),
        dueAt=case.due_at,
        changedBy=by,
        changedAt=now,
    )
