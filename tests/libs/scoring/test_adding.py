"""Points by hand, and what they come to."""

import pytest

from libs.scoring.adding import Sums, Value, level, shares

NONE = Sums((), ())


@pytest.mark.parametrize(
    ("values", "sums", "expected"),
    [
        ([], NONE, []),
        ([Value("pep", "AML", 35), Value("sanction", "AML", 51)], NONE, [0, 51]),
        ([Value("pep", "AML", 35), Value("sanction", "AML", 51)], Sums({"AML"}, ()), [35, 51]),
        ([Value("home", "Place", 20), Value("home", "Place", 51)], NONE, [0, 51]),
        ([Value("home", "Place", 20), Value("home", "Place", 51)], Sums((), {"home"}), [20, 51]),
        # What a person gives stands for the factor, however many values it has.
        ([Value("home", "P", 7, True), Value("home", "P", 7, True)], Sums({"P"}, {"home"}), [7, 0]),
    ],
)
def test_of_a_factor_and_of_a_category_the_highest_counts_or_all(
    values: list[Value], sums: Sums, expected: list[int]
) -> None:
    assert shares(values, sums) == expected


def test_a_band_holds_its_lowest_score_and_not_that_of_the_next() -> None:
    assert [level(score, ("LOW", "HIGH"), (31,)) for score in (-1, 30, 31)] == ["LOW", "LOW", "HIGH"]
