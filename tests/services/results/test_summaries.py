"""Summaries are a recount of the process results, whatever people said of them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.results.summaries import AML_PARTS, summary

STATUSES = [
    None, "FALSE_POSITIVE", "TRUE_POSITIVE", "TRUE_POSITIVE_ACCEPT", "TRUE_POSITIVE_REJECT", "UNKNOWN",
    "UNKNOWN_ACCEPT", "UNKNOWN_REJECT",
]  # fmt: skip
PERSON = {"name": {"givenName": "Ada", "familyName": "Nkemelu"}, "dateOfBirth": {"normalized": "1990-04-05"}}


def finding(result: str, manual: str | None = None, source: str = "OFAC", **data: Any) -> dict[str, Any]:
    return {
        "result": result, "manualStatus": manual, "systemStatus": "VALID", "createdAt": 1, "objectType": "NAME",
        "providerResult": {"source": source}, "supplementaryData": data,
    }  # fmt: skip


hits = st.lists(
    st.builds(
        lambda result, manual, source, parts, system: {
            **finding(result, manual, source, **{part: [{"countryCode": "SY"}] for part in parts}),
            "systemStatus": system,
        },
        st.sampled_from(["HIT", "HIT", "CLEAR"]),
        st.sampled_from(STATUSES),
        st.sampled_from(["OFAC", "UN"]),
        st.sets(st.sampled_from(sorted(AML_PARTS))),
        st.sampled_from(["VALID", "VALID", "STALE", "EXPIRED", "MARKED_INVALID"]),
    ),
    max_size=12,
)


@given(hits)
def test_an_aml_summary_counts_its_process_results(findings: list[dict[str, Any]]) -> None:
    told = summary("AML", [{}], findings, None)
    counted = [one for one in findings if one["result"] == "HIT" and one["systemStatus"] != "MARKED_INVALID"]
    still_open = [one for one in counted if one["manualStatus"] in (None, "TRUE_POSITIVE", "UNKNOWN")]
    assert told["totalHits"] == len(counted)
    assert told["totalUnresolved"] == len(still_open)
    assert told["totalFalsePositives"] == sum(one["manualStatus"] == "FALSE_POSITIVE" for one in counted)
    assert told["totalTruePositives"] == sum("TRUE_POSITIVE" in (one["manualStatus"] or "") for one in counted)
    assert told["totalUnknown"] == sum("UNKNOWN" in (one["manualStatus"] or "") for one in counted)
    assert told["numUnresolvedSanction"] == sum("sanctionData" in one["supplementaryData"] for one in still_open)
    providers = told["providerSummaries"]
    assert sum(one["numHits"] for one in providers) == told["totalHits"]
    assert sum(one["numUnresolved"] for one in providers) == told["totalUnresolved"]
    assert sum(one["numUnresolvedPEP"] for one in providers) == told["numUnresolvedPEP"]


@given(st.lists(st.tuples(st.sampled_from(STATUSES), st.sampled_from("ab")), max_size=9))
def test_a_matchlist_summary_counts_by_list(said: list[tuple[str | None, str]]) -> None:
    findings = [
        finding("HIT", manual, matchlistId=name, matchlistName=name, matchlistAction="REVIEW") for manual, name in said
    ]
    told = summary("BLOCKLIST", [{}], findings, None)
    assert told["totalMatches"] == len(said) == sum(one["numMatches"] for one in told["matchlistSummaries"])
    assert told["totalUnresolved"] == sum(one["numUnresolved"] for one in told["matchlistSummaries"])
    assert {one["matchlistId"] for one in told["matchlistSummaries"]} == {name for _, name in said}


@given(st.lists(st.sampled_from(STATUSES), max_size=9))
def test_a_duplicate_is_resolved_or_not(said: list[str | None]) -> None:
    told = summary("DUPLICATE", [{}], [finding("HIT", manual) for manual in said], None)
    assert told["totalDuplicates"] == len(said) == told["totalResolved"] + told["totalUnresolved"]


def test_the_search_is_told_by_its_parts_with_the_persons_values() -> None:
    runs = [{"summary": {"searchedBy": ["name", "dateOfBirth"], "fuzziness": 0.3}}]
    (provider,) = summary("AML", runs, [finding("CLEAR")], PERSON)["providerSummaries"]
    assert provider["searchQuery"] == {
        "name": "Ada Nkemelu", "givenName": "Ada", "familyName": "Nkemelu", "dateOfBirth": "1990-04-05",
        "fuzziness": "0.3",
    }  # fmt: skip


def test_the_rules_of_all_runs_stand_in_a_kyc_summary() -> None:
    runs = [
        {"summary": {"matchedRules": [], "unmatchedRules": [{"ruleName": "2+2"}]}},
        {"summary": {"matchedRules": [{"ruleName": "1+1"}], "unmatchedRules": []}},
    ]
    assert summary("KYC", runs, [], None) == {
        "stepName": "KYC", "matchedRules": [{"ruleName": "1+1"}], "unmatchedRules": [{"ruleName": "2+2"}],
    }  # fmt: skip


@pytest.mark.parametrize(("results", "verified"), [(["MATCH", "MATCH"], True), (["MATCH", "NO_MATCH"], False)])
def test_a_document_is_verified_where_everything_read_from_it_agrees(results: list[str], verified: bool) -> None:
    told = summary("IDV", [{}], [finding(one, source="mrz") | {"objectId": "d1"} for one in results], None)
    assert (told["isVerified"], told["matchCount"], told["matchCountRequired"]) == (verified, int(verified), 1)
    assert told["matchTypes"]["d1"]["matchSources"] == (["mrz"] if verified else [])
