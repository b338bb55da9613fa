"""Findings and step results in the contract's shape, as they are kept."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from libs.events.message import derived_id
from libs.events.models import (
    Finding,
    Listing,
    Measure,
    ProviderCall,
    ProviderResult,
    ReferenceVersion,
    RiskScore,
    RuleMatch,
    StepResult,
)

Json: TypeAlias = dict[str, Any]

SCHEMA_VERSION = 1

# Type of the supplementary data by what was checked (contract: Supplementary-Data-Base).
KYC_DATA = {
    "NAME": "KYC_NAME",
    "DATE_OF_BIRTH": "KYC_DOB",
    "ADDRESS": "KYC_ADDRESS",
    "GENDER": "KYC_GENDER",
    "DOCUMENT": "ID",
}

# What each match type of a KYC rule is, as the type of an object.
MATCH_TYPES = {
    "name": "NAME",
    "dob": "DATE_OF_BIRTH",
    "address": "ADDRESS",
    "gender": "GENDER",
    "document": "DOCUMENT",
}
_PLACES = {kind: place for place, kind in enumerate(MATCH_TYPES)}

# Which part of the AML data a listing stands in, by the beginning of its topics; a watchlist where none fits.
AML_DATA = {"sanction": "sanctionData", "role.pep": "pepData", "role.rca": "pepData"}

# Attributes whose strength may stand for a date, a name, ... of a duplicate (contract: Object-Type).
DUPLICATE_FIELDS = {
    "name": "NAME",
    "dateOfBirth": "DATE_OF_BIRTH",
    "dob": "DATE_OF_BIRTH",
    "address": "ADDRESS",
    "document": "DOCUMENT",
    "email": "EMAIL",
    "phone": "PHONE_NUMBER",
}


def present(**values: Any) -> Json:
    """The values that are there."""
    return {name: value for name, value in values.items() if value is not None}


def attributes(pairs: Iterable[tuple[str, str]]) -> Json:
    """Custom-Attributes: each value with its type."""
    return {name: {"type": "general.string", "value": value} for name, value in pairs}


def process_result(finding: Finding) -> Json:
    """What a Process-Result-Object says beyond the columns of its row."""
    return present(
        objectId=finding.objectId,
        providerResult=finding.provider and provider_result(finding.provider),
        supplementaryData=supplementary_data(finding),
        riskFactors=[{"factor": one.factor, "value": one.value} for one in finding.riskFactors] or None,
        notes=attributes(_finding_notes(finding)) or None,
    )


def _finding_notes(finding: Finding) -> list[tuple[str, str]]:
    """One sentence, and the figures that it went by."""
    told = [("explanation", finding.explanation)] if finding.explanation else []
    return told + [(f"measure.{one.name}", measured(one)) for one in finding.measures]


def measured(one: Measure) -> str:
    """A figure with its unit, and what would have passed."""
    figure = "unknown" if one.value is None else f"{one.value} {one.unit}"
    return f"{figure}; passes: {one.wouldPass}" if one.wouldPass else figure


def provider_result(provider: ProviderResult) -> Json:
    """Who was asked, in the contract's shape."""
    return present(
        name=provider.name,
        source=provider.source,
        sourceNormalized=provider.sourceNormalized,
        reference=provider.reference,
        confidence=None if provider.confidence is None else {"normalized": provider.confidence},
    )


def supplementary_data(finding: Finding) -> Json | None:
    """The evidence of a finding, by its kind."""
    if finding.listing is not None:
        return aml_data(finding.listing)
    if finding.matchlist is not None:
        match = finding.matchlist
        return present(
            type="MATCHLIST",
            matchlistId=match.matchlistId,
            matchlistName=match.name,
            matchlistAction=match.action.value,
            entryId=match.entryId,
            reference=match.reference,
        )
    if finding.duplicateOf is not None:
        return duplicate_data(finding.duplicateOf, finding.matchStrengths)
    if finding.matchStrengths:
        return present(
            type=KYC_DATA.get(finding.objectType, "ID"),
            matchStrengths=finding.matchStrengths,
            fuzziness=finding.fuzziness and present(**finding.fuzziness.model_dump()),
            wasNameMatchStrongEnough=finding.wasNameMatchStrongEnough,
        )
    return None


