"""What came of an onboarding, as the HTTP API tells it to the customer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from libs.embedded.errors import EmbeddedError
from libs.embedded.http import Refused, get_json
from libs.embedded.sample.people import CUSTOMER
from libs.events.message import derived_id

PROFILE = "Onboarding"
WORKFLOW = "Individual-Onboarding"
DECISION = "DECISION"
# The step that a rule of the policy is about, by the beginning of its id; the API keeps no order among the reasons.
RULES = {
    "matchlist": "BLOCKLIST", "aml": "AML", "idv": "IDV", "kyc": "KYC", "duplicate": "DUPLICATE", "risk": "RISK",
}  # fmt: skip


Decided = Callable[[Mapping[str, Any], Mapping[str, Any]], tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    """An execution that has ended; `step` is the one that decided, `why` its reasons and then those of the others."""

    status: str
    steps: Mapping[str, str]
    step: str
    why: str
    milliseconds: int


def headers(key: str) -> dict[str, str]:
    """What the sample's customer sends with a request."""
    return {"api_key": key, "X-Frankie-CustomerID": CUSTOMER}


def execution_of(event_id: str) -> str:
    """The id of the execution that an onboarding starts."""
    return derived_id(event_id, "orchestration", "execution")


def execution_path(entity_id: str, execution_id: str) -> str:
    """Where the API tells of an execution."""
    parts = ("v2", "individuals", entity_id, "serviceprofiles", PROFILE, "workflows", WORKFLOW, "executions")
    return "/" + "/".join(quote(part, safe="") for part in (*parts, execution_id))


def ask(api: str, key: str, entity_id: str, event_id: str) -> Answer | None:
    """What the API says of an onboarding; None as long as it has no answer."""
    try:
        document = get_json(api + execution_path(entity_id, execution_of(event_id)), headers(key))
    except Refused as refusal:
        raise EmbeddedError(str(refusal)) from None
    result = (document or {}).get("workflowResult")
    return answer(result) if result else None


def answer(result: Mapping[str, Any], decided: Decided | None = None) -> Answer:
    """A Workflow-Result in short; `decided` gives the step that did, and why."""
    steps = {step["stepName"]: step for step in result["workflowStepResults"]}
    step, why = (decided or _decided)(result, steps)
    return Answer(
        # Without an end of its own an execution has no status: how it ended stands in its place.
        status=result.get("status") or result["workflowExecutionState"],
        steps={name: step["result"] for name, step in steps.items()},
        step=step,
        why=why,
        milliseconds=_milliseconds(result),
    )


def _decided(result: Mapping[str, Any], steps: Mapping[str, Any]) -> tuple[str, str]:
    """The step that the deciding rule is about, and why; for an error, its cause."""
    if DECISION not in steps:
        return "", "; ".join(f"{one.get('code')}: {one.get('description', '')}" for one in result["errors"])
    notes = {name: note["value"] for name, note in steps[DECISION].get("notes", {}).items()}
    step = RULES.get(notes["decision.rule"].partition("-")[0], DECISION)
    reasons = [text for name, text in notes.items() if name.startswith("reason.")]
    own = [text for text in reasons if text.startswith(f"{step}: ")]
    rest = [text for text in reasons if text not in own]
    return step, "; ".join([*(text.removeprefix(f"{step}: ") for text in own), *rest]) or notes["decision.rule"]


def _milliseconds(result: Mapping[str, Any]) -> int:
    begun, ended = (datetime.fromisoformat(result[name]) for name in ("startedAt", "endedAt"))
    return round((ended - begun).total_seconds() * 1000)
