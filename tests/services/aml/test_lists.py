"""Lists told apart by what is in them, and what hostile ones come to."""

import gzip
import json
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from services.aml import xlsx
from services.aml.lists import NoList, entries, load, recognised
from tests.services.aml import test_eu, test_ftm, test_rows, test_uk, test_un

FTM = "\n".join(json.dumps(test_ftm.entity(f"Q{number}", name=[f"Ilya Orlov {number}"])) for number in (1, 2))
DELTA = json.dumps({"op": "DEL", "entity": {"id": "Q2"}})


def file(folder: Path, content: str | bytes) -> Path:
    path = folder / f"{len(list(folder.iterdir()))}.txt"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_each_is_known_by_its_content(tmp_path: Path) -> None:
    contents = (FTM, DELTA, test_eu.LIST, test_uk.LIST, test_un.LIST, test_rows.UK, test_rows.DFAT)
    kinds = [recognised(file(tmp_path, content)).kind for content in contents]
    assert kinds == ["ftm", "delta", "eu", "uk", "un", "uk-csv", "dfat"]
    assert recognised(file(tmp_path, gzip.compress(FTM.encode()))).kind == "ftm"


def test_a_delta_goes_with_its_list_and_enterprises_are_not_screened(tmp_path: Path) -> None:
    lists = load([file(tmp_path, content) for content in (FTM, DELTA, test_eu.LIST)])
    assert [[entry.id for entry in one.entries] for one in lists] == [["Q1"], ["eu-EU.77.1"]]
    with pytest.raises(NoList, match="a delta needs one list"):
        load([file(tmp_path, DELTA), file(tmp_path, test_uk.LIST)])


def test_australias_list_as_a_workbook(tmp_path: Path) -> None:
    book = Workbook()
    for row in test_rows.rows(test_rows.DFAT):
        book.active.append(row)
    book.save(tmp_path / "list.bin")
    one = recognised(tmp_path / "list.bin")
    assert (one.kind, [facts["id"] for facts in entries(one, [])]) == ("dfat", ["dfat-12"])


def test_an_archive_that_would_grow_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MOST_BYTES", 1_000)
    with zipfile.ZipFile(tmp_path / "bomb", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 1_000_000)
    with pytest.raises(NoList, match="unpacked it has 1,000,000 bytes, at most 1,000 are taken"):
        recognised(tmp_path / "bomb")


def test_hostile_names_are_made_harmless_with_a_note(tmp_path: Path) -> None:
    names = ["Ilya\u202e Or\x00lov", *(f"Alias {number}" for number in range(10_000)), "x" * 100_000]
    hostile = test_ftm.entity("Q1", name=names[:1], alias=names[:0:-1])
    (facts,) = entries(recognised(file(tmp_path, json.dumps(hostile))), [])
    assert facts["name"] == "Ilya Or lov"
    assert (len(facts["aliases"]), max(len(alias["name"]) for alias in facts["aliases"])) == (500, 500)
    assert facts["notes"] == [
        "10001 names, the first 500 were taken",
        "a name of 100000 characters was cut to 500",
        "control or direction marks were taken out of a name",
    ]


def test_an_entry_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoList, match="entry Q1: is there twice"):
        load([file(tmp_path, f"{FTM}\n{FTM}")])
