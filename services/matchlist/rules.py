"""Which entries of the customer's lists the person matches, and what that asks for."""

from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple

from libs.events.message import derived_id
from libs.events.models import (
    CheckRequested,
    Finding,
    Individual,
    Issue,
    MatchlistAction,
    MatchlistAttribute,
    MatchlistEntryPublished,
    MatchlistMatch,
    ProcessResultCode,
    Reason,
    RiskFactorValue,
    StepOutcome,
    StepResult,
    StepResultCode,
)
from services.matchlist.attributes import KINDS, Part, parts, values
from services.matchlist.comparing import same, same_name


class Consequence(NamedTuple):
    """What a match with a list of an action comes to."""

    action: MatchlistAction
    result: StepResultCode
    issue: Issue | None
    meaning: str


def _issue(issue: str, severity: str) -> Issue:
    return Issue(category="BLOCKLISTED", issue=issue, severity=severity)


# In order of precedence: the first action that the person is listed for decides.
CONSEQUENCES: tuple[Consequence, ...] = (
    Consequence(
        MatchlistAction.BLOCK, StepResultCode.HIT, _issue("DENY_LIST", "BLOCK"), "the customer takes on nobody listed"
    ),
    Consequence(
        MatchlistAction.REVIEW, StepResultCode.HIT, _issue("MATCHED_INTERNAL", "REVIEW"), "a person has to look at it"
    ),
    Consequence(
        MatchlistAction.ALLOW,
        StepResultCode.CLEAR,
        None,
        "the customer trusts whoever is listed; AML screening is not suppressed by it",
    ),
    Consequence(
        MatchlistAction.ALERT, StepResultCode.HIT, _issue("MATCHED_INTERNAL", "WARNING"), "somebody has to be told"
    ),
    Consequence(MatchlistAction.NONE, StepResultCode.CLEAR, None, "it is recorded and asks for nothing"),
)
_PRECEDENCE = {consequence.action: place for place, consequence in enumerate(CONSEQUENCES)}


def answer(request: CheckRequested, candidates: Iterable[MatchlistEntryPublished], now: datetime) -> StepResult:
    """The answer to a request, from the entries that may match."""
    matches = [
        entry
        for entry in candidates
        if entry.customerId == request.task.customerId and matched(entry, request.individual, now)
    ]
    matches.sort(key=lambda entry: (_PRECEDENCE[entry.action], entry.matchlistId, entry.entryId))
    return StepResult(
        outcome=_listed(matches) if matches else _clear(),
        findings=[_finding(request, entry) for entry in matches],
        startedAt=now,
        endedAt=now,
    )


def matched(entry: MatchlistEntryPublished, individual: Individual, now: datetime) -> bool:
    """The person has every attribute of an entry that is in force."""
    if not entry.isActive or _expired(entry, now) or not entry.attributes:
        return False
    if any(attribute.type not in KINDS for attribute in entry.attributes):
        return False
    ordered = sorted(entry.attributes, key=_part)
    return all(
        any(_has(part, attributes) for part in parts(individual, name))
        for name, attributes in ((name, list(group)) for name, group in groupby(ordered, key=_part))
    )


def _part(attribute: MatchlistAttribute) -> str:
    return KINDS[attribute.type].part


def _has(part: Part, attributes: list[MatchlistAttribute]) -> bool:
    """One name, address, document, … of the person has all of these attributes."""
    return all(_matches(part, attribute) for attribute in attributes)


def _matches(part: Part, attribute: MatchlistAttribute) -> bool:
    kind = KINDS[attribute.type]
    listed = kind.normalise(attribute.value)
    own = values(kind, part)
    if not listed:
        return False
    return any(same_name(listed, value) if kind.fuzzy else same(attribute.type, listed, value) for value in own)


def _expired(entry: MatchlistEntryPublished, now: datetime) -> bool:
    """The last day on which an entry matches is past, by UTC; one that cannot be read keeps the entry in force."""
    try:
        return entry.validTo is not None and date.fromisoformat(entry.validTo[:10]) < now.date()
    except ValueError:
        return False


def _listed(matches: list[MatchlistEntryPublished]) -> StepOutcome:
    consequence = CONSEQUENCES[_PRECEDENCE[matches[0].action]]
    total = len(matches)
    unresolved = sum(CONSEQUENCES[_PRECEDENCE[entry.action]].result is StepResultCode.HIT for entry in matches)
    return StepOutcome(
        stepName="BLOCKLIST",
        result=consequence.result,
        reasons=[_reason(entry) for entry in matches],
        issues=[consequence.issue] if consequence.issue else [],
        riskFactors=[_factor(matches[0])],
        counts={"totalMatches": total, "totalUnresolved": unresolved},
    )


def _clear() -> StepOutcome:
    return StepOutcome(
        stepName="BLOCKLIST",
        result=StepResultCode.CLEAR,
        reasons=[Reason(code="NOT_LISTED", message="The person is on none of the customer's lists.")],
        counts={"totalMatches": 0, "totalUnresolved": 0},
    )


def _reason(entry: MatchlistEntryPublished) -> Reason:
    meaning = CONSEQUENCES[_PRECEDENCE[entry.action]].meaning
    message = f"Listed in {entry.name}, entry {entry.entryId}, whose action is {entry.action}: {meaning}."
    return Reason(code=f"LISTED_{entry.action}", message=message)


def _factor(entry: MatchlistEntryPublished) -> RiskFactorValue:
    return RiskFactorValue(factor="on_matchlist_internal", value=entry.action)


def _finding(request: CheckRequested, entry: MatchlistEntryPublished) -> Finding:
    return Finding(
        processResultId=derived_id(request.task.token, "matchlist", entry.matchlistId, entry.entryId),
        processClass="MATCHLIST",
        objectType="INDIVIDUAL",
        objectId=request.task.entityId,
        result=ProcessResultCode.HIT,
        matchStrengths={attribute.type: 100 for attribute in entry.attributes},
        explanation=_reason(entry).message,
        matchlist=MatchlistMatch(
            matchlistId=entry.matchlistId,
            name=entry.name,
            action=entry.action,
            entryId=entry.entryId,
            reference=entry.reference,
        ),
        riskFactors=[_factor(entry)],
    )
