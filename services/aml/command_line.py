"""Screening and comparing without the service: a line of JSON in, a line of JSON out."""

import argparse
import hashlib
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from nomenklatura.matching.types import ScoringConfig

from libs.events.jsonl import answered, sides
from libs.events.models import Feature
from libs.screening import policy
from libs.screening.index import Index
from libs.screening.matching import Compared, compare, hits, matcher
from libs.screening.watchlist import entry
from services.aml.given import person
from services.aml.lists import NoList, load, shipped


def run(arguments: Sequence[str]) -> int:
    """Do what was asked; the exit code."""
    asked = _parser().parse_args(arguments)
    try:
        answer = asked.command(asked)
    except NoList as error:
        print(error, file=sys.stderr)
        return 1
    for line in sys.stdin.buffer:
        print(answered(line, answer), flush=True)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m services.aml", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="screen|compare")
    screens = commands.add_parser("screen", help="screen a person a line against watchlists")
    screens.add_argument(
        "--lists", nargs="+", type=Path, metavar="PATH", help="files or folders; the shipped list if none"
    )
    screens.set_defaults(command=_screen)
    compares = commands.add_parser("compare", help="compare two persons a line")
    compares.set_defaults(command=_compare)
    for command in (screens, compares):
        command.add_argument("--jsonl", action="store_true", required=True, help="read lines, answer each")
    return parser


def _screen(asked: argparse.Namespace) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    config = matcher()
    lists = [Index(watchlist) for watchlist in (load(asked.lists) if asked.lists else [shipped()])]

    def screen(fields: Mapping[str, Any]) -> dict[str, Any]:
        """`{"name", "dob"?, "country"?, "gender"?, …}` → `{"result", "hits"}`."""
        who, _ = person(fields, "person")
        found = [(hit, index.watchlist) for index in lists for hit in hits(who, index, config)]
        found.sort(key=lambda pair: (-pair[0].score, pair[0].entry.id))
        told = [
            {
                "id": hit.entry.id,
                "score": hit.score,
                "explanation": {
                    "list": watchlist.source,
                    "name": hit.entry.name,
                    "matchedName": hit.matched_name,
                    "features": _features(hit.features),
                },
            }
            for hit, watchlist in found
        ]
        return {"result": "HIT" if told else "CLEAR", "hits": told}

    return screen


def _compare(asked: argparse.Namespace) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    config = matcher()
    return lambda pair: compared(pair, config)


def compared(asked: Mapping[str, Any], config: ScoringConfig) -> dict[str, Any]:
    """`{"left", "right"}` → `{"score", "match", "explanation"}`: the left screened against the right."""
    left, right = sides(asked)
    who, _ = person(left, "left")
    _, facts = person(right, "right")
    # The matcher remembers names by the id of their entity: each side needs one of its own.
    edition = hashlib.sha256(json.dumps(facts).encode()).hexdigest()
    found: Compared = compare(who, entry(facts, edition), config)
    explained = {"matchedName": found.matched_name, "features": _features(found.features)}
    return {"score": found.score, "match": found.score >= policy.HIT, "explanation": explained}


def _features(features: Sequence[Feature]) -> list[dict[str, Any]]:
    return [{"feature": one.name, "score": one.score, "detail": one.detail} for one in features]
