"""The risk of a person, and what it is made of."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from libs.events.models import (
    CheckRequested,
    Reason,
    ReferenceVersion,
    RiskBand,
    RiskFactorScore,
    RiskLevel,
    RiskScore,
    StepOutcome,
    StepResult,
    StepResultCode,
)
from libs.scoring.adding import Sums
from services.risk.factors import Factor, factors
from services.risk.overrides import DISCARDED, OVERRIDDEN, VALID, former, overrides
from services.risk.profile import Assessment, Scored
from services.risk.tables import Tables


class Assesses(Protocol):
    """A risk profile: it scores factors."""

    name: str
    version: str
    sha256: str
    bands: list[RiskBand]
    sums: Sums

    def assess(self, factors: Sequence[Factor], overrides: Mapping[str, int] | None = None) -> Assessment:
        """The assessment of the factors, with a person's points in place of the profile's."""


def answer(
    request: CheckRequested, profile: Assesses, tables: Tables, references: Sequence[ReferenceVersion], now: datetime
) -> StepResult:
    """The answer to a request: a score and its level; whether that passes is for the decision.

    `references`: the tables' versions. Raises CheckFailed for settings that cannot be followed.
    """
    found, given = factors(request, tables, now.date()), overrides(request)
    assessment = profile.assess(found, given)
    unchanged = profile.assess(found) if any(one.overridden for one in assessment.scored) else None
    outcome = StepOutcome(
        stepName="RISK",
        result=StepResultCode.COMPLETE,
        reasons=[_level_reason(assessment), *map(_factor_reason, _telling(assessment))],
        counts={"totalFactors": len(assessment.scored)},
        risk=RiskScore(
            score=assessment.score,
            level=_level(assessment),
            factors=[*map(_factor, assessment.scored), *_discarded(request, assessment)],
            profile=profile.version,
            workflowScore=unchanged.score if unchanged else None,
            workflowLevel=_level(unchanged) if unchanged else None,
            bands=profile.bands,
            summed=list(profile.sums.categories),
            summedFactors=list(profile.sums.factors),
        ),
    )
    version = ReferenceVersion(id=f"risk-profile/{profile.name}", version=profile.version, sha256=profile.sha256)
    return StepResult(outcome=outcome, references=[version, *references], startedAt=now, endedAt=now)


def _level(assessment: Assessment) -> RiskLevel:
    """Without anything to assess there is no assessment."""
    return RiskLevel(assessment.level) if assessment.scored else RiskLevel.UNKNOWN


def _factor(one: Scored) -> RiskFactorScore:
    return RiskFactorScore(
        factor=one.factor,
        value=one.value,
        score=one.added,
        rule=one.row.place,
        status=OVERRIDDEN if one.overridden else VALID,
        manualOverrideScore=one.points if one.overridden else None,
        category=one.category,
        points=one.row.points,
    )


def _discarded(request: CheckRequested, assessment: Assessment) -> Iterator[RiskFactorScore]:
    """What an earlier assessment of the same workflow had and this one has not; it adds nothing any more."""
    here = {(one.factor, one.value) for one in assessment.scored}
    for one in former(request):
        if (one.factor, one.value) not in here:
            here.add((one.factor, one.value))
            yield one.model_copy(update={"status": DISCARDED, "score": 0})


def _telling(assessment: Assessment) -> list[Scored]:
    """The factors that speak for a risk, the gravest first, and those that a person spoke for."""
    scored = sorted(assessment.scored, key=lambda one: -one.points)
    return [one for one in scored if one.points or one.overridden]


def _level_reason(assessment: Assessment) -> Reason:
    level = _level(assessment)
    if level is RiskLevel.UNKNOWN:
        return Reason(code="RISK_UNKNOWN", message="Nothing could be assessed.")
    made_of = ", ".join(f"{name} {points}" for name, points in assessment.categories.items() if points)
    message = f"The score of {assessment.score} is {level}" + (f": {made_of}." if made_of else ".")
    return Reason(code=f"RISK_{level}", message=message)


def _factor_reason(one: Scored) -> Reason:
    why = f" ({one.row.why})" if one.row.why else ""
    told = f"{one.factor} is {one.value}{why}: {one.points} points"
    if one.overridden:
        return Reason(code="RISK_FACTOR", message=f"{told} by a person, in place of {one.row.points}.")
    return Reason(code="RISK_FACTOR", message=f"{told} by {one.row.place}.")
