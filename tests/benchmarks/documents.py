"""What a check of a document costs on one core, by a zone given as text and by a picture; prints one line of JSON."""

import json
import random
import time
from collections.abc import Callable, Sequence
from typing import Any

import psutil

from libs.documents.making import make_mrz
from libs.documents.reading import Reading
from libs.documents.scanning import read
from libs.events.models import CheckRequested, DateOfBirth, Document, Individual, Name
from services.idv.rules import verify
from services.idv.seen import Seen
from tests.libs.documents import pictures
from tests.libs.documents.reads import FORMATS, conditions
from tests.services.idv.factory import NOW, request

TEXTS, PICTURES = 3_000, 60
SEED = 7


def asked(said: dict[str, Any], **document: Any) -> CheckRequested:
    """The request about a person with one document."""
    born = DateOfBirth(normalized=said["birth"])
    name = Name(givenName=said["givenNames"], familyName=said["familyName"])
    given = Document(type="PASSPORT", country=said["issuer"], primaryIdentifier=said["number"], **document)
    return request(Individual(name=name, dateOfBirth=born, documents=[given]))


def run(texts: int = TEXTS, many: int = PICTURES) -> dict[str, Any]:
    """Checks a second of one core, and CPU milliseconds of one; pictures are clean, tilted and noisy by turns."""
    r = random.Random(SEED)
    before = psutil.Process().memory_info().rss
    people = [pictures.said(r, r.choice(FORMATS)) for _ in range(texts)]
    requests = [asked(one, mrz=make_mrz(**one)) for one in people]
    files = [_file(r, one, kind) for one, kind in zip(people, many // 3 * ("clean", "tilted", "noisy"), strict=False)]
    read(files[0])  # loads the model
    readings: list[Reading] = []
    text = _costs(lambda at: verify(requests[at], NOW, Seen()), texts)
    picture = _costs(lambda at: readings.append(read(files[at])), len(files))
    return {
        "text_per_second": round(1000 * len(text) / sum(text)),
        "text_cpu_ms_p50": _quantile(text, 0.5),
        "text_cpu_ms_p99": _quantile(text, 0.99),
        "pictures_per_second": round(1000 * len(picture) / sum(picture), 1),
        "picture_cpu_ms_p50": _quantile(picture, 0.5),
        "picture_cpu_ms_p99": _quantile(picture, 0.99),
        "pictures": len(files),
        "pictures_read": sum(reading.mrz is not None for reading in readings),
        "memory_mb_more": (psutil.Process().memory_info().rss - before) // 1_000_000,
    }


def _file(r: random.Random, said: dict[str, Any], kind: str) -> bytes:
    how = conditions(r, kind)
    document = pictures.drawn(r, make_mrz(**said), said["format"], how.dpi)
    return pictures.photographed(document, how, r.randint(0, 10**6))


def _costs(do: Callable[[int], object], count: int) -> list[float]:
    costs = []
    for at in range(count):
        begin = time.process_time()
        do(at)
        costs.append((time.process_time() - begin) * 1000)
    return costs


def _quantile(values: Sequence[float], share: float) -> float:
    return round(sorted(values)[int(share * (len(values) - 1))], 2)


if __name__ == "__main__":
    print(json.dumps(run()))
