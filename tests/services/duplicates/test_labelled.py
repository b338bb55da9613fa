import json
from pathlib import Path
from typing import Any

import pytest

from services.duplicates.labelled import F1, f1, of_half, read
from services.duplicates.learning import learn, measured
from services.duplicates.policy import policy


def pair(one: str, other: str, match: bool) -> dict[str, Any]:
    return {"query": {"name": one}, "target": {"id": "7", "name": other}, "expected": {"match": match}}


def write(folder: Path, *lines: dict[str, Any]) -> Path:
    file = folder / "pairs.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return file


def test_no_person_is_in_both_halves(tmp_path: Path) -> None:
    chain = [pair(f"A{n}", f"A{n + 1}", True) for n in range(9)]
    others = [pair(f"A{n}", f"B{n}", False) for n in range(40)] + [pair(f"B{n}", f"C{n}", True) for n in range(40)]
    pairs = read(write(tmp_path, *chain, *others))
    assert len({one.half for one in pairs[:9]}) == 1
    halves: dict[str, set[str]] = {}
    for one in pairs:
        for who in one.persons:
            halves.setdefault(who, set()).add(one.half)
    assert not [who for who, several in halves.items() if several >= {"learned", "reported"}]
    assert {one.half for one in pairs} == {"learned", "reported", "both"}


def test_a_line_that_is_no_pair_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"pairs\.jsonl:2: no labelled pair: KeyError"):
        read(write(tmp_path, pair("A", "B", True), {"query": {}}))


def test_f1_counts_what_was_found_and_what_was_missed() -> None:
    found = f1([(True, True), (True, True), (True, False), (False, True), (False, False)])
    assert (found, round(found.value, 3)) == (F1(right=2, wrong=1, missed=1), 0.667)


def test_a_level_is_worth_more_the_rarer_it_is_among_strangers(tmp_path: Path) -> None:
    people = [f"{given} {family}" for given in ("Maria", "Peter", "Yuki") for family in ("Obi", "Castellano", "Tanaka")]
    pairs = read(write(tmp_path, *(pair(name, name, True) for name in people)))
    learned = {one.level: one for one in learn([pairs], seed=1, drawn=2000) if one.field == "name"}
    assert learned["same"].bits > 4 > 0 > learned["part"].bits
    assert learned["same"].seen == len(people)


def test_measured_on_pairs(tmp_path: Path) -> None:
    pairs = read(write(tmp_path, pair("Maria Obi", "Obi Maria", True), pair("Maria Obi", "Yuki Tanaka", False)))
    assert measured(pairs, policy()[0]).value == 1.0


@pytest.mark.parametrize(("name", "least"), [("dup_febrl4", 0.99), ("dup_splink_fake1000", 0.97)])
def test_labelled_pairs_of_the_reported_half(name: str, least: float) -> None:
    file = Path(__file__).parents[4] / "shared" / "screening" / f"{name}.jsonl"
    if not file.exists():
        pytest.skip(f"NOT CHECKED: the labelled pairs {file.name} are missing")
    assert measured(of_half(read(file), "reported"), policy()[0]).value >= least
