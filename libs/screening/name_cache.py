"""The names of entities as the matcher analyses them: kept for a whole list, and always in one order."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from followthemoney.names import entity_names
from nomenklatura.matching.logic_v2.names import match
from rigour.names import Name

# Entities kept: those of the lists, and the persons asked about last.
ENTITIES = 20_000


def install() -> None:
    """Have the matcher use this cache; its own holds 1,000 entities, and sets whose order changes with each process.

    The order decides which of two equally good names is reported, so that a repeated request is answered alike.
    """
    if vars(match)["entity_names"].__module__ == __name__:
        return
    known = lru_cache(maxsize=ENTITIES)(_names)
    consolidated = lru_cache(maxsize=ENTITIES)(_consolidated(known))
    for name, function in (("entity_names", known), ("entity_names_consolidated", consolidated)):
        setattr(match, name, function)


def _names(entity: Any, prop: str | None = None, is_query: bool = False) -> tuple[Name, ...]:
    props = None if prop is None else (prop,)
    return _ordered(entity_names(entity, props, infer_initials=is_query, consolidate=False))


def _consolidated(known: Callable[..., tuple[Name, ...]]) -> Callable[..., tuple[Name, ...]]:
    def names(entity: Any, prop: str | None = None, is_query: bool = False) -> tuple[Name, ...]:
        return _ordered(Name.consolidate_names(known(entity, prop=prop, is_query=is_query)))

    return names


def _ordered(names: Iterable[Name]) -> tuple[Name, ...]:
    return tuple(sorted(names, key=lambda name: str(name.form)))
