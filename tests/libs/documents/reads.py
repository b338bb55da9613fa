"""What comes of reading made pictures: right, refused, or wrong in a field that was told."""

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict

from libs.documents.making import make_mrz
from libs.documents.mrz import Mrz, parse
from libs.documents.reading import Reading
from libs.documents.scanning import read
from tests.libs.documents import licences, pictures
from tests.libs.documents.pictures import Conditions

FORMATS = tuple(pictures.SIZES)
OF = {"name": ("familyName", "givenNames", "truncated")}


def conditions(random: random.Random, kind: str) -> Conditions:
    """How the next picture of a kind is taken."""
    clean = Conditions(dpi=random.choice((150, 200, 300)), media=random.choice(("JPEG", "PNG")))
    if kind == "clean":
        return clean
    tilted = Conditions(
        tilt=random.uniform(-12, 12), turned=random.choice((0, 0, 90, 180, 270)), perspective=random.choice((0, 0.01)),
        dpi=clean.dpi, media=clean.media,
    )  # fmt: skip
    if kind == "tilted":
        return tilted
    return Conditions(
        tilt=tilted.tilt / 2, noise=random.choice((8, 15)), blur=random.choice((0, 0.8, 1.2)),
        shade=random.choice((0, 0.4)), dpi=clean.dpi, quality=random.choice((50, 80)),
    )  # fmt: skip


def zone(seed: int, kind: str) -> tuple[str, str]:
    """Draw, photograph and read one document with a zone: its kind, and `read`, `in part`, `refused` or what is wrong.

    In part: what else stands there is told, the number is not, as another one agrees with the check digits, too.
    """
    r = random.Random(seed)
    format = r.choice(FORMATS)
    mrz = make_mrz(**pictures.said(r, format))
    how = conditions(r, kind)
    found = read(pictures.photographed(pictures.drawn(r, mrz, format, how.dpi), how, seed))
    if found.mrz is None:
        return kind, "refused"
    wrong = wrong_fields(found, parse(mrz))
    whole = "in part" if "number" in found.unread else "read"
    return kind, f"seed {seed}: wrong {', '.join(wrong)}" if wrong else whole


def licence(seed: int, kind: str) -> tuple[str, str]:
    """As `zone`, for a licence with a barcode."""
    r = random.Random(seed)
    said = licences.made(r)
    how = conditions(r, kind)
    found = read(pictures.photographed(licences.drawn(said), how, seed)).licence
    if found is None:
        return f"{kind} barcode", "refused"
    right = (found.number, found.familyName, found.birth[:4]) == (said["DAQ"], said["DCS"], said["DBB"][4:])
    return f"{kind} barcode", "read" if right else f"seed {seed}: wrong"


def wrong_fields(found: Reading, truth: Mrz) -> list[str]:
    """Fields that were told and are not what was printed; names are apart, they count only where they agree."""
    assert found.mrz is not None
    unread = {part for field in (*found.unread, "name") for part in OF.get(field, (field,))}
    said, right = asdict(found.mrz), asdict(truth)
    return [field for field in said if field not in unread and said[field] != right[field]]


def counted(results: Iterable[tuple[str, str]]) -> tuple[dict[str, Counter[str]], list[str]]:
    """By kind how many were read, read in part and refused, and every wrong one."""
    counts: dict[str, Counter[str]] = {}
    wrong = []
    for kind, came in results:
        known = came in ("read", "in part", "refused")
        counts.setdefault(kind, Counter())[came if known else "wrong"] += 1
        wrong += [] if known else [came]
    return counts, wrong