def aml_data(listing: Listing) -> Json:
    """The listed person that was matched, with the features of the score."""
    entry = present(
        sourceName=listing.listId,
        countryCode=listing.countries[0] if listing.countries else None,
        sourceReason="; ".join(listing.programmes) or None,
    )
    parts = {part for topic in listing.topics for start, part in AML_DATA.items() if topic.startswith(start)}
    return {
        "type": "AML",
        "serviceProvider": listing.listId,
        "referenceId": listing.entryId,
        "matchData": present(
            strength=round(listing.score * 100, 1),
            spReferenceId=listing.entryId,
            name=listing.name,
            date=", ".join(listing.datesOfBirth) or None,
            countries=[{"code": country} for country in listing.countries],
            isAlias=listing.matchedName != listing.name,
        ),
        "aliases": [listing.matchedName] if listing.matchedName != listing.name else [],
        **{part: [entry] for part in sorted(parts or {"watchlistData"})},
        "notes": attributes(
            [("topics", ", ".join(listing.topics))]
            + [(f"feature.{one.name}", _feature(one.score, one.detail)) for one in listing.features]
        ),
    }


def duplicate_data(entity_id: str, strengths: dict[str, int]) -> Json:
    """The other person, and how much of them is the same."""
    fields = [
        {"objectType": DUPLICATE_FIELDS[name], "matchStrength": strength}
        for name, strength in strengths.items()
        if name in DUPLICATE_FIELDS
    ]
    return {"type": "DUPLICATE", "duplicateEntityId": entity_id, "matchedFields": fields}


def step_result(step_result_id: str, step: StepResult) -> Json:
    """A Workflow-Execution-Step-Result without its process results and the columns of its row."""
    outcome = step.outcome
    return present(
        stepResultId=step_result_id,
        serviceProviders=[
            {
                "provider": call.source,
                "result": call.result,
                "order": call.order,
                "startedAt": call.startedAt,
                "endedAt": call.endedAt,
            }
            for call in step.providers
        ],
        errors=errors(step),
        summary=summary(step),
        risk=outcome.risk and step_risk(outcome.risk),
        basis=outcome.risk and outcome.risk.model_dump(mode="json", exclude_defaults=True),
        notes=attributes(_notes(step)),
    )


def errors(step: StepResult) -> list[Json]:
    """What kept the step from its answer, and the sources that could not give theirs."""
    own = [present(code=one.code, description=one.description, location=one.location) for one in step.errors]
    return own + [
        {"code": call.result, "description": call.error, "location": call.source}
        for call in step.providers
        if call.error
    ]


def summary(step: StepResult) -> Json:
    """What the step's summary says that cannot be counted from its process results."""
    outcome = step.outcome
    if outcome.stepName == "KYC":
        rules = [(order, rule) for order, rule in enumerate(step.ruleMatches, 1)]
        return {
            "matchedRules": [kyc_rule(order, rule, step.providers) for order, rule in rules if rule.isVerified],
            "unmatchedRules": [kyc_rule(order, rule, step.providers) for order, rule in rules if not rule.isVerified],
        }
    if step.searchedBy:
        return present(searchedBy=step.searchedBy, fuzziness=step.fuzziness)
    # Of a RISK step the contract's summaries have the name alone; its factors stand in the assessment.
    told: Json = {} if outcome.stepName == "RISK" else dict(outcome.counts)
    if outcome.decision is not None:
        told["workflowExecutionResult"] = outcome.decision.status.value
    return told


def kyc_rule(order: int, rule: RuleMatch, providers: Iterable[ProviderCall] = ()) -> Json:
    """How one KYC rule fared, by match type."""
    types = _in_order({*rule.matchSources, *rule.nonMatchSources})
    matched = _sources(rule.matchSources)
    others = _sources(rule.nonMatchSources)
    of = {call.source: call.name for call in providers}
    return {
        "ruleName": rule.ruleName,
        "ruleOrder": order,
        "ruleMatches": [
            {
                "matchTypes": {kind: _match_type(kind, rule) for kind in types},
                "matchCount": rule.matchCount,
                "matchCountRequired": rule.matchCountRequired,
                "hasAllRequiredSourcesMatched": not rule.requiredSourcesNotMatched,
                "requiredSourcesMatched": rule.requiredSourcesMatched,
                "requiredSourcesNotMatched": rule.requiredSourcesNotMatched,
                "isVerified": rule.isVerified,
                "matchDetails": [_match_detail(source, rule, of) for source in matched],
                "nonMatchDetails": [_match_detail(source, rule, of) for source in others if source not in matched],
            }
        ],
    }


