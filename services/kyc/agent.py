"""The check `kyc`: its sources and its policy put together."""

import hashlib
import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import yaml

from libs.comparing import loading
from libs.comparing.words import Words
from libs.events.manual_kyc import SETTING
from libs.events.models import CheckRequested, Reason, ReferenceVersion, StepResult, StepResultCode
from libs.streaming.check import Again, Answer, Check, CheckFailed
from services.kyc import http_config, manual, register
from services.kyc.asking import Asking
from services.kyc.claim import claim
from services.kyc.http_source import HttpSource
from services.kyc.policy import Policy, parse
from services.kyc.recorded import recorded
from services.kyc.rules import Known, comparable, decide
from services.kyc.settings import Settings
from services.kyc.sources import Source
from services.kyc.terms import Terms, terms

NAME = "kyc"
RULESETS = Path(__file__).parent / "rulesets.yaml"
# Different settings of steps that are remembered: workflows have a few.
SETTINGS = 256


def policy(path: Path = RULESETS) -> tuple[Policy, ReferenceVersion]:
    """The policy of a document, and which version of it this is."""
    content = path.read_bytes()
    parsed = parse(yaml.safe_load(content))
    return parsed, _version("kyc-rulesets", parsed.version, content)


def words(path: Path = loading.WORDS) -> tuple[Words, ReferenceVersion]:
    """The words of a document, and which version of it this is."""
    parsed, content = loading.words(path)
    return parsed, _version("kyc-words", parsed.version, content)


def http_sources(path: Path, environ: Mapping[str, str]) -> tuple[list[Source], bool, ReferenceVersion]:
    """The sources of a document, whether the register's are asked too, and which version of the document this is."""
    content = path.read_bytes()
    parsed = http_config.parse(yaml.safe_load(content))
    sources: list[Source] = [HttpSource(entry, environ) for entry in parsed.sources]
    return sources, parsed.register_, _version("kyc-sources", parsed.version, content)


def check(environ: Mapping[str, str] = os.environ) -> Check:
    """The check as the environment has it: with the register that comes with the project if that says nothing."""
    settings = Settings()
    rules, version = policy(Path(settings.kyc_rulesets) if settings.kyc_rulesets else RULESETS)
    return _with_sources(settings, environ, rules, version)


def again(text: str, environ: Mapping[str, str] = os.environ) -> Again:
    """Judges recorded answers anew by the rule sets of a text; raises ValueError with the path to what is wrong."""
    rules = parse(yaml.safe_load(text))
    judged = _with_sources(Settings(), environ, rules, _version("kyc-rulesets", rules.version, text.encode())).again
    assert judged is not None, "the check knows what its sources answered"
    return judged


def _with_sources(settings: Settings, environ: Mapping[str, str], rules: Policy, version: ReferenceVersion) -> Check:
    known_words, words_version = words(Path(settings.kyc_words) if settings.kyc_words else loading.WORDS)
    sources: list[Source] = []
    with_register, references = True, [version, words_version]
    if settings.kyc_sources:
        sources, with_register, described = http_sources(Path(settings.kyc_sources), environ)
        references.append(described)
    if with_register:
        known = register.load()
        sources = [*known.sources, *sources]
        references.insert(0, known.reference)
    return check_with(Asking(sources), rules, known_words, references)


def check_with(asking: Asking, rules: Policy, words: Words, references: Sequence[ReferenceVersion]) -> Check:
    """The check with sources and documents of one's own; raises ValueError where they do not fit together."""
    known = Known.of(rules, words, [source.about for source in asking.sources], references)

    def again(then: StepResult) -> Answer:
        # Where no source was asked, the check itself stands among those who answered.
        asked = [call for call in then.providers if call.source != NAME]
        return _answering(Asking(recorded(asking.sources, asked)), known)

    return Check(name=NAME, answer=_answering(asking, known), at_once=50, pins=known.references, again=again)


def _answering(asking: Asking, known: Known) -> Answer:
    @lru_cache(SETTINGS)
    def terms_of(settings: tuple[tuple[str, str], ...]) -> Terms:
        return terms(dict(settings), known.policy, known.groups)

    async def answer(request: CheckRequested, now: datetime) -> StepResult:
        # What makes no sense is refused before a source is paid.
        asked = terms_of(tuple(sorted((name, value) for name, value in request.settings.items() if name != SETTING)))
        seen = manual.given(request.settings)
        lapsed = seen.lapsed(request.individual, now.date()) if seen else None
        if seen and lapsed is None:
            return manual.approved(request, seen, known.references, now)
        claimed = claim(request)
        if not comparable(claimed, asked):
            return decide(request, claimed, [], asked, known, now, now)
        answers, ended = await asking.ask(request, asked.sources, now)
        result = decide(request, claimed, answers, asked, known, now, ended)
        if lapsed is not None:
            result.outcome.reasons.append(Reason(code="KYC_MANUAL_LAPSED", message=f"manual KYC: {lapsed}"))
        if result.outcome.result is StepResultCode.ERROR:
            raise CheckFailed("Check.SourceUnavailable", _cause(result), result)
        return result

    return answer


def _version(id: str, version: str, content: bytes) -> ReferenceVersion:
    return ReferenceVersion(id=id, version=version, sha256=hashlib.sha256(content).hexdigest())


def _cause(result: StepResult) -> str:
    down = (f"{call.source} ({call.error})" for call in result.providers if call.result in ("ERROR", "TIMEOUT"))
    return f"{result.ruleMatches[0].ruleName} waits for {', '.join(down)}"
