import json
from datetime import date

import pytest
import zen
from hypothesis import given
from hypothesis import strategies as st

from libs.events.models import CheckRequested, RiskScore, StepResultCode
from services.risk.agent import DATA, load_profiles, load_tables
from services.risk.factors import age_on
from services.risk.profile import Profile
from services.risk.rules import answer
from tests.services.risk.factory import NOW, person, request

PROFILE, TABLES = load_profiles()["standard"], load_tables()


def assess(asked: CheckRequested, profile: Profile = PROFILE) -> RiskScore:
    outcome = answer(asked, profile, TABLES, NOW).outcome
    assert outcome.result is StepResultCode.COMPLETE
    assert outcome.risk is not None
    return outcome.risk


@pytest.mark.parametrize(
    ("asked", "score"),
    [
        (request(has_sanctions="true"), 51),
        (request(has_sanctions="false"), 0),
        (request(has_sanctions="true", num_sanctions="3"), 60),
        (request(num_sanctions="2"), 51),
        (request(num_sanctions="0"), 0),
        (request(is_pep="true", unresolved_duplicates="1"), 45),
        (request(on_matchlist_internal="BLOCK"), 76),
        (request(kyc_result="NO_MATCH"), 40),
        (request(person(nationality="IRN")), 51),
        (request(person(nationality="IRN", lives_in=["PRK", "KEN"])), 51),
        (request(person(lives_in=["KEN"])), 20),
        (request(person(lives_in=["AUS"])), 0),
        (request(person(lives_in=["Australia"])), 15),
        (request(person(documents=[("UTILITY_BILL", "AUS"), ("PASSPORT", "AUS")])), 6),
        (request(person("2008-01-16")), 31),
        (request(person("2008-01-15")), 5),
        (request(person("2001-01-16")), 5),
        (request(person("2001-01-15")), 0),
        (request(person("1956-01-15")), 5),
    ],
)
def test_the_score(asked: CheckRequested, score: int) -> None:
    assert assess(asked).score == score


@pytest.mark.parametrize(
    ("points", "level"),
    [
        (0, "LOW"),
        (30, "LOW"),
        (31, "MEDIUM"),
        (50, "MEDIUM"),
        (51, "HIGH"),
        (75, "HIGH"),
        (76, "UNACCEPTABLE"),
        (999, "UNACCEPTABLE"),
    ],
)
def test_the_bands(points: int, level: str) -> None:
    document = json.loads((DATA / "standard.json").read_text())
    rows = next(node for node in document["nodes"] if node["id"] == "points")["content"]["rules"]
    rows[:] = [row | {"points": str(points)} if row["_id"] == "pep" else row for row in rows]
    profile = Profile("standard", json.dumps(document), zen.ZenEngine())
    assert assess(request(is_pep="true"), profile).level == level
    assert profile.version != PROFILE.version


@pytest.mark.parametrize("asked", [request(), request(favourite_colour="green")])
def test_the_level_is_unknown_only_where_nothing_could_be_assessed(asked: CheckRequested) -> None:
    assert assess(asked).level == "UNKNOWN"
    assert assess(request(person(nationality="AUS"))).level == "LOW"


def test_the_row_that_fired_and_the_level_are_told() -> None:
    reasons = answer(request(has_sanctions="true"), PROFILE, TABLES, NOW).outcome.reasons
    assert [reason.code for reason in reasons] == ["RISK_HIGH", "RISK_FACTOR"]
    assert reasons[1].message == "has_sanctions is true: 51 points by row sanctions."


def test_no_personal_data_is_told() -> None:
    known = person("2003-02-01", nationality="IRN", lives_in=["KEN"], documents=[("PASSPORT", "SYR")])
    told = answer(request(known), PROFILE, TABLES, NOW).outcome.model_dump_json()
    assert not [word for word in ("2003", "22", "IRN", "KEN", "SYR", "Castellano") if word in told]


reported = st.dictionaries(
    st.sampled_from(
        ["has_sanctions", "num_sanctions", "is_pep", "on_matchlist_internal", "unresolved_duplicates", "x"]
    ),
    st.sampled_from(["true", "false", "1", "-1", "7", "BLOCK", "REVIEW", "", "nan", "1e999"]),
)
people = st.builds(
    person,
    st.sampled_from([None, "2010", "2001-05", "1990-07-07", "2090-01-01", "soon"]),
    lives_in=st.lists(st.sampled_from(["AUS", "IRN", "KEN", "?"]), max_size=3),
    documents=st.lists(st.tuples(st.sampled_from(["PASSPORT", "OTHER"]), st.sampled_from(["AUS", "PRK"])), max_size=2),
)


@given(people, reported)
def test_the_score_is_the_sum_over_the_factors(who: object, factors: dict[str, str]) -> None:
    risk = assess(request(who, **factors))  # type: ignore[arg-type]
    assert risk.score == sum(factor.score for factor in risk.factors)
    assert all(factor.score >= 0 for factor in risk.factors)
    assert (risk.level == "UNKNOWN") == (not risk.factors)


@pytest.mark.parametrize(
    ("born", "age"),
    [("2000-01-15", 26), ("2000-01-16", 25), ("2000-01", 25), ("2000", 25), ("2030", None), ("x", None)],
)
def test_the_age_is_the_lowest_that_the_date_allows(born: str, age: int | None) -> None:
    assert age_on(date(2026, 1, 15), born) == age


def test_every_row_of_the_tables_is_a_country() -> None:
    assert all(len(code) == 3 and code.isupper() for code in TABLES.countries)
