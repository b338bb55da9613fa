"""The commands: a line in, a line out, whatever the line is; lists told apart by what is in them."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from services.aml.command_line import run
from services.aml.lists import NoList, load
from tests.services.aml.test_un import LIST

SDN = (
    '36,"PUTIN, Vladimir Vladimirovich","individual","RUSSIA-EO14024",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,'
    '"DOB 07 Oct 1952; nationality Russia; Gender Male."\n\x1a'
)
ALT = 'ent_num,alt_num,alt_type,alt_name,alt_remarks\n36,12,"aka","PUTINSKI, Volodya",-0-\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in (("a.csv", SDN), ("b.csv", ALT), ("c.xml", LIST.format(born="")), ("README.md", "# Lists")):
        (tmp_path / name).write_text(content)
    return tmp_path


def answers(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], *lines: Any
) -> list[Any]:
    given = b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
    assert run(arguments) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_screening_by_the_lists_of_a_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = [
        {"name": "Vladimir Putin", "dob": "1952-10-07", "country": "Russia", "gender": "male"},
        {"name": "Volodya Putinski"},
        {"name": "عدي صدام", "dob": None},
        {"name": "Vladimir Putin", "dob": "1990"},
        {"name": "Maria Ordinary", "occupation": ["not", "looked", "at"]},
    ]
    told = answers(monkeypatch, capsys, ["screen", "--jsonl", "--lists", str(folder)], *asked)
    assert [[hit["id"] for hit in one["hits"]] for one in told] == [["ofac-36"], ["ofac-36"], ["IQi.003"], [], []]
    assert [one["result"] for one in told] == ["HIT", "HIT", "HIT", "CLEAR", "CLEAR"]
    (hit,) = told[0]["hits"]
    assert 0.7 <= hit["score"] <= 1
    assert [feature["feature"] for feature in hit["explanation"]["features"]] == [
        "name_match", "birth_date", "country", "gender",
    ]  # fmt: skip


def test_no_line_ends_the_run(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines: list[Any] = [
        b"{", b"", [], {}, {"name": 5}, {"name": "x" * 10_000_000}, {"name": ["a"] * 60}, b'{"name": NaN}',
        {"name": "Vladimir Putin"},
    ]  # fmt: skip
    told = answers(monkeypatch, capsys, ["screen", "--jsonl", "--lists", str(folder / "a.csv")], *lines)
    assert [sorted(one) for one in told] == [["error"]] * 8 + [["hits", "result"]]
    assert told[5]["error"] == "person.name: has 10000000 characters, at most 1000 are taken"


def test_pairs_are_compared_each_by_themselves(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pairs = [
        {"left": {"name": "Wladimir Putin"}, "right": {"name": "Vladimir Putin"}},
        {"left": {"name": "Jon Smith"}, "right": {"name": "Octavia Bellweather"}},
        {"left": {"name": "John Smith", "dob": "1970"}, "right": {"name": "John Smith", "dob": ["1990", "1991-02-03"]}},
        {"left": {"name": "John Smith", "dob": "19700102"}, "right": {"name": "John Smith", "dob": "1970-01-02"}},
        {"left": {"name": "John"}},
    ]
    told = answers(monkeypatch, capsys, ["compare", "--jsonl"], *pairs)
    assert [one.get("match") for one in told] == [True, False, False, True, None]
    assert (told[2]["score"], told[3]["score"]) == (0.0, 1.0)
    assert told[4] == {"error": '"right" is missing'}


def test_a_file_that_is_no_list_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    readme = folder / "README.md"
    assert run(["screen", "--jsonl", "--lists", str(readme)]) == 1
    assert capsys.readouterr().err.startswith(f"{readme}: is none of")
    with pytest.raises(NoList, match="No such file"):
        load([folder / "missing.xml"])
    broken = folder / "broken.xml"
    broken.write_text("<CONSOLIDATED_LIST>")
    with pytest.raises(NoList, match=f"{broken}: line 1: no XML"):
        load([broken])
    with pytest.raises(NoList, match="no watchlist is there"):
        load([folder / "b.csv"])
