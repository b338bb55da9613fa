"""Cases, showing only what matters to a test."""

from functools import cache
from typing import Any

from libs.events.models import CheckRequested, CollectionSubmitted, DocumentAsked, StepOutcome, StepResultCode
from services.review import rules
from services.review.case import Case
from services.review.policies import read_policies
from services.review.policy import Policy
from services.review.rules import Actor
from tests.factory import NOON, asked, person

BLURRED = DocumentAsked(documentId="d1", type="PASSPORT", country="AUS", reason="BLURRED")


@cache
def policy() -> Policy:
    """The policy that ships."""
    return read_policies()["onboarding"]


def requested(token: str = "execution-1.3.mac", risk: str | None = None) -> CheckRequested:
    """A workflow asks for a review."""
    level: Any = risk and {"score": 70, "level": risk, "profile": "standard"}
    outcome = StepOutcome(stepName="RISK", result=StepResultCode.COMPLETE, risk=level)
    data = asked("review", token, evidence=[outcome]).data
    assert isinstance(data, CheckRequested)
    return data


def opened(risk: str | None = None) -> Case:
    """A case that waits for a reviewer."""
    case, _ = rules.opened(requested(risk=risk), policy(), NOON)
    return case


def actor(case: Case, by: str = "ana") -> Actor:
    """Who looks at the case as it is now."""
    return Actor(by, NOON, case.sequence)


def submitted(case: Case, round: int = 2) -> CollectionSubmitted:
    """The applicant gives again what was asked for."""
    return CollectionSubmitted(
        customerId="c1", entityId="p1", entityVersion=2, collectionId="k1", round=round, caseId=case.case_id,
        individual=person(), submittedAt=NOON,
    )  # fmt: skip