def _in_order(kinds: Iterable[str]) -> list[str]:
    """Kinds of match as the contract has them: a map of them has no order once it has been kept."""
    return sorted(kinds, key=lambda kind: (_PLACES.get(kind, len(_PLACES)), kind))


def _sources(by_kind: Mapping[str, Sequence[str]]) -> list[str]:
    return list(dict.fromkeys(source for kind in _in_order(by_kind) for source in by_kind[kind]))


def _match_type(kind: str, rule: RuleMatch) -> Json:
    matched, others = rule.matchSources.get(kind, []), rule.nonMatchSources.get(kind, [])
    return present(
        objectId=rule.objectIds.get(kind),
        objectType=MATCH_TYPES.get(kind),
        matchCount=len(matched),
        matchSources=matched,
        nonMatchSources=others,
        isChecked=bool(matched or others),
        isVerified=bool(matched),
    )


def _match_detail(source: str, rule: RuleMatch, providers: Mapping[str, str]) -> Json:
    attributes = _in_order(kind for kind, sources in rule.matchSources.items() if source in sources)
    return present(provider=providers.get(source), source=source, attributesMatched=attributes)


def step_risk(risk: RiskScore) -> Json:
    """The risk step's own view of the score."""
    return {
        "level": risk.level.value,
        "contributedScore": risk.score,
        "overallScore": risk.score,
        "factors": [{"factor": one.factor, "value": one.value, "score": one.score} for one in risk.factors],
    }


def risk_assessment(execution_id: str, step_result_id: str, risk: RiskScore, at: datetime) -> Json:
    """What a Risk-Assessment says that is not known from its execution."""
    return {
        "riskAssessmentId": derived_id(step_result_id, "results", "risk"),
        "schemaVersion": SCHEMA_VERSION,
        "createdAt": at,
        "updatedAt": at,
        "workflowRiskScore": risk.score if risk.workflowScore is None else risk.workflowScore,
        "workflowRiskLevel": (risk.workflowLevel or risk.level).value,
        "riskScore": risk.score,
        "riskLevel": risk.level.value,
        "isOutdated": False,
        "riskFactors": [
            present(
                riskFactorId=derived_id(step_result_id, "results", "risk", number),
                factor=one.factor,
                value=one.value,
                score=one.score,
                description=one.rule or None,
                workflowExecutionId=execution_id,
                stepResultId=step_result_id,
                manualOverrideScore=one.manualOverrideScore,
                status=one.status,
                createdAt=at,
            )
            for number, one in enumerate(risk.factors)
        ],
    }


def issues(execution_id: str, step_result_id: str, step: StepResult) -> list[Json]:
    """The step's issues, each with an id of its own."""
    return [
        {
            "issueId": derived_id(step_result_id, "results", "issue", number),
            "category": issue.category,
            "issue": issue.issue,
            "severity": issue.severity,
            "workflowExecutionId": execution_id,
            "stepResultId": step_result_id,
            "stepName": step.outcome.stepName,
            "isCleared": False,
            "createdAt": step.endedAt,
        }
        for number, issue in enumerate(step.outcome.issues)
    ]


def _notes(step: StepResult) -> list[tuple[str, str]]:
    """Why the step came out as it did, and which reference data and policy it used."""
    outcome = step.outcome
    notes = [(f"reason.{one.code}", one.message) for one in outcome.reasons]
    notes += [(f"measure.{one.name}", measured(one)) for one in outcome.measures]
    notes += [(f"setting.{name}", value) for name, value in step.settings.items()]
    notes += [
        (f"wouldVerify.{rule.ruleName}", rule.wouldVerify) for rule in step.ruleMatches if rule.wouldVerify is not None
    ]
    notes += [(f"reference.{one.id}", _version(one)) for one in step.references]
    if outcome.decision is not None:
        notes += [("decision.rule", outcome.decision.rule), ("decision.policy", outcome.decision.policy)]
        notes += [("decision.input", outcome.decision.input), ("decision.rows", ", ".join(outcome.decision.rows))]
    if outcome.risk is not None:
        notes += [("risk.profile", outcome.risk.profile)]
    return notes


def _version(one: ReferenceVersion) -> str:
    aged = "" if one.ageSeconds is None else f" age:{one.ageSeconds}s"
    return f"{one.version} sha256:{one.sha256}{aged}"


def _feature(score: float, detail: str | None) -> str:
    return f"{score:g}: {detail}" if detail else f"{score:g}"
