from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from libs.events.message import derived_id
from libs.events.models import CheckRequested, ProcessResultCode, StepResult, StepResultCode
from libs.screening.index import Index
from libs.screening.matching import matcher
from services.aml.rules import _counts, screen
from tests.libs.screening.factory import NOW, entry_ids, facts, request, watchlist

CONFIG = matcher()
PUTIN, KADYROV, KIM, LAVROV, UDAY, LI = (
    "ofac-35096", "ofac-23343", "ofac-20157", "ofac-35233", "ofac-7845", "ofac-11447",
)  # fmt: skip


def _screen(index: Index, asked: CheckRequested) -> StepResult:
    return screen(asked, [index], CONFIG, NOW)


def _factors(result: StepResult) -> dict[str, str]:
    return {value.factor: value.value for value in result.outcome.riskFactors}


@pytest.mark.parametrize(
    ("name", "dob", "entry"),
    [
        ("Vladimir Vladimirovich Putin", "1952-10-07", PUTIN),
        ("Putin Vladimir", "1952-10-07", PUTIN),
        ("PUTIN, VLADIMIR", None, PUTIN),
        ("Wladimir Putin", "1952", PUTIN),
        ("Владимир Владимирович Путин", None, PUTIN),
        ("ПУТИН Владимир", "1952-10-07", PUTIN),
        ("Ramsan Kadyrow", "1976-10-05", KADYROV),
        ("Рамзан Кадыров", None, KADYROV),
        ("Сергей Викторович Лавров", None, LAVROV),
        ("Kim Jong-un", None, KIM),
        ("김정은", None, KIM),
        ("عدي صدام حسين التكريتي", None, UDAY),
        ("李方伟", None, LI),
    ],
)
def test_a_listed_person_is_found_under_other_spellings(ofac: Index, name: str, dob: str | None, entry: str) -> None:
    assert entry_ids(_screen(ofac, request(name, dob)))[0] == entry


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("Emma Thompson", {}),
        ("Olaf Scholz", {}),
        ("Anna Putina-Schneider", {}),
        ("Vladimir Petrenko", {}),
        ("Sergei Lavrin", {}),
        ("John Smith", {"dob": "1980-01-01", "nationality": "AUS"}),
        ("محمد", {}),
        ("Richard Adams", {"dob": "1990-01-01", "nationality": "GBR"}),
    ],
)
def test_an_innocent_is_clear(ofac: Index, name: str, fields: dict[str, Any]) -> None:
    result = _screen(ofac, request(name, **fields))
    assert result.outcome.result is StepResultCode.CLEAR
    assert [finding.result for finding in result.findings] == [ProcessResultCode.CLEAR]


@pytest.mark.parametrize(
    ("dob", "hit"), [("1952-10-07", True), ("1952", True), ("1961-10-07", False), ("nonsense", True)]
)
def test_a_year_of_birth_that_disagrees_rules_the_hit_out(ofac: Index, dob: str, hit: bool) -> None:
    assert (PUTIN in entry_ids(_screen(ofac, request("Vladimir Putin", dob)))) is hit


@pytest.mark.parametrize(
    ("name", "fields", "hit"),
    [
        ("Kadyrov", {}, False),
        ("Kadyrov", {"nationality": "RUS"}, False),
        ("Kadyrov", {"dob": "1976-10-05"}, True),
    ],
)
def test_a_single_word_is_no_hit_alone(ofac: Index, name: str, fields: dict[str, Any], hit: bool) -> None:
    assert (KADYROV in entry_ids(_screen(ofac, request(name, **fields)))) is hit


def test_country_and_gender_that_disagree_weaken_a_hit() -> None:
    index = Index(watchlist(facts(1, "Ivan PETROVSKY", countries=["ru"], gender="male")))
    alone = _screen(index, request("Ivan Petrovsky")).findings[0].listing
    weaker = _screen(index, request("Ivan Petrovsky", nationality="BRA")).findings[0].listing
    assert alone is not None
    assert weaker is not None
    assert weaker.score == pytest.approx(alone.score - 0.2)
    assert entry_ids(_screen(index, request("Ivan Petrovsky", nationality="BRA", gender="FEMALE"))) == []


def test_alternate_names_are_screened_and_the_finding_names_the_one_that_matched(ofac: Index) -> None:
    result = _screen(ofac, request("Jane Miller", aliases=["Vladimir Vladimirovich Putin"]))
    assert entry_ids(result) == [PUTIN]
    assert result.findings[0].objectId == derived_id("entity-1", "alternateName/0")


def test_a_weak_alias_counts_only_with_a_date_of_birth() -> None:
    alias = {"name": "EL TORO", "quality": "weak"}
    index = Index(watchlist(facts(1, "Ali HASSAN", aliases=[alias], datesOfBirth=["1970"])))
    assert entry_ids(_screen(index, request("El Toro"))) == []
    assert entry_ids(_screen(index, request("El Toro", "1970-05-05"))) == ["ofac-1"]


