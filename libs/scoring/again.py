"""A risk score added up again with points of a person, as the assessment itself would have."""

from collections.abc import Mapping

from libs.events.models import RiskFactorScore, RiskLevel, RiskScore
from libs.scoring.adding import Sums, Value, level, shares

VALID, OVERRIDDEN, DISCARDED = "VALID", "OVERRIDDEN", "DISCARDED"


class NotTold(ValueError):
    """The assessment does not say what its score is added up from: an earlier release made it."""


def reassessed(risk: RiskScore, overrides: Mapping[str, int | None]) -> RiskScore:
    """The score with these points by factor; None gives a factor the profile's points back. Raises NotTold."""
    if not risk.bands:
        raise NotTold("the assessment was made by an earlier release: run the workflow again")
    counted = [_with(one, overrides) for one in risk.factors if one.status != DISCARDED]
    added = shares([_value(one) for one in counted], Sums(risk.summed, risk.summedFactors))
    scored = [one.model_copy(update={"score": share}) for one, share in zip(counted, added, strict=True)]
    plain = shares([_value(_with(one, {one.factor: None})) for one in counted], Sums(risk.summed, risk.summedFactors))
    overridden = any(one.status == OVERRIDDEN for one in scored)
    return risk.model_copy(
        update={
            "score": sum(added),
            "level": _level(risk, sum(added), counted),
            "factors": [*scored, *(one for one in risk.factors if one.status == DISCARDED)],
            "workflowScore": sum(plain) if overridden else None,
            "workflowLevel": _level(risk, sum(plain), counted) if overridden else None,
        }
    )


def _with(factor: RiskFactorScore, overrides: Mapping[str, int | None]) -> RiskFactorScore:
    if factor.factor not in overrides:
        return factor
    points = overrides[factor.factor]
    return factor.model_copy(update={"manualOverrideScore": points, "status": VALID if points is None else OVERRIDDEN})


def _value(factor: RiskFactorScore) -> Value:
    by_hand = factor.manualOverrideScore
    points = (factor.points or 0) if by_hand is None else by_hand
    return Value(factor.factor, factor.category, points, by_hand is not None)


def _level(risk: RiskScore, score: int, counted: list[RiskFactorScore]) -> RiskLevel:
    if not counted:
        return RiskLevel.UNKNOWN
    starts = [band.start for band in risk.bands if band.start is not None]
    return RiskLevel(level(score, [band.level for band in risk.bands], starts))
