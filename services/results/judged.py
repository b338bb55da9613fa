"""The outcomes that an execution was decided on, as people have resolved what was found since."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import orjson

from libs.events.models import Reason, RiskFactorValue, StepOutcome, StepResultCode
from services.results.summaries import summary

Json: TypeAlias = dict[str, Any]
Findings: TypeAlias = Sequence[Json]

# What is judged again is not evidence of itself.
JUDGEMENTS = ("RISK", "DECISION")
# Of a customer's lists the gravest action counts; the check itself knows this order, too.
ACTIONS = ("BLOCK", "REVIEW", "ALLOW", "ALERT")
RESOLVED = ("CLEARED", "HIT_ACCEPTED", "PASS")


def evidence(events: Iterable[Json]) -> list[StepOutcome]:
    """The outcomes that the last judgement was given, from the events of an execution's history in their order."""
    given: list[Any] = []
    for event in events:
        if event["type"].endswith("Scheduled"):
            parameters = orjson.loads(event["details"]).get("parameters")
            given = (parameters.get("evidence") if isinstance(parameters, dict) else None) or given
    outcomes = [StepOutcome.model_validate(one) for one in given]
    return [one for one in outcomes if one.stepName not in JUDGEMENTS]


def as_resolved(outcome: StepOutcome, result: str | None, findings: Findings) -> StepOutcome:
    """An outcome with the result, the counts and the factors that follow from what was said; None: nothing was."""
    if result is None:
        return outcome
    counted = summary(outcome.stepName, [{}], findings, None)
    counts = {name: value for name, value in counted.items() if type(value) is int}
    factors = FACTORS[outcome.stepName](result, findings, counts) if outcome.stepName in FACTORS else {}
    others = [one for one in outcome.riskFactors if one.factor not in factors]
    return outcome.model_copy(
        update={
            "result": StepResultCode(result),
            "reasons": [Reason(code="RESOLVED", message=f"{result} by what people said of it."), *outcome.reasons],
            "issues": [] if result in RESOLVED else outcome.issues,
            "riskFactors": [*others, *(RiskFactorValue(factor=name, value=told) for name, told in factors.items())],
            "counts": outcome.counts | counts,
        }
    )


def _standing(findings: Findings) -> Iterable[str]:
    """`factor=value` of each factor of each hit that nobody has called false."""
    for one in findings:
        if one["result"] == "HIT" and not (one["manualStatus"] or "").startswith("FALSE_POSITIVE"):
            yield from {f"{factor['factor']}={factor['value']}" for factor in one.get("riskFactors", ())}


def _aml(result: str, findings: Findings, counts: Mapping[str, int]) -> dict[str, str]:
    sanctions = list(_standing(findings)).count("has_sanctions=true")
    return {"has_sanctions": "true" if sanctions else "false", "num_sanctions": str(sanctions)}


def _duplicate(result: str, findings: Findings, counts: Mapping[str, int]) -> dict[str, str]:
    return {"unresolved_duplicates": str(counts["totalUnresolved"])}


def _matchlist(result: str, findings: Findings, counts: Mapping[str, int]) -> dict[str, str]:
    standing = set(_standing(findings))
    action = next((one for one in ACTIONS if f"on_matchlist_internal={one}" in standing), "NONE")
    return {"on_matchlist_internal": action}


def _identity(result: str, findings: Findings, counts: Mapping[str, int]) -> dict[str, str]:
    return {"idv_document_result": result}


FACTORS: Mapping[str, Callable[[str, Findings, Mapping[str, int]], dict[str, str]]] = {
    "AML": _aml,
    "DUPLICATE": _duplicate,
    "BLOCKLIST": _matchlist,
    "IDV": _identity,
}
