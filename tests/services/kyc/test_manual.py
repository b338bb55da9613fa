"""Documents that somebody saw, in place of what sources know."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from libs.events.manual_kyc import ManualKyc, SeenDocument, relied_on
from libs.events.models import CheckRequested, Document, StepResultCode
from libs.streaming.check import CheckFailed
from services.kyc.sources import Answered
from tests.services.kyc.factory import ListedSource, answer, individual, name, record, roll

PASSPORT = Document(documentId="d1", type="PASSPORT", country="AUS", primaryIdentifier="X1", expiryDate="2026-01-15")
SARAH = individual(documents=[PASSPORT])


class Forbidden(ListedSource):
    """A source that must not be asked."""

    async def lookup(self, request: CheckRequested, recorded: str | None = None) -> Answered:
        raise AssertionError("a source was asked")


def seen(**fields: Any) -> str:
    given: dict[str, Any] = {
        "approvedBy": "officer",
        "approvedAt": datetime(2026, 1, 10, tzinfo=UTC),
        "combination": "one primary photographic",
        "policy": "1",
        "documents": (SeenDocument(documentId="d1", type="PASSPORT", country="AUS", expiryDate="2026-01-15"),),
        "person": relied_on(SARAH, ["d1"]),
    }
    return ManualKyc(**given | fields).model_dump_json()


async def test_the_person_passes_and_no_source_is_asked() -> None:
    result = await answer(SARAH, Forbidden(roll().about), manualKyc=seen())
    assert result.outcome.result is StepResultCode.PASS
    assert result.providers == []
    assert [(one.result, one.objectType, one.objectId) for one in result.findings] == [("MANUAL", "DOCUMENT", "d1")]
    (rule,) = result.ruleMatches
    assert (rule.ruleName, rule.isVerified) == ("manual KYC: one primary photographic", True)
    assert result.settings["manualKyc"] == seen()


@pytest.mark.parametrize(
    ("person", "settings"),
    [
        (SARAH.model_copy(update={"name": name("Sarah Whitaker-Jones")}), seen()),
        (individual(dob="1984-03-10", documents=[PASSPORT]), seen()),
        (individual(), seen()),
        (individual(documents=[PASSPORT.model_copy(update={"primaryIdentifier": "X2"})]), seen()),
        (
            SARAH,
            seen(documents=(SeenDocument(documentId="d1", type="PASSPORT", country="AUS", expiryDate="2026-01-14"),)),
        ),
    ],
)
async def test_evidence_of_what_has_changed_or_expired_since_counts_no_more(person: Any, settings: str) -> None:
    result = await answer(person, roll(record()), manualKyc=settings)
    assert [call.source for call in result.providers] == ["roll"]
    assert result.outcome.result is not StepResultCode.PASS
    assert result.outcome.reasons[-1].code == "KYC_MANUAL_LAPSED"


async def test_ids_of_parts_of_the_person_do_not_matter() -> None:
    renamed = SARAH.model_copy(update={"name": SARAH.name.model_copy(update={"nameId": "n1"})})
    assert (await answer(renamed, manualKyc=seen())).outcome.result is StepResultCode.PASS


async def test_evidence_that_cannot_be_read_is_refused_with_its_place() -> None:
    told = json.loads(seen())
    del told["documents"]
    with pytest.raises(CheckFailed, match=r"manualKyc\.documents: Field required"):
        await answer(SARAH, manualKyc=json.dumps(told))
