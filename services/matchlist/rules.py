"""Which entries of the customer's lists the person matches, and what that asks for."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from libs.events.message import derived_id
from libs.events.models import (
    CheckRequested,
    Finding,
    Issue,
    MatchlistAction,
    MatchlistMatch,
    ProcessResultCode,
    Reason,
    RiskFactorValue,
    StepOutcome,
    StepResult,
    StepResultCode,
)
from libs.matchlists.attributes import Person
from libs.matchlists.listed import Listed

# The gravest are shown to the reviewer; all of them are counted.
SHOWN = 50


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


class Match(NamedTuple):
    """An entry that the person matches, and how strongly they do by attribute, 0 to 100."""

    entry: Listed
    strengths: dict[str, int]


def answer(request: CheckRequested, person: Person, candidates: Iterable[Listed], now: datetime) -> StepResult:
    """The answer to a request, from the entries that may match."""
    matches = [
        Match(entry, strengths)
        for entry in candidates
        if entry.customer == request.task.customerId and (strengths := entry.strengths(person, now.date())) is not None
    ]
    matches.sort(key=lambda one: (_PRECEDENCE[one.entry.action], one.entry.matchlist, one.entry.entry))
    return StepResult(
        outcome=_listed([one.entry for one in matches]) if matches else _clear(),
        findings=[_finding(request, one) for one in matches[:SHOWN]],
        startedAt=now,
        endedAt=now,
    )


def _listed(matches: list[Listed]) -> StepOutcome:
    consequence = CONSEQUENCES[_PRECEDENCE[matches[0].action]]
    total = len(matches)
    unresolved = sum(CONSEQUENCES[_PRECEDENCE[entry.action]].result is StepResultCode.HIT for entry in matches)
    return StepOutcome(
        stepName="BLOCKLIST",
        result=consequence.result,
        reasons=[_reason(entry) for entry in matches[:SHOWN]],
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


def _reason(entry: Listed) -> Reason:
    meaning = CONSEQUENCES[_PRECEDENCE[entry.action]].meaning
    message = f"Listed in {entry.name}, entry {entry.entry}, whose action is {entry.action}: {meaning}."
    return Reason(code=f"LISTED_{entry.action}", message=message)


def _factor(entry: Listed) -> RiskFactorValue:
    return RiskFactorValue(factor="on_matchlist_internal", value=entry.action)


def _finding(request: CheckRequested, match: Match) -> Finding:
    entry = match.entry
    return Finding(
        processResultId=derived_id(request.task.token, "matchlist", entry.matchlist, entry.entry),
        processClass="MATCHLIST",
        objectType="INDIVIDUAL",
        objectId=request.task.entityId,
        result=ProcessResultCode.HIT,
        matchStrengths=match.strengths,
        explanation=_reason(entry).message,
        matchlist=MatchlistMatch(
            matchlistId=entry.matchlist,
            name=entry.name,
            action=entry.action,
            entryId=entry.entry,
            reference=entry.reference,
        ),
        riskFactors=[_factor(entry)],
    )
