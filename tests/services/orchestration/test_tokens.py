"""Task tokens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.orchestration.tokens import BadToken, Tokens

TOKENS = Tokens(b"secret")


@given(st.uuids(), st.integers(min_value=1, max_value=25_000))
def test_a_token_names_its_execution_and_task(execution: object, task: int) -> None:
    assert TOKENS.read(TOKENS.make(str(execution), task)) == (str(execution), task)


@given(st.integers(min_value=0), st.characters())
def test_a_changed_token_is_refused(place: int, character: str) -> None:
    token = TOKENS.make("6a1f", 7)
    place %= len(token)
    changed = token[:place] + character + token[place + 1 :]
    if changed != token:
        with pytest.raises(BadToken):
            TOKENS.read(changed)


@given(st.text())
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(BadToken):
        TOKENS.read(text)


def test_another_key_makes_other_tokens() -> None:
    with pytest.raises(BadToken):
        TOKENS.read(Tokens(b"other").make("6a1f", 7))


def test_a_task_number_without_end_is_refused() -> None:
    with pytest.raises(BadToken):
        TOKENS.read(f"6a1f.{'9' * 5000}.mac")