def test_a_hit_states_what_it_is_made_of() -> None:
    entry = facts(7, "Ivan PETROVSKY", countries=["ru"], datesOfBirth=["1970"], programmes=["CYBER2"])
    result = _screen(Index(watchlist(entry)), request("Ivan Petrovsky", "1970-02-03", nameId="n1", nationality="RUS"))
    outcome, finding = result.outcome, result.findings[0]
    assert outcome.result is StepResultCode.HIT
    assert [reason.code for reason in outcome.reasons] == ["SANCTION_HIT"]
    assert outcome.reasons[0].message == "1 open hit: ofac-7 Ivan PETROVSKY, score 1.00"
    issue = outcome.issues[0]
    assert (issue.category, issue.issue, issue.severity) == ("AML", "SANCTION", "REVIEW")
    assert _factors(result) == {"has_sanctions": "true", "num_sanctions": "1"}
    assert [outcome.counts[name] for name in ("totalHits", "totalUnresolved", "numUnresolvedSanction")] == [1, 1, 1]
    assert (finding.processClass, finding.result, finding.objectId) == ("AML", ProcessResultCode.HIT, "n1")
    assert finding.processResultId == derived_id("token-1", "aml", "ofac-sdn/ofac-7")
    assert finding.provider is not None
    assert (finding.provider.name, finding.provider.source, finding.provider.sourceNormalized) == (
        "vetstream", "OFAC SDN", "ofac-sdn",
    )  # fmt: skip
    assert (finding.provider.reference, finding.provider.confidence) == ("ofac-7", 100.0)
    listing = finding.listing
    assert listing is not None
    assert (listing.listId, listing.matchedName, listing.programmes, listing.topics) == (
        "ofac-sdn", "Ivan PETROVSKY", ["CYBER2"], ["sanction"],
    )  # fmt: skip
    assert [feature.name for feature in listing.features] == ["name_match", "birth_date", "country", "gender"]
    assert [(reference.id, reference.version) for reference in result.references] == [("ofac-sdn", "1")]


def test_a_clear_result_names_the_list_and_its_version() -> None:
    result = _screen(Index(watchlist(facts(7, "Ivan PETROVSKY"))), request("Emma Thompson"))
    assert [reason.code for reason in result.outcome.reasons] == ["NO_HIT"]
    assert _factors(result) == {"has_sanctions": "false", "num_sanctions": "0"}
    assert result.outcome.counts["totalHits"] == 0
    assert result.outcome.issues == []


@pytest.mark.parametrize("name", ["", " ", "-", "\u202e", "\x00\x01", "1234"])
def test_without_a_usable_name_data_are_missing(ofac: Index, name: str) -> None:
    result = _screen(ofac, request(name))
    assert result.outcome.result is StepResultCode.MISSING_DATA
    assert [reason.code for reason in result.outcome.reasons] == ["NAME_MISSING"]
    assert result.findings == []


def test_what_is_too_long_is_screened_in_part_and_so_is_never_clear(ofac: Index) -> None:
    long = _screen(ofac, request("Vladimir Putin " + "x" * 10_000)).outcome
    assert "NAME_CUT" in [reason.code for reason in long.reasons]
    many = _screen(ofac, request(aliases=[f"Name{number}" for number in range(99)])).outcome
    assert (many.result, many.reasons[0].code) == (StepResultCode.CLEAR_REVIEW, "NAME_CUT")


def test_the_same_request_gives_the_same_answer(ofac: Index) -> None:
    asked = request("Mohammad Hussein", aliases=["Kim Yong Chol"], nationality="IRN")
    assert _screen(ofac, asked) == _screen(ofac, asked)
    assert _screen(Index(ofac.watchlist), asked) == _screen(ofac, asked)


def test_nothing_of_the_person_stands_in_the_answer(ofac: Index) -> None:
    result = _screen(ofac, request("Wladimirr Putinn", "1952-10-07"))
    assert entry_ids(result) == [PUTIN]
    assert "putinn" not in result.model_dump_json().lower()


HOSTILE = st.one_of(
    st.text(max_size=200),
    st.text(alphabet="\u202e\u200f\u200d\x00\x07\ufdfa\U0001f600א م김李'\"{}()*:^~\\/", max_size=100),
    st.sampled_from(["A" * 10_000, "a " * 5_000, "\u0301" * 1_000 + "ab", "\ufdfa" * 500, "AND OR NOT", "key:*"]),
)


ANSWERS = (StepResultCode.HIT, StepResultCode.CLEAR, StepResultCode.CLEAR_REVIEW, StepResultCode.MISSING_DATA)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=HOSTILE, alias=HOSTILE, dob=st.none() | st.text(max_size=12))
def test_any_text_is_answered(ofac: Index, name: str, alias: str, dob: str | None) -> None:
    result = _screen(ofac, request(name, dob or None, aliases=[alias]))
    assert result.outcome.result in ANSWERS


def test_hits_are_counted_by_the_gravest_of_their_topics() -> None:
    topics = (["role.pep", "sanction"], ["role.rca"], ["crime.fin"], ["poi"])
    counts = _counts(topics)
    assert (counts["totalHits"], counts["numUnresolvedSanction"], counts["numUnresolvedPEP"]) == (4, 1, 1)
    assert (counts["numUnresolvedAdverseMedia"], counts["numUnresolvedWatchlist"]) == (1, 1)
