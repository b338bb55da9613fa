"""The check `prescreening`: the step that is asked for gathers what it needs, and its rules judge."""

import hashlib
import os
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import yaml
from sqlalchemy.exc import DBAPIError

from libs.blobs.directory import Directory
from libs.events.catalogue import PART, step_asked, step_name
from libs.events.models import (
    CheckRequested,
    Decision,
    ExecutionStatus,
    ReferenceVersion,
    StepResult,
    StepResultCode,
)
from libs.store.engine import connect
from libs.streaming.check import Check, CheckFailed
from libs.streaming.settings import Settings
from services.prescreening.part import Means, Part, as_it_is
from services.prescreening.parts import PARTS
from services.prescreening.policy import Policy
from services.prescreening.rules import step_result, with_reference
from services.prescreening.sources.assembly import SourceSettings, sources

NAME = "prescreening"
POLICIES = Path(__file__).with_name("policies")
AT_ONCE = 8
TIMEOUT = timedelta(seconds=60)
# The setting that names results which the workflow is to be told as an error, for its Catch.
RAISES = "raises"
FAILED = "Prescreening.Failed"


def check() -> Check:
    """The check with the means that the environment names."""
    return check_with(means_of(Settings()))


def means_of(settings: Settings) -> Means:
    """A store of files and a database, where the settings name them, and the sources that the environment names."""
    engine = connect(settings.database_url) if settings.database_url else None
    return Means(
        blobs=Directory(Path(settings.blobs_directory)) if settings.blobs_directory else None,
        engine=engine,
        sources=sources(SourceSettings(), os.environ, engine),
    )


def check_with(means: Means, parts: Mapping[str, Part[Any]] = PARTS, policies: Path = POLICIES) -> Check:
    """The check with means of one's own."""
    loaded = {name: load(policies / f"{part.policy}.yaml", part.read) for name, part in parts.items()}

    async def answer(request: CheckRequested, now: datetime) -> StepResult:
        part = _part(request, parts)
        policy = loaded[request.settings[PART]]
        try:
            gathered = await part.gather(request, means, policy, now)
        except (OSError, DBAPIError) as problem:
            raise CheckFailed("Check.SourceUnavailable", f"{NAME}: {type(problem).__name__}") from problem
        verdict = with_reference(part.judge(request, gathered, policy, now), policy.version)
        name = step_name(step_asked(NAME, request.settings))
        return _raised(request, step_result(request, name, verdict, now, now))

    return Check(name=NAME, answer=answer, timeout=TIMEOUT, at_once=AT_ONCE)


def load(path: Path, read: Callable[[Mapping[str, Any]], Any] = as_it_is) -> Policy:
    """A policy and its version; a policy begins with `version:`. Raises ValueError with the place of what is wrong."""
    content = path.read_bytes()
    try:
        document = _document(content)
        known = read(document)
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from error
    sha256 = hashlib.sha256(content).hexdigest()
    return Policy(known, ReferenceVersion(id=f"{NAME}/{path.stem}", version=str(document["version"]), sha256=sha256))


def _document(content: bytes) -> dict[str, Any]:
    try:
        document = yaml.safe_load(content)
    except yaml.YAMLError as error:
        raise ValueError(" ".join(str(error).split())) from None
    if not isinstance(document, dict) or "version" not in document:
        raise ValueError("version: there is none")
    return document


def _part(request: CheckRequested, parts: Mapping[str, Part[Any]]) -> Part[Any]:
    name = request.settings.get(PART, "")
    if name not in parts:
        raise CheckFailed("Check.BadSettings", f"check: no step {name!r}; there are {', '.join(parts)}")
    if request.application is None:
        raise CheckFailed("Check.BadSettings", "the workflow is about no application")
    return parts[name]


def _raised(request: CheckRequested, result: StepResult) -> StepResult:
    """The result, unless the workflow wants such a one as an error: the application is rejected by it then.

    The error's cause is the outcome as JSON.
    """
    raises = request.settings.get(RAISES, StepResultCode.FAIL.value).split(",")
    outcome = result.outcome
    if outcome.result.value not in raises:
        return result
    told = outcome.model_dump(mode="json", include={"stepName", "result", "reasons"})
    rejected = outcome.decision or Decision(
        status=ExecutionStatus.FAIL,
        rule=outcome.reasons[0].code if outcome.reasons else outcome.result.value,
        policy=result.references[-1].id,
    )
    found = result.model_copy(update={"outcome": outcome.model_copy(update={"decision": rejected})})
    raise CheckFailed(FAILED, orjson.dumps(told).decode(), found)
