import csv
import gzip
import json
from pathlib import Path

from libs.screening.watchlist import read
from services.aml.publish import DATA, published
from services.aml.snapshot import main

SDN = [["37", "DOE, Robert", "individual", "CUBA", *["-0- "] * 7, "DOB 1970."]]
ALT = [["ent_num", "alt_num", "alt_type", "alt_name", "alt_remarks"], ["37", "1", "aka", "DOE, Rob", "-0- "]]


def _made(folder: Path) -> tuple[bytes, dict[str, object]]:
    for name, rows in (("sdn.csv", SDN), ("alt.csv", ALT)):
        with (folder / name).open("w", newline="") as file:
            csv.writer(file).writerows(rows)
            file.write("\x1a")
    out = folder / "list.jsonl.gz"
    main(["--sdn", f"{folder}/sdn.csv", "--alt", f"{folder}/alt.csv", "--version", "2024-07-02", "--out", str(out)])
    return out.read_bytes(), json.loads((folder / "list.json").read_text())


def test_the_same_list_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    content, manifest = _made(first)
    assert (content, manifest) == _made(second)
    assert json.loads(gzip.decompress(content)) == {
        "id": "ofac-37", "schema": "Person", "name": "Robert DOE", "familyName": "DOE",
        "aliases": [{"name": "Rob DOE", "quality": "strong"}], "datesOfBirth": ["1970"], "programmes": ["CUBA"],
        "topics": ["sanction"], "remarks": "DOB 1970.",
    }  # fmt: skip
    assert read(content, "ofac-sdn", "2024-07-02", str(manifest["sha256"])).entries[0].name == "Robert DOE"


def test_the_shipped_list_is_the_one_announced() -> None:
    announced = published()
    content = (DATA / "ofac_sdn.jsonl.gz").read_bytes()
    shipped = read(content, announced.id, announced.version, announced.sha256)
    assert len(shipped.entries) == announced.entries == 6927
    assert announced.uri == "package:services/aml/data/ofac_sdn.jsonl.gz"
    assert announced == published()
