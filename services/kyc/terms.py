"""What one step of a workflow asks of the check, by its settings."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from libs.streaming.check import CheckFailed
from services.kyc.policy import Fuzziness, Policy, Rule

SETTINGS = ("ruleSet", "fuzziness", "sources", "requiredSources")
# With a number for the fuzziness, given and family name may each be off by twice as much as the whole name.
PART_OF_NAME = 2


@dataclass(frozen=True, slots=True)
class Terms:
    """The rules, any one of which verifies; how near is near enough; the sources that may be asked, None for all.

    `told` are the same as settings, with the defaults where the step has none.
    """

    rules: tuple[Rule, ...]
    fuzziness: Fuzziness
    fuzzinessIsAsked: bool
    sources: frozenset[str] | None
    told: Mapping[str, str]


def terms(settings: Mapping[str, str], policy: Policy, known: Collection[str] | None = None) -> Terms:
    """The terms in a step's settings; `known` are the sources that there are. Raises CheckFailed with the place."""
    if unknown := sorted(settings.keys() - {*SETTINGS}):
        raise _refused(f'"{unknown[0]}" is no setting of this check: there are {", ".join(SETTINGS)}')
    rule_set = settings.get("ruleSet") or policy.defaultRuleSet
    if rule_set not in policy.ruleSets:
        raise _refused(f'ruleSet: "{rule_set}" names no rule set')
    level = settings.get("fuzziness") or policy.defaultFuzziness
    sources, required = (_listed(field, settings.get(field), known) for field in ("sources", "requiredSources"))
    rules = policy.ruleSets[rule_set]
    if required:
        rules = tuple(rule.model_copy(update={"requiredSources": required}) for rule in rules)
    told = {"ruleSet": rule_set, "fuzziness": level}
    told |= {field: settings[field] for field in ("sources", "requiredSources") if settings.get(field)}
    return Terms(
        rules=rules,
        fuzziness=_fuzziness(level, policy),
        fuzzinessIsAsked=bool(settings.get("fuzziness")),
        sources=frozenset(sources) if sources else None,
        told=told,
    )


def _fuzziness(level: str, policy: Policy) -> Fuzziness:
    if level in policy.fuzziness:
        return policy.fuzziness[level]
    try:
        off = float(level)
    except ValueError:
        off = -1
    if not 0 <= off <= 1:
        raise _refused(f'fuzziness: "{level}" is neither a number from 0 to 1 nor one of {", ".join(policy.fuzziness)}')
    part = min(1, PART_OF_NAME * off)
    return Fuzziness(name=off, namePart=part, dob=off, address=off, gender=off, document=off)


def _listed(field: str, text: str | None, known: Collection[str] | None) -> tuple[str, ...]:
    """Ids of sources with commas between them."""
    named = tuple(filter(None, (name.strip() for name in (text or "").split(","))))
    for name in named:
        if known is not None and name not in known:
            raise _refused(f'{field}: "{name}" names no source')
    return named


def _refused(problem: str) -> CheckFailed:
    return CheckFailed("Check.InvalidSettings", problem)
