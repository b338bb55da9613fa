"""A profile that is wrong is refused, and the place is told."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.risk.__main__ import main
from services.risk.agent import PROFILES, load_catalogue
from services.risk.loading import load_profile
from services.risk.reading import InvalidProfile

SHIPPED = (PROFILES / "standard.yaml").read_text()
KNOWN = load_catalogue()
SMALL = """
bands: [{level: LOW, to: 31}, {level: HIGH, from: 31}]
categories: {Any: max}
factors:
  num_pep: {category: Any, ranges: RANGES}
"""


def problems(text: str) -> list[str]:
    with pytest.raises(InvalidProfile) as refused:
        load_profile("mine", text, KNOWN)
    return list(refused.value.problems)


def changed(before: str, after: str) -> str:
    assert before in SHIPPED
    return SHIPPED.replace(before, after, 1)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            changed("from: 25, to: 70", "from: 26, to: 70"),
            "entity_age.ranges[2].from: a gap: nothing holds 25 to before 26",
        ),
        (
            changed("from: 25, to: 70", "from: 24, to: 70"),
            "entity_age.ranges[2].from: an overlap: 24 to before 25 is in",
        ),
        (changed("{from: 70, ", "{from: 70, to: 120, "), "entity_age.ranges[3].to: a gap: nothing holds 120 and more"),
        (changed("{to: 18, ", "{from: 0, to: 18, "), "entity_age.ranges[0].from: a gap: nothing holds what is below 0"),
        (changed("from: 18, to: 25", "from: 25, to: 18"), "entity_age.ranges[1]: it holds no number"),
        (changed("{to: 18, ", "{to: young, "), "entity_age.ranges[0].to: a number is needed, not 'young'"),
        (changed("from: 51, to: 76", "from: 52, to: 76"), "bands[2].from: a gap: nothing holds 51 to before 52"),
        (changed("from: 31, to: 51", "from: 30, to: 51"), "bands[1].from: an overlap"),
        (changed("level: HIGH", "level: SEVERE"), 'bands[2].level: "SEVERE" is none of LOW, MEDIUM'),
        (changed("level: HIGH", "level: LOW"), "bands: levels rise with the score"),
        (changed("  is_pep:", "  is_vip:"), "factors.is_vip: there is no such factor"),
        (changed("  is_pep:", "  fraud_device:"), "factors.fraud_device: this factor cannot be had: no session"),
        (
            changed("Workflow Logic: sum", "Workflow Logic: mean"),
            'categories.Workflow Logic: "mean" is none of max, sum',
        ),
        (
            changed("category: Entity Profile", "category: Person"),
            'entity_age.category: "Person" is none of the categories',
        ),
        (changed("      STRONG: {points: 0}\n", ""), "document_type.lookup: a gap: nothing for STRONG"),
        (
            changed("STRONG: {points: 0}", "STRANGE: {points: 0}"),
            "document_type.lookup.STRANGE: this factor is never that",
        ),
        (
            changed("WEAK: {points: 6", "WEAK: {points: -6"),
            "document_type.lookup.WEAK.points: points are a whole number",
        ),
        (changed("WEAK: {points: 6", "WEAK: {score: 6"), "document_type.lookup.WEAK.score: there is no such entry"),
        (changed("WEAK: {points: 6", "MEDIUM: {points: 6"), '"MEDIUM" stands here twice'),
        (
            changed("    ranges:\n      - {to: 18", "    lookup:\n      - {to: 18"),
            "entity_age.lookup: this factor is a number",
        ),
        (changed("factors:\n", "factors: [\n"), "expected"),
        ("- 1", "a table of names is needed"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: str, problem: str) -> None:
    assert any(problem in one for one in problems(text)), problems(text)


def test_all_problems_are_told_at_once() -> None:
    text = changed("  is_pep:", "  is_vip:").replace("from: 51, to: 76", "from: 52, to: 76")
    assert len(problems(text)) == 2


def test_every_factor_of_the_contract_is_had_or_the_reason_told() -> None:
    assert len(KNOWN.known.keys() - {"nationality_country_risk", "kyc_result"}) + len(KNOWN.unavailable) == 60
    assert all(KNOWN.unavailable.values())


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=4), st.integers(-7, 7))
def test_ranges_are_taken_only_where_each_number_is_in_exactly_one(cuts: list[int], number: int) -> None:
    starts = [None, *cuts]
    ranges = [
        {"from": low, "to": high, "points": n} for n, (low, high) in enumerate(zip(starts, [*cuts, None], strict=True))
    ]
    told = [{name: value for name, value in one.items() if value is not None} for one in ranges]
    text = SMALL.replace("RANGES", json.dumps(told))
    if sorted(set(cuts)) != cuts:
        assert problems(text)
        return
    factors = load_profile("mine", text, KNOWN)._parts.factors
    row = factors["num_pep"].scores.of("", number)
    assert row is not None
    assert row.points == sum(cut <= number for cut in cuts)


def test_the_command_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = tmp_path / "mine.yaml"
    wrong.write_text(changed("  is_pep:", "  is_vip:"))
    assert main(["check", str(PROFILES / "standard.yaml")]) == 0
    assert main(["check", str(wrong)]) == 1
    assert capsys.readouterr().out == "mine: factors.is_vip: there is no such factor; factors.yaml has them all\n"
