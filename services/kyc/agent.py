"""The check `kyc`: its sources and its policy put together."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import yaml

from libs.events.models import CheckRequested, ReferenceVersion, StepResult
from libs.streaming.check import Again, Check
from services.kyc import register
from services.kyc.again import decided_again
from services.kyc.asking import Asking
from services.kyc.claim import claim
from services.kyc.policy import Policy, parse
from services.kyc.rules import comparable, decide, rules_for

RULESETS = Path(__file__).parent / "rulesets.yaml"


def policy(path: Path = RULESETS) -> tuple[Policy, ReferenceVersion]:
    """The policy of a document, and which version of it this is."""
    content = path.read_bytes()
    parsed = parse(yaml.safe_load(content))
    version = ReferenceVersion(id="kyc-rulesets", version=parsed.version, sha256=hashlib.sha256(content).hexdigest())
    return parsed, version


def again(text: str) -> Again:
    """Decides recorded answers again by the rule sets of a text; raises ValueError with the path to what is wrong."""
    changed = parse(yaml.safe_load(text))
    groups = {id: source.about.independenceGroup for id, source in register.declared().items()}
    return lambda request, recorded: decided_again(request, recorded, changed, groups)


def check() -> Check:
    """The check with the register that comes with the project."""
    known = register.load()
    rules, version = policy()
    return replace(
        check_with(Asking(known.sources), rules, [known.reference, version]), again=again(RULESETS.read_text())
    )


def check_with(asking: Asking, rules: Policy, references: Sequence[ReferenceVersion]) -> Check:
    """The check with sources and a policy of one's own."""

    async def answer(request: CheckRequested, now: datetime) -> StepResult:
        rules_for(request.settings, rules)  # a rule set that is not there is refused before any source is paid
        claimed = claim(request)
        if not comparable(claimed):
            return decide(request, claimed, [], rules, references, now, now)
        answers, ended = await asking.ask(request.individual, now)
        return decide(request, claimed, answers, rules, references, now, ended)

    return Check(name="kyc", answer=answer, at_once=50, pins=references)
