"""Pictures read, and the command that prints what they say; `test_thousand` reads many more."""

import json
import random
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from libs.documents.making import make_mrz
from libs.documents.mrz import parse
from libs.documents.reading import said, whole
from libs.documents.scanning import read
from tests.libs.documents import licences, pictures
from tests.libs.documents.pictures import Conditions, photographed, saved
from tests.libs.documents.reads import FORMATS, counted, zone

SEED = 7


def taken(format: str = "TD3", how: Conditions = pictures.CLEAN, **said: str) -> tuple[str, bytes]:
    """A zone and a picture of its document."""
    r = random.Random(SEED)
    mrz = make_mrz(**{**pictures.said(r, format), **said})
    return mrz, photographed(pictures.drawn(r, mrz, format, how.dpi), how, SEED)


@pytest.mark.parametrize("format", FORMATS)
def test_each_format(format: str) -> None:
    mrz, data = taken(format)
    found = read(data)
    assert (found.kind, found.mrz) == ("MRZ", parse(mrz))


@pytest.mark.parametrize("how", [Conditions(turned=90), Conditions(turned=180, tilt=-7), Conditions(tilt=11, noise=8)])
def test_tilted_and_turned(how: Conditions) -> None:
    mrz, data = taken(how=how)
    assert read(data).mrz == parse(mrz)


def test_pictures_of_all_kinds() -> None:
    print(f"seed {SEED}")
    counts, wrong = counted(zone(SEED + number, kind) for kind in ("clean", "tilted", "noisy") for number in range(4))
    assert wrong == []
    assert counts["clean"]["read"] >= 3


@pytest.mark.parametrize("number", ["O0O0O0O0O", "0O0123456", "G6G6S5S5B", "I1I1Z2Z28"])
def test_letters_that_look_like_digits_are_told_apart_or_not_told(number: str) -> None:
    mrz, data = taken(number=number)
    found = read(data)
    told = said(found, date(2026, 1, 1))
    assert found.mrz
    assert (found.mrz.birth, found.mrz.expiry) == (parse(mrz).birth, parse(mrz).expiry)
    assert told["fields"].get("documentNumber", number) == number
    assert ("documentNumber" in told["fields"]) != ("documentNumber" in told["unread"])
    assert ("lines" in told) == (not told["unread"])


def test_a_wrong_check_digit_is_no_reading() -> None:
    r = random.Random(SEED)
    lines = make_mrz(**pictures.said(r, "TD3")).split("\n")
    wrong = "\n".join((lines[0], f"{lines[1][:9]}{(int(lines[1][9]) + 1) % 10}{lines[1][10:]}"))
    found = read(photographed(pictures.drawn(r, wrong, "TD3", 200), pictures.CLEAN, SEED))
    assert (found.mrz, found.unread) == (None, ("mrz", "barcode"))


@pytest.mark.parametrize("how", [pictures.CLEAN, Conditions(tilt=9, blur=0.8), Conditions(turned=180, noise=8)])
def test_the_barcode_of_a_licence(how: Conditions) -> None:
    found = read(photographed(licences.drawn(licences.elements()), how, SEED))
    assert found.kind == "PDF417"
    assert found.licence
    assert (found.licence.number, found.licence.birth) == ("D1234567", "1986-01-31")


def test_a_picture_of_nothing() -> None:
    found = read(saved(np.full((400, 600), 128, np.uint8)))
    assert (found.kind, found.unread) == ("", ("mrz", "barcode"))
    assert found.why == "no PDF417 barcode; no lines of print that could be a zone"


def test_a_reading_as_a_document() -> None:
    _, data = taken(number="N1234577", birth="1974-08-12", expiry="2032-04-15", issuer="AUS", sex="F")
    told = said(read(data), date(2026, 1, 15))
    assert told["fields"]["documentNumber"] == "N1234577"
    assert (told["fields"]["dateOfBirth"], told["fields"]["expiryDate"]) == ("1974-08-12", "2032-04-15")
    assert told["checkDigits"] == dict.fromkeys(("number", "birth", "expiry", "optional", "composite"), True)
    assert len(told["lines"]) == 2


@pytest.mark.parametrize(
    ("text", "last", "date_"),
    [("740812", 2026, "1974-08-12"), ("260114", 2026, "2026-01-14"), ("260116", 2026, "1926-01-16"),
     ("7408<<", 2026, "1974-08"), ("<<<<<<", 2026, ""), ("320415", 2076, "2032-04-15"), ("770101", 2076, "1977-01-01")],
)  # fmt: skip
def test_the_century_of_a_date(text: str, last: int, date_: str) -> None:
    assert whole(text, last, date(2026, 1, 15)) == date_


def test_the_command(tmp_path: Path) -> None:
    good, none, bare = tmp_path / "a.jpg", tmp_path / "b.png", tmp_path / "c.png"
    good.write_bytes(taken()[1])
    none.write_bytes(b"<svg/>")
    bare.write_bytes(saved(np.full((400, 600), 128, np.uint8), Conditions(media="PNG")))
    command = [sys.executable, "-m", "services.idv", "read", *map(str, (good, none, bare))]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    first, second = map(json.loads, ran.stdout.splitlines())
    assert ran.returncode == 1
    assert ran.stderr == f"{none}: a picture is a JPEG or a PNG; this is image/svg+xml\n"
    assert (first["format"], first["unread"]) == ("TD3", [])
    assert (second["format"], second["fields"], second["unread"]) == (None, {}, ["mrz", "barcode"])
