"""Applications, evidence and policies, of which a test names only what matters to it."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from libs.comparing.loading import words
from libs.events.models import (
    Application,
    CheckRequested,
    Company,
    Consent,
    Issue,
    Measure,
    Name,
    Reason,
    StepOutcome,
    StepResultCode,
)
from services.prescreening.agent import POLICIES, load
from services.prescreening.judging import money
from services.prescreening.parts import PARTS
from services.prescreening.policy import Policy
from services.prescreening.rules import Judged, Verdict
from services.prescreening.sources.assembly import DATA
from tests.factory import application, asked, person

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
WORDS, _ = words()
RATES = money.read((DATA / "rates.csv").read_text().splitlines())
JONAS = person("Jonas", "Achterberg", "1979-08-21")


@cache
def policy(part: str) -> Policy:
    """The policy of a step that ships."""
    return load(POLICIES / f"{PARTS[part].policy}.yaml", PARTS[part].read)


def company(**more: Any) -> Company:
    """A company that the register knows."""
    given: dict[str, Any] = {
        "name": "Blaufink Werkzeuge GmbH",
        "registerNumber": "HRB 900101",
        "country": "DEU",
        "incorporatedOn": "2014-05-12",
    } | more
    return Company(**given)


def consent(kind: str = "CREDIT_REPORT", version: str = "2026-01", at: datetime = NOW) -> Consent:
    """An agreement."""
    return Consent(kind=kind, version=version, givenAt=at)


def request(applied: Application | None = None, **more: Any) -> CheckRequested:
    """A step is asked about an application."""
    data = asked("prescreening", individual=more.pop("individual", JONAS), **more).data
    assert isinstance(data, CheckRequested)
    return data.model_copy(update={"application": applied or application()})


def outcome(step: str, result: StepResultCode = StepResultCode.PASS, /, *codes: str, **figures: str) -> StepOutcome:
    """What came of a step; `figures` by name, with `__` for a point: a number and its unit."""
    severity = "BLOCK" if result is StepResultCode.FAIL else "REVIEW"
    return StepOutcome(
        stepName=step,
        result=result,
        reasons=[Reason(code=code, message=f"{code}.") for code in codes],
        issues=[Issue(category="PRESCREENING", issue=code, severity=severity) for code in codes],
        measures=[_measure(name.replace("__", "."), value) for name, value in figures.items()],
    )


def _measure(name: str, told: str) -> Measure:
    value, _, unit = told.partition(" ")
    return Measure(name=name, value=value, unit=unit)


def against(verdict: Verdict) -> dict[str, StepResultCode]:
    """What does not pass, by its code."""
    return {one.code: one.result for one in verdict.judged if one.result is not StepResultCode.PASS}


def figure(verdict: Verdict, name: str) -> str | None:
    """The value of a figure, wherever it is told."""
    return next((one.value for one in _measures(verdict) if one.name == name), None)


def _measures(verdict: Verdict) -> list[Measure]:
    return [*(one for judged in verdict.judged for one in judged.measures), *verdict.measures]


def judged(verdict: Verdict, code: str) -> Judged:
    """What was judged under a code."""
    return next(one for one in verdict.judged if one.code == code)


def name(text: str) -> Name:
    """A name; the last word is the family name."""
    given, _, family = text.rpartition(" ")
    return Name(givenName=given, familyName=family)
