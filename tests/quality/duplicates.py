"""How well duplicates are told from others: invented people by kind of change, and labelled pairs where there are."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

from services.duplicates.compare import compare
from services.duplicates.keys import keys_of
from services.duplicates.labelled import f1, of_half, read
from services.duplicates.learning import measured
from services.duplicates.policy import policy
from services.duplicates.traits import traits_of
from tests.quality.people import OTHERS, met_again, people

SEED, PEOPLE = 11, 2000
SHARED = Path(__file__).parents[2].parent / "shared" / "screening"
# The least F1 of each: of what is invented here, and of the reported half of labelled pairs.
LEAST = {"duplicates_invented": 0.99, "dup_febrl4": 0.99, "dup_splink_fake1000": 0.97}


def run() -> Iterator[dict[str, Any]]:
    """One figure for each set; `least` is what it must not fall below."""
    yield {"quality": "duplicates_invented", "least": LEAST["duplicates_invented"], **invented()}
    for name in ("dup_febrl4", "dup_splink_fake1000"):
        file = SHARED / f"{name}.jsonl"
        if not file.exists():
            yield {"quality": name, "missing": f"NOT CHECKED: {file.name} is not beside the project"}
            continue
        found = measured(of_half(read(file), "reported"), policy()[0])
        yield {
            "quality": name, "least": LEAST[name], "value": round(found.value, 4), "half": "reported",
            "found": found.right, "wrong": found.wrong, "missed": found.missed,
        }  # fmt: skip


def invented(seed: int = SEED, size: int = PEOPLE) -> dict[str, Any]:
    """Each person met again with two changes, and somebody else who is like them; found is compared and likely."""
    draw, weights = Random(seed), policy()[0]
    told, missed, wrong = [], Counter[str](), Counter[str]()
    kinds = sorted(OTHERS)
    for number, (person, other) in enumerate(pairwise(people(seed, size + 1))):
        mine = traits_of(person)
        again, changes = met_again(draw, person, other)
        kind = kinds[number % len(kinds)]
        for one, match in ((again, True), (OTHERS[kind](draw, person, other), False)):
            theirs = traits_of(one)
            found = (
                bool(keys_of(mine) & keys_of(theirs)) and compare(mine, theirs, weights).score >= weights.likely.search
            )
            told.append((found, match))
            if found != match:
                (missed if match else wrong).update(changes if match else [kind])
    found_all = f1(told)
    return {
        "value": round(found_all.value, 4), "seed": seed, "pairs": len(told),
        "missed_by_change": dict(missed.most_common()), "wrong_by_kind": dict(wrong.most_common()),
    }  # fmt: skip
