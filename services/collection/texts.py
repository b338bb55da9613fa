"""The texts of the pages, by language, read from their one document."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import icu
import yaml

SHIPPED = Path(__file__).with_name("texts.yaml")


class Texts:
    """The texts of one language: `texts("picture.sending", percent=5)`."""

    def __init__(self, language: str, told: Mapping[str, Any]) -> None:
        self.language = language
        self._told = told

    def __call__(self, path: str, **values: object) -> Any:
        """A text with its values, or what else stands at a path; raises KeyError where nothing does."""
        found: Any = self._told
        for part in path.split("."):
            found = found[part]
        return found.format(**values) if isinstance(found, str) else found

    def of(self, path: str, name: str, otherwise: str) -> Any:
        """The text of one of many names; that of another where there is none of this one."""
        every = self(path)
        return every.get(name, every[otherwise]) if otherwise in every else every.get(name, name)

    def countries(self) -> list[tuple[str, str]]:
        """(ISO 3166-1 alpha-3, name) of every country, as the language sorts them."""
        return _countries(self.language)

    def day(self, when: datetime) -> str:
        """A day as the language writes it."""
        return str(icu.DateFormat.createDateInstance(icu.DateFormat.LONG, icu.Locale(self.language)).format(when))

    def country(self, code: str) -> str:
        """The name of a country; its code where there is none."""
        return dict(_countries(self.language)).get(code, code)


def load(file: Path = SHIPPED) -> dict[str, Texts]:
    """The texts of each language; the first one is for whoever wants none of them."""
    told = yaml.safe_load(file.read_text(encoding="utf-8"))
    return {language: Texts(language, texts) for language, texts in told.items()}


def wanted(languages: list[str], accepted: str) -> str:
    """The first language of an Accept-Language header that there is, by its weights; else the first there is."""
    weighed = []
    for part in accepted.split(","):
        name, _, weight = part.partition(";q=")
        weighed.append((-_weight(weight), name.strip().lower().partition("-")[0]))
    return next((name for _, name in sorted(weighed, key=lambda one: one[0]) if name in languages), languages[0])


def _weight(text: str) -> float:
    try:
        return float(text or 1)
    except ValueError:
        return 0.0


@cache
def _countries(language: str) -> list[tuple[str, str]]:
    locale = icu.Locale(language)
    collator = icu.Collator.createInstance(locale)
    codes = (icu.Locale("", code) for code in icu.Locale.getISOCountries())
    named = [(one.getISO3Country(), one.getDisplayCountry(locale)) for one in codes if one.getISO3Country()]
    return sorted(named, key=lambda one: collator.getSortKey(one[1]))
