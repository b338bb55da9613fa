"""The risk of a person, and what it is made of."""

from datetime import datetime
from typing import Protocol

from libs.events.models import (
    CheckRequested,
    Reason,
    RiskFactorScore,
    RiskLevel,
    RiskScore,
    StepOutcome,
    StepResult,
    StepResultCode,
)
from services.risk.factors import Factor, factors
from services.risk.profile import Assessment, Scored
from services.risk.tables import Tables


class Assesses(Protocol):
    """A risk profile: it scores factors."""

    version: str

    def assess(self, factors: list[Factor]) -> Assessment:
        """The assessment of the factors."""


def answer(request: CheckRequested, profile: Assesses, tables: Tables, now: datetime) -> StepResult:
    """The answer to a request: a score and its level; whether that passes is for the decision."""
    assessment = profile.assess(factors(request, tables, now.date()))
    level = RiskLevel(assessment.level) if assessment.scored else RiskLevel.UNKNOWN
    outcome = StepOutcome(
        stepName="RISK",
        result=StepResultCode.COMPLETE,
        reasons=[_level_reason(level, assessment), *map(_factor_reason, assessment.scored)],
        counts={"totalFactors": len(assessment.scored)},
        risk=RiskScore(score=assessment.score, level=level, factors=shares(assessment), profile=profile.version),
    )
    return StepResult(outcome=outcome, startedAt=now, endedAt=now)


def shares(assessment: Assessment) -> list[RiskFactorScore]:
    """What each factor adds to the score: where only the highest of a category counts, the others add nothing."""
    left = dict(assessment.categories)
    found = {}
    for one in sorted(assessment.scored, key=lambda scored: -scored.points):
        share = min(one.points, left.get(one.category, 0))
        left[one.category] = left.get(one.category, 0) - share
        found[one] = share
    return [RiskFactorScore(factor=one.factor, value=one.value, score=found[one]) for one in assessment.scored]


def _level_reason(level: RiskLevel, assessment: Assessment) -> Reason:
    if level is RiskLevel.UNKNOWN:
        return Reason(code="RISK_UNKNOWN", message="Nothing could be assessed.")
    made_of = ", ".join(f"{name} {points}" for name, points in assessment.categories.items() if points)
    message = f"The score of {assessment.score} is {level}" + (f": {made_of}." if made_of else ".")
    return Reason(code=f"RISK_{level}", message=message)


def _factor_reason(one: Scored) -> Reason:
    return Reason(code="RISK_FACTOR", message=f"{one.factor} is {one.value}: {one.points} points by row {one.rule}.")
