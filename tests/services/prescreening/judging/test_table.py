from decimal import Decimal
from typing import Any

import pytest

from services.prescreening.agent import POLICIES, load
from services.prescreening.judging.loading import known_reasons
from services.prescreening.judging.reasons import read as read_reasons
from services.prescreening.judging.table import Figure, Table, read
from services.prescreening.parts import PARTS
from services.prescreening.rules import FAIL, MISSING_DATA, PARTIAL, PASS, UNCHECKED

REASONS = read_reasons(
    ["code,weight,staff,applicant", "LOW,10,{value} {unit}; {wouldPass},Too low.", "STATE,20,It is {value},Not active."]
)


def table(*rows: dict[str, Any]) -> Any:
    return read({"version": 1, "rows": list(rows)}, Table, REASONS)


SCORE = {"figure": "score", "pass": {"atLeast": 600}, "review": {"atLeast": 500}, "code": "LOW"}
STATUS = {"figure": "status", "pass": {"oneOf": ["ACTIVE"]}, "code": "STATE", "where": {"applicant": ["COMPANY"]}}


@pytest.mark.parametrize(
    ("score", "result"),
    [(Decimal(600), PASS), (Decimal("599.99"), PARTIAL), (Decimal(499), FAIL), (None, UNCHECKED)],
)
def test_a_figure_passes_is_looked_at_or_fails(score: Decimal | None, result: object) -> None:
    (found,) = table(SCORE).judge("CREDIT", {"score": Figure(score, "points")})
    assert found.result is result


def test_a_reason_has_the_figure_and_what_would_have_passed_and_words_for_the_applicant() -> None:
    (found,) = table(SCORE).judge("CREDIT", {"score": Figure(Decimal(480), "points")})
    assert (found.code, found.message, found.told) == ("LOW", "480 points; at least 600", "Too low.")
    (measure,) = found.measures
    assert (measure.value, measure.wouldPass, measure.passed) == ("480", "at least 600", False)


def test_the_gravest_comes_first_then_what_weighs_most_and_what_passes_is_one() -> None:
    figures = {"score": Figure(Decimal(1), "points"), "status": Figure("GONE", "word"), "other": Figure("x", "word")}
    rows = (SCORE, STATUS, {**SCORE, "figure": "other", "pass": {"oneOf": ["x"]}, "review": {"oneOf": ["y"]}})
    found = table(*rows).judge("A", figures, {"applicant": "COMPANY"})
    assert [one.code for one in found] == ["STATE", "LOW", "A_FIGURES"]
    assert [one.name for one in found[-1].measures] == ["other"]
    assert found[-1].message == "1 of 3 figures are as the policy wants them"


def test_a_row_is_about_those_that_it_says() -> None:
    (found,) = table(STATUS).judge("A", {"status": Figure("GONE", "word")}, {"applicant": "PERSON"})
    assert (found.result, found.measures[0].passed) == (UNCHECKED, None)


def test_what_is_missing_comes_to_what_the_row_says() -> None:
    (found,) = table({**SCORE, "missing": "MISSING_DATA"}).judge("A", {"score": Figure(None, "points")})
    assert (found.result, found.message) == (MISSING_DATA, "not known points; at least 600")


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ({**SCORE, "code": "NONE"}, r'rows\.0\.code: "NONE" is no code'),
        ({**SCORE, "pass": {}}, r"rows\.0\.pass"),
        ({**SCORE, "pass": {"atLeast": 1, "oneOf": ["x"]}}, r"rows\.0\.pass"),
        ({**SCORE, "limit": 3}, r"rows\.0\.limit"),
    ],
)
def test_a_mistake_in_a_policy_is_refused_with_its_place(row: dict[str, Any], place: str) -> None:
    with pytest.raises(ValueError, match=place):
        table(row)


@pytest.mark.parametrize("part", PARTS)
def test_the_policies_that_ship_are_read(part: str) -> None:
    found = load(POLICIES / f"{PARTS[part].policy}.yaml", PARTS[part].read)
    assert found.version.id == f"prescreening/{PARTS[part].policy}"


def test_every_reason_has_words_for_both_and_every_step_has_some_for_the_applicant() -> None:
    reasons = known_reasons()
    assert reasons.told("FRAUD") == "We could not verify some of the information in your application."
    assert reasons.told("NONE") is None


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("LOW,heavy,a,b", "line 2: weight"),
        ("LOW,1,a,", "line 2: a reason has words for both"),
        ("LOW,1,a,{value}", "line 2: only staff's words"),
        ("LOW,1,{amount},b", "line 2: only staff's words"),
    ],
)
def test_a_mistake_in_the_reasons_is_refused_with_its_line(line: str, place: str) -> None:
    with pytest.raises(ValueError, match=place):
        read_reasons(["code,weight,staff,applicant", line])
