import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.screening import policy
from libs.screening.qualifiers import birth_date, country, gender


@pytest.mark.parametrize(
    ("ours", "listed", "score", "agrees", "rules_out"),
    [
        ("1964-12-12", ["1964-12-12"], 0.0, True, False),
        ("1964-12-12", ["1964"], 0.0, True, False),
        ("1964-12-12", ["1964-12"], 0.0, True, False),
        ("1964", ["1964-12-12"], 0.0, True, False),
        ("1964-12-13", ["1964-12-12"], policy.BIRTH_DAY_DIFFERS, True, False),
        ("1964-12-10", ["1964-10-12"], policy.BIRTH_DAY_FLIPPED, True, False),
        ("1964-12-13", ["1964-12-12", "1964"], 0.0, True, False),
        ("1965-12-12", ["1964-12-12"], -1.0, False, True),
        ("1965-12-12", ["1964-12-12", "1965"], 0.0, True, False),
        ("1965-12-12", ["1964"], 0.0, True, False),
        ("1966-12-12", ["1964"], -1.0, False, True),
        (None, ["1964"], 0.0, False, False),
        ("1964", [], 0.0, False, False),
    ],
)
def test_birth_date(ours: str | None, listed: list[str], score: float, agrees: bool, rules_out: bool) -> None:
    found = birth_date(ours, listed)
    assert (found.score, found.agrees, found.rules_out) == (score, agrees, rules_out)


@given(st.dates(), st.sampled_from([4, 7, 10]), st.sampled_from([4, 7, 10]))
def test_a_date_never_disagrees_with_itself_however_exact_it_is(date: object, ours: int, listed: int) -> None:
    found = birth_date(str(date)[:ours], [str(date)[:listed]])
    assert found.agrees
    assert found.score == 0.0


def test_country_and_gender_speak_against_a_hit_only_where_both_sides_are_known() -> None:
    assert country(["ru"], ["ua", "ru"]).agrees
    assert country(["ru"], ["ua"]).score == policy.COUNTRY_DIFFERS
    assert country([], ["ua"]).score == country(["ru"], []).score == 0.0
    assert gender("male", "male").agrees
    assert gender("male", "female").score == policy.GENDER_DIFFERS
    assert gender(None, "female").score == gender("male", "").score == 0.0
