from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.events.models import CheckRequested, RiskScore, StepOutcome, StepResult, StepResultCode
from libs.scoring.again import reassessed
from libs.streaming.check import CheckFailed
from services.risk.agent import PROFILES, load_catalogue, load_profiles, load_tables
from services.risk.factors import age_on
from services.risk.loading import load_profile
from services.risk.profile import Profile
from services.risk.rules import answer
from tests.services.risk.factory import NOW, person, request

PROFILE, (TABLES, REFERENCES) = load_profiles()["standard"], load_tables()
TEXT = (PROFILES / "standard.yaml").read_text()


def answered(asked: CheckRequested, profile: Profile = PROFILE) -> StepResult:
    return answer(asked, profile, TABLES, REFERENCES, NOW)


def edited(before: str, after: str) -> Profile:
    """The shipped profile with one thing changed."""
    assert before in TEXT
    return load_profile("edited", TEXT.replace(before, after), load_catalogue())


def assess(asked: CheckRequested, profile: Profile = PROFILE) -> RiskScore:
    outcome = answered(asked, profile).outcome
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
        (request(person(lives_in=["ZAF"])), 20),
        (request(person(lives_in=["VGB"])), 20),
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
    profile = edited('"TRUE": {points: 35', f'"TRUE": {{points: {points}')
    assert assess(request(is_pep="true"), profile).level == level
    assert profile.version != PROFILE.version


@pytest.mark.parametrize("asked", [request(), request(favourite_colour="green")])
def test_the_level_is_unknown_only_where_nothing_could_be_assessed(asked: CheckRequested) -> None:
    assert assess(asked).level == "UNKNOWN"
    assert assess(request(person(nationality="AUS"))).level == "LOW"


def test_the_row_that_fired_and_the_level_are_told() -> None:
    reasons = answered(request(has_sanctions="true")).outcome.reasons
    assert [reason.code for reason in reasons] == ["RISK_HIGH", "RISK_FACTOR"]
    assert reasons[1].message == (
        "has_sanctions is true (an unresolved or accepted hit of a sanctions list):"
        " 51 points by factors.has_sanctions.lookup.TRUE."
    )


def test_no_personal_data_is_told() -> None:
    known = person("2003-02-01", nationality="IRN", lives_in=["KEN"], documents=[("PASSPORT", "SYR")])
    told = answered(request(known)).outcome.model_dump_json()
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


def test_points_of_a_person_count_in_place_of_the_profiles() -> None:
    risk = assess(request(person("2008-01-16"), {"override.is_pep": "60"}, is_pep="true", has_sanctions="true"))
    assert (risk.score, risk.level, risk.workflowScore, risk.workflowLevel) == (91, "UNACCEPTABLE", 82, "UNACCEPTABLE")
    pep, sanctions, _ = sorted(risk.factors, key=lambda one: one.factor != "is_pep")[:3]
    assert (pep.status, pep.manualOverrideScore, pep.score) == ("OVERRIDDEN", 60, 60)
    assert (sanctions.status, sanctions.manualOverrideScore) == ("VALID", None)


POINTS = st.dictionaries(
    st.sampled_from(["is_pep", "has_sanctions", "address_country_risk", "entity_age"]), st.integers(0, 90)
)


@pytest.mark.parametrize(
    "profile",
    [
        PROFILE,
        edited("Geographic Risk: max", "Geographic Risk: sum"),
        edited("  AML & Screening: max", "  AML & Screening: sum"),
    ],
)
@given(first=POINTS, later=POINTS)
def test_what_people_give_afterwards_comes_to_the_same_as_if_they_had_given_it_before(
    profile: Profile, first: dict[str, int], later: dict[str, int]
) -> None:
    def run(points: dict[str, int]) -> RiskScore:
        settings = {f"override.{name}": str(one) for name, one in points.items()}
        who = person("2003-01-16", lives_in=["KEN", "PRK"])
        return assess(request(who, settings, is_pep="true", has_sanctions="true"), profile)

    taken_back = dict.fromkeys(first.keys() - later.keys())
    assert reassessed(run(first), taken_back | later) == run(later)


def test_an_earlier_override_goes_on_in_a_later_assessment() -> None:
    first = answered(request(settings={"override.is_pep": "0"}, is_pep="true")).outcome
    again = assess(request(earlier=[first], is_pep="true"))
    assert (again.score, again.workflowScore) == (0, 35)
    assert [one.status for one in again.factors] == ["OVERRIDDEN"]


def test_what_is_no_longer_so_in_a_later_assessment_is_discarded() -> None:
    first = answered(request(is_pep="true", unresolved_duplicates="1")).outcome
    again = assess(request(earlier=[first], unresolved_duplicates="1"))
    assert [(one.factor, one.status, one.score) for one in again.factors] == [
        ("unresolved_duplicates", "VALID", 10),
        ("is_pep", "DISCARDED", 0),
    ]
    assert again.score == 10


@pytest.mark.parametrize("points", ["", "-1", "many", "1.5", "٣"])
def test_an_override_that_is_no_number_of_points_is_refused(points: str) -> None:
    with pytest.raises(CheckFailed, match=r"override\.is_pep"):
        answered(request(settings={"override.is_pep": points}))


def test_several_values_of_a_factor_add_up_where_the_profile_says_so() -> None:
    both = request(person(lives_in=["KEN", "Nowhere"]))
    assert assess(both).score == 20
    summed = edited("  address_country_risk: &country\n", "  address_country_risk: &country\n    aggregate: sum\n")
    assert assess(both, summed).score == 35


def test_what_a_customer_keeps_of_a_person_is_scored_and_not_told() -> None:
    profile = edited(
        "factors:\n",
        "factors:\n  Occupation:\n    category: Entity Profile\n    lookup:\n"
        "      POLITICIAN: {points: 31, why: a public function}\n    otherwise: {points: 0}\n",
    )
    result = answered(request(person(customAttributes={"occupation": "Politician"})), profile)
    assert result.outcome.risk is not None
    assert result.outcome.risk.score == 31
    assert "olitician" not in result.model_dump_json().lower().replace("politically", "")


def test_what_was_relied_on_is_told_with_hashes() -> None:
    references = {one.id: one for one in answered(request()).references}
    assert references.keys() == {"risk-profile/standard", "risk-table/countries", "risk-table/documents"}
    assert references["risk-profile/standard"].version == PROFILE.version
    assert references["risk-table/countries"].version == "2025-10-24"


def test_a_duplicate_that_a_reviewer_confirmed_is_a_factor() -> None:
    confirmed = StepOutcome(stepName="DUPLICATE", result=StepResultCode.HIT_ACCEPTED, counts={"totalTruePositives": 2})
    profile = edited(
        "  unresolved_duplicates:",
        "  true_positive_duplicates:\n    category: Workflow Logic\n"
        "    ranges: [{to: 1, points: 0}, {from: 1, points: 7}]\n  unresolved_duplicates:",
    )
    assert assess(request(earlier=[confirmed]), profile).score == 7


def test_every_row_of_the_tables_is_a_country() -> None:
    assert all(len(code) == 3 and code.isupper() for code in TABLES.countries)


def test_the_gravest_reason_comes_first_and_what_adds_nothing_is_none() -> None:
    given = request(person("1990-01-01", lives_in=["KEN"]), num_pep="0", is_pep="true")
    messages = [reason.message for reason in answered(given).outcome.reasons]
    assert [message.partition(" ")[0] for message in messages] == ["The", "is_pep", "address_country_risk"]
