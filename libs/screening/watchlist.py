"""A watchlist: its entries as listed, and as entities that the name matcher compares."""

import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from followthemoney import EntityProxy, model

# Where each fact of an entry goes in FollowTheMoney.
ALIAS_PROPERTIES = {"strong": "alias", "weak": "weakAlias"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One person on a list; `names` are the primary name and the aliases, the weak ones apart."""

    id: str
    name: str
    names: tuple[str, ...]
    weak_names: tuple[str, ...]
    topics: tuple[str, ...]
    programmes: tuple[str, ...]
    dates_of_birth: tuple[str, ...]
    countries: tuple[str, ...]
    gender: str
    entity: EntityProxy


@dataclass(frozen=True, slots=True)
class Watchlist:
    """One version of a list; `source` is its name for a reader."""

    id: str
    source: str
    version: str
    sha256: str
    entries: tuple[Entry, ...]


class WatchlistRefused(ValueError):
    """A published list that is not what was announced, or cannot be read."""


SOURCES = {"ofac-sdn": "OFAC SDN"}


def facts(content: bytes, id: str, version: str, sha256: str) -> list[dict[str, Any]]:
    """The entries in a file of JSON lines, as they stand there; refused where its hash is not the announced one."""
    found = hashlib.sha256(content).hexdigest()
    if found != sha256.lower():
        raise WatchlistRefused(f"{id} {version}: the file's SHA-256 is {found}, announced was {sha256}")
    try:
        listed = [json.loads(line) for line in gzip.decompress(content).splitlines()]
    except (OSError, EOFError, ValueError) as error:
        raise WatchlistRefused(f"{id} {version}: {type(error).__name__}: {error}") from error
    if not listed:
        raise WatchlistRefused(f"{id} {version}: the list is empty")
    return listed


def read(content: bytes, id: str, version: str, sha256: str) -> Watchlist:
    """The list in a file of JSON lines, ready to be indexed; raises WatchlistRefused."""
    listed = facts(content, id, version, sha256)
    try:
        entries = tuple(entry(one, sha256) for one in listed)
    except (ValueError, KeyError, TypeError) as error:
        raise WatchlistRefused(f"{id} {version}: {type(error).__name__}: {error}") from error
    return Watchlist(id, SOURCES.get(id, id), version, sha256.lower(), entries)


def entry(facts: Mapping[str, Any], edition: str) -> Entry:
    """One line of the file; `edition` sets the entity apart from the same entry of another version."""
    aliases: list[Mapping[str, str]] = facts.get("aliases", [])
    strong = [alias["name"] for alias in aliases if alias["quality"] != "weak"]
    weak = [alias["name"] for alias in aliases if alias["quality"] == "weak"]
    return Entry(
        id=facts["id"],
        name=facts["name"],
        names=tuple(dict.fromkeys([facts["name"], *strong])),
        weak_names=tuple(dict.fromkeys(weak)),
        topics=tuple(facts.get("topics", ())),
        programmes=tuple(facts.get("programmes", ())),
        dates_of_birth=tuple(facts.get("datesOfBirth", ())),
        countries=tuple(facts.get("countries", ())),
        gender=facts.get("gender", ""),
        entity=_entity(facts, aliases, edition),
    )


def _entity(facts: Mapping[str, Any], aliases: list[Mapping[str, str]], edition: str) -> EntityProxy:
    # The matcher caches the names of an entity by its id alone, so the id has to change with the list.
    entity = model.make_entity(facts["schema"])
    entity.id = f"{edition[:12]}-{facts['id']}"
    entity.add("name", facts["name"])
    for alias in aliases:
        entity.add(ALIAS_PROPERTIES[alias["quality"]], alias["name"])
    if facts.get("familyName"):
        entity.add("lastName", facts["familyName"])
    return entity
