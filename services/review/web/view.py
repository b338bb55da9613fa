"""What a case's page shows, from what is known: no I/O."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import RowMapping

from libs.events.models import Document, Finding, RiskScore, StepResult, WorkflowProgressed
from libs.staff.roles import REVIEWER, SUPERVISOR
from services.review import stories
from services.review.policy import Policy
from services.review.store import Resolution

SELFIE = "SELF_IMAGE"
DECIDING = (REVIEWER, SUPERVISOR)

NAMES = {
    "KYC": "Identity against independent sources",
    "IDV": "Documents",
    "AML": "Sanctions and watchlists",
    "BLOCKLIST": "The customer's own lists",
    "DUPLICATE": "Duplicates",
    "RISK": "Risk",
    "DECISION": "Decision by the policy",
    "MANUAL_REVIEW": "Manual review",
    "MONITOR_TOGGLE": "Monitoring",
}
# What may be said of a hit, by the step that found it, as the API of results takes it.
STATUSES = {
    "AML": (
        ("FALSE_POSITIVE", "False positive: somebody else"),
        ("TRUE_POSITIVE_ACCEPT", "True positive, accepted"),
        ("TRUE_POSITIVE_REJECT", "True positive, rejected"),
        ("UNKNOWN_ACCEPT", "Cannot be told, accepted"),
        ("UNKNOWN_REJECT", "Cannot be told, rejected"),
    ),
    "BLOCKLIST": (("FALSE_POSITIVE", "False positive: somebody else"), ("TRUE_POSITIVE_REJECT", "True, rejected")),
    "DUPLICATE": (
        ("FALSE_POSITIVE", "Not the same person"),
        ("TRUE_POSITIVE_ACCEPT", "The same person, accepted"),
        ("TRUE_POSITIVE_REJECT", "The same person, rejected"),
    ),
}


@dataclass(frozen=True, slots=True)
class Step:
    """A run of a step; `again` counts those of its name before it."""

    name: str
    title: str
    result: StepResult
    again: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A hit, what it is about in words, and what was said of it."""

    step: str
    title: str
    finding: Finding
    said: Resolution | None
    statuses: Sequence[tuple[str, str]]


def steps(story: Iterable[WorkflowProgressed]) -> list[Step]:
    """Every run of every step in order."""
    runs: dict[str, int] = {}
    found = []
    for result in (result for chapter in story for result in chapter.accepted):
        name = result.outcome.stepName
        found.append(Step(name, NAMES.get(name, name), result, runs.get(name, 0)))
        runs[name] = runs.get(name, 0) + 1
    return found


def hits(story: Iterable[WorkflowProgressed], said: Iterable[Resolution]) -> list[Hit]:
    """Each hit once, with what was said of it."""
    known = {one.process_result_id: one for one in said}
    found = {finding.processResultId: (step, finding) for step, finding in stories.hits(story)}
    return [
        Hit(step, _title(finding), finding, known.get(id), STATUSES.get(step, STATUSES["BLOCKLIST"]))
        for id, (step, finding) in found.items()
    ]


def _title(finding: Finding) -> str:
    if finding.listing is not None:
        return finding.listing.name
    if finding.matchlist is not None:
        return finding.matchlist.name
    return f"Person {finding.duplicateOf}" if finding.duplicateOf else finding.objectType


def examined(found: Iterable[Step]) -> dict[str, list[Finding]]:
    """What was found of each document, by its id, in the last run that looked at it."""
    known: dict[str, list[Finding]] = {}
    for step in (one for one in found if one.name == "IDV"):
        here: dict[str, list[Finding]] = {}
        for finding in step.result.findings:
            if finding.objectType == "DOCUMENT" and finding.objectId is not None:
                here.setdefault(finding.objectId, []).append(finding)
        known |= here
    return known


def colleagues(everybody: Iterable[RowMapping]) -> list[tuple[str, str]]:
    """To whom a case may be handed, as a list to choose from."""
    there = [one for one in everybody if one["disabled_at"] is None and set(DECIDING) & set(one["roles"])]
    return [("", "nobody"), *((one["username"], one["name"] or one["username"]) for one in there)]


def reasons(policy: Policy) -> dict[str, list[tuple[str, str, str]]]:
    """The reasons of a policy to choose from: code, in words, and what the applicant reads."""
    both = {"reject": policy.reject_reasons, "resubmit": policy.resubmit_reasons}
    return {what: [(code, _words(code), text) for code, text in told.items()] for what, told in both.items()}


def wanted(documents: Iterable[Document]) -> list[dict[str, str]]:
    """What may be asked for again: each document of the latest round, and a selfie in any case."""
    found = [
        {"id": one.documentId or "", "type": one.type, "country": one.country, "title": _document(one)}
        for one in documents
    ]
    if all(one["type"] != SELFIE for one in found):
        found.append({"id": "", "type": SELFIE, "country": "", "title": "Selfie"})
    return found


def _document(one: Document) -> str:
    return "Selfie" if one.type == SELFIE else f"{_words(one.type)} ({one.country})"


def _words(code: str) -> str:
    return code.replace("_", " ").capitalize()


def risk(found: Sequence[Step]) -> RiskScore | None:
    """The last assessment."""
    scores = [step.result.outcome.risk for step in found if step.result.outcome.risk is not None]
    return scores[-1] if scores else None


def history(story: Iterable[WorkflowProgressed]) -> list[dict[str, Any]]:
    """The history in the form in which it is drawn."""
    return [
        event.model_dump(mode="json") | {"details": orjson.loads(event.details)}
        for chapter in story
        for event in chapter.history
    ]
