"""The wiring of the decision: the policies on disk, one engine for all of them, and the rules."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import zen

from libs.events.models import CheckRequested, StepResult
from libs.streaming.check import Check, CheckFailed
from services.decision import rules
from services.decision.policy import Policy

POLICIES = Path(__file__).with_name("policies")
DEFAULT = "onboarding"


def load(folder: Path = POLICIES) -> dict[str, Policy]:
    """Every policy of a folder by its name; raises InvalidPolicy."""
    engine = zen.ZenEngine()
    return {path.stem: Policy(path.stem, path.read_text(), engine) for path in sorted(folder.glob("*.json"))}


def check(changed: Mapping[str, str] | None = None) -> Check:
    """The check, with its policies loaded; texts of policies in `changed` take the place of those that ship."""
    engine = zen.ZenEngine()
    policies = load() | {name: Policy(name, text, engine) for name, text in (changed or {}).items()}

    async def answer(request: CheckRequested, now: datetime) -> StepResult:
        name = request.settings.get("policy", DEFAULT)
        if name not in policies:
            raise CheckFailed("Check.UnknownPolicy", f"no policy {name!r}; there are {', '.join(policies)}")
        return rules.answer(request, policies[name], now)

    return Check(name="decision", answer=answer, repeatable=True)
