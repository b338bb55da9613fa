"""The check `kyc`: its sources and its policy put together."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import yaml

from libs.events.models import CheckRequested, ReferenceVersion, StepResult, StepResultCode
from libs.streaming.check import Check, CheckFailed
from services.kyc import register
from services.kyc.asking import Asking
from services.kyc.claim import claim
from services.kyc.policy import Policy, parse
from services.kyc.rules import Known, comparable, decide
from services.kyc.terms import terms

RULESETS = Path(__file__).parent / "rulesets.yaml"


def policy(path: Path = RULESETS) -> tuple[Policy, ReferenceVersion]:
    """The policy of a document, and which version of it this is."""
    content = path.read_bytes()
    parsed = parse(yaml.safe_load(content))
    version = ReferenceVersion(id="kyc-rulesets", version=parsed.version, sha256=hashlib.sha256(content).hexdigest())
    return parsed, version


def check() -> Check:
    """The check with the register that comes with the project."""
    known = register.load()
    rules, version = policy()
    return check_with(Asking(known.sources), rules, [known.reference, version])


def check_with(asking: Asking, rules: Policy, references: Sequence[ReferenceVersion]) -> Check:
    """The check with sources and a policy of one's own; raises ValueError where they do not fit together."""
    known = Known(rules, _groups(asking, rules), references)

    async def answer(request: CheckRequested, now: datetime) -> StepResult:
        asked = terms(request.settings, rules, known.groups)  # what makes no sense is refused before a source is paid
        claimed = claim(request)
        if not comparable(claimed, asked):
            return decide(request, claimed, [], asked, known, now, now)
        answers, ended = await asking.ask(request, asked.sources, now)
        result = decide(request, claimed, answers, asked, known, now, ended)
        if result.outcome.result is StepResultCode.ERROR:
            raise CheckFailed("Check.SourceUnavailable", _cause(result), result)
        return result

    return Check(name="kyc", answer=answer, at_once=50)


def _groups(asking: Asking, rules: Policy) -> dict[str, str]:
    """The independence group of each source."""
    groups: dict[str, str] = {}
    for about in (source.about for source in asking.sources):
        if about.id in groups:
            raise ValueError(f"there are two sources {about.id}")
        if about.fuzziness is not None and about.fuzziness not in rules.fuzziness:
            raise ValueError(f'source {about.id}: fuzziness: "{about.fuzziness}" is none of the policy\'s')
        groups[about.id] = about.independenceGroup
    return groups


def _cause(result: StepResult) -> str:
    down = (f"{call.source} ({call.error})" for call in result.providers if call.result == "ERROR")
    return f"{result.ruleMatches[0].ruleName} waits for {', '.join(down)}"
