"""Documents that somebody saw count in place of the sources: the person passes, and no source is asked."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import ValidationError

from libs.events.manual_kyc import SETTING, ManualKyc
from libs.events.message import derived_id
from libs.events.models import (
    CheckRequested,
    Finding,
    ProcessResultCode,
    Reason,
    ReferenceVersion,
    RiskFactorValue,
    RuleMatch,
    StepOutcome,
    StepResult,
    StepResultCode,
)
from libs.streaming.check import CheckFailed

# What a rule's record names where another names a source.
SEEN = "manual"


def given(settings: Mapping[str, str]) -> ManualKyc | None:
    """The evidence among the settings of a step; raises CheckFailed where it cannot be read."""
    text = settings.get(SETTING)
    if text is None:
        return None
    try:
        return ManualKyc.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, (SETTING, *first["loc"])))
        raise CheckFailed("Check.InvalidSettings", f"{place}: {first['msg']}") from None


def approved(
    request: CheckRequested, manual: ManualKyc, references: Sequence[ReferenceVersion], now: datetime
) -> StepResult:
    """The answer by evidence that counts."""
    rule = f"manual KYC: {manual.combination}"
    reason = f"{rule}, approved by {manual.approvedBy} at {manual.approvedAt.isoformat()}; no source was asked"
    outcome = StepOutcome(
        stepName="KYC",
        result=StepResultCode.PASS,
        reasons=[Reason(code="KYC_MANUAL", message=reason)],
        riskFactors=[RiskFactorValue(factor="kyc_result", value=StepResultCode.PASS.value)],
        counts={"sourcesAsked": 0, "documentsSeen": len(manual.documents)},
    )
    ids = [one.documentId for one in manual.documents]
    return StepResult(
        outcome=outcome,
        findings=[_finding(request, id) for id in ids],
        ruleMatches=[
            RuleMatch(
                ruleName=rule,
                isVerified=True,
                matchCount=len(ids),
                matchCountRequired=len(ids),
                matchSources={"document": [SEEN]},
                objectIds={"document": ids[0]},
            )
        ],
        references=list(references),
        startedAt=now,
        endedAt=now,
        settings={SETTING: request.settings[SETTING]},
    )


def _finding(request: CheckRequested, document_id: str) -> Finding:
    return Finding(
        processResultId=derived_id(request.task.token, "kyc", SEEN, document_id),
        processClass="KYC",
        objectType="DOCUMENT",
        objectId=document_id,
        result=ProcessResultCode.MANUAL,
        explanation="the document was seen and approved by hand",
    )
