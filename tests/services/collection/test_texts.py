"""The texts: every language has all of them, with the same values in them."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.collection import checking, details, entering, policy, texts
from services.collection.collected import APPROVED, ASKED, CLOSED, REJECTED, SUBMITTED

TEXTS = texts.load()


def flat(told: Any, path: str = "") -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each text by its path, as the names of its values."""
    if isinstance(told, dict):
        for name, inner in told.items():
            yield from flat(inner, f"{path}.{name}")
    elif isinstance(told, list):
        for at, inner in enumerate(told):
            yield from flat(inner, f"{path}.{at}")
    else:
        yield path, tuple(sorted(re.findall(r"\{(\w+)\}", told)))


def test_every_language_says_the_same() -> None:
    first, *others = (dict(flat(one._told)) for one in TEXTS.values())
    assert len(first) > 150
    assert [one == first for one in others] == [True]


@pytest.mark.parametrize("language", list(TEXTS))
def test_whatever_may_be_told_has_words(language: str) -> None:
    t = TEXTS[language]
    codes = {
        code
        for module in (checking, entering, details)
        for code in re.findall(r'"((?:no|too|not)_[a-z_]+|missing|empty|broken|blurred|expired)"', _source(module))
    }
    assert len(codes) > 14
    assert codes - set(t("problems")) == set()
    for status in (SUBMITTED, ASKED, APPROVED, REJECTED, CLOSED):
        assert t(f"final.{status}.title")
    for type, sides in policy.load().documents.items():
        assert set(t(f"sides.{type}")) == set(sides)
    assert t.of("types", "VISA", "") == "VISA"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("es-MX,es;q=0.9,en;q=0.8", "es"), ("de,en;q=0.5,es;q=0.7", "es"), ("de", "en"), ("", "en"), (";q=x", "en")],
)
def test_a_browser_is_answered_in_the_language_that_it_prefers(accepted: str, language: str) -> None:
    assert texts.wanted(list(TEXTS), accepted) == language


def test_countries_are_sorted_as_the_language_does() -> None:
    assert TEXTS["es"].country("DEU") == "Alemania"
    names = [name for _, name in TEXTS["es"].countries()]
    assert names.index("Emiratos Árabes Unidos") < names.index("España") < names.index("Zimbabue")
    assert len(names) > 200


def _source(module: Any) -> str:
    return Path(module.__file__).read_text()
