"""Points that a person gave to a factor in place of the profile's."""

from libs.events.models import CheckRequested, RiskFactorScore
from libs.streaming.check import CheckFailed

# A setting of the step: `override.is_pep: 10`.
SETTING = "override."
RISK = "RISK"
VALID, OVERRIDDEN, DISCARDED = "VALID", "OVERRIDDEN", "DISCARDED"


def overrides(request: CheckRequested) -> dict[str, int]:
    """Points by factor: those of an earlier assessment in the evidence, and before them the step's settings.

    Raises CheckFailed for a setting that is no number of points.
    """
    earlier = {
        one.factor: one.manualOverrideScore
        for one in former(request)
        if one.status == OVERRIDDEN and one.manualOverrideScore is not None
    }
    return earlier | {
        name.removeprefix(SETTING): _points(name, value)
        for name, value in request.settings.items()
        if name.startswith(SETTING)
    }


def former(request: CheckRequested) -> list[RiskFactorScore]:
    """The factors of earlier assessments in the evidence."""
    assessed = [outcome.risk for outcome in request.evidence if outcome.stepName == RISK and outcome.risk]
    return [factor for risk in assessed for factor in risk.factors]


def _points(name: str, value: str) -> int:
    if not value.isascii() or not value.isdecimal() or len(value) > 6:
        raise CheckFailed("Check.InvalidSettings", f'{name}: "{value}" is no number of points from 0 to 999999')
    return int(value)
