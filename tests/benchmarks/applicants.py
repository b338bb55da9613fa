"""200 applicants at once, each with three pictures of 5 MB: what is lost, how much memory it takes, how pages answer.

`python -m tests.benchmarks.applicants ADDRESS PID` asks pages that are served already, by the process of that id.
"""

import asyncio
import json
import re
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import aiohttp
import numpy as np
import psutil
from PIL import Image

from tests.benchmarks.system import Measured, percentile

APPLICANTS, PART = 200, 1 << 20
SLOTS = ("national_id-front", "national_id-back", "selfie")
DETAILS = {
    "givenName": "Load",
    "familyName": "Person",
    "dateOfBirth": "1984-03-09",
    "nationality": "AUS",
    "street": "1 High Street",
    "locality": "Perth",
    "country": "AUS",
}


@dataclass
class Seen:
    """What came of all applicants: milliseconds of pages, pictures that were taken, those who submitted."""

    pages: list[float] = field(default_factory=list)
    taken: int = 0
    submitted: int = 0


class Applicant:
    """One applicant: gives everything, as a browser would."""

    def __init__(self, http: aiohttp.ClientSession, seen: Seen) -> None:
        self._http, self._seen = http, seen
        self._csrf = self._base = ""

    async def apply(self, pictures: list[bytes]) -> None:
        """From the start to the end."""
        self._read(await self._page("GET", "/"))
        page = await self._page("POST", "/start", {"csrf": self._csrf})
        await self._next(page, "welcome", {"consent-GENERAL": "yes", "consent-DOCS": "yes"})
        await self._next(await self._at("personal_details"), "personal_details", DETAILS)
        chosen = {"document": "NATIONAL_ID", "country-NATIONAL_ID": "AUS"}
        await self._next(await self._at("document_selection"), "document_selection", chosen)
        for slot, picture in zip(SLOTS[:2], pictures, strict=False):
            await self._picture(slot, picture)
        await self._next(await self._at("document_photo"), "document_photo", {})
        number = {"NATIONAL_ID-number": "N1234567"}
        await self._next(await self._at("document_review"), "document_review", number)
        await self._picture(SLOTS[2], pictures[2])
        await self._next(await self._at("selfie"), "selfie", {})
        end = await self._next(await self._at("selfie_review"), "selfie_review", {})
        self._seen.submitted += 'data-status="SUBMITTED"' in end

    async def _at(self, state: str) -> str:
        return await self._page("GET", f"{self._base}/at/{state}")

    async def _next(self, page: str, state: str, form: dict[str, str]) -> str:
        self._read(page)
        version = _found(r'name="version" value="(\d+)"', page)
        sent = {"csrf": self._csrf, "version": version, "event": "next", **form}
        return await self._page("POST", f"{self._base}/at/{state}", sent)

    def _read(self, page: str) -> None:
        self._csrf = _found(r'name="csrf-token" content="([^"]+)"', page)
        if found := re.search(r'action="(/a/[^/"]+)/', page):
            self._base = found[1]

    async def _page(self, method: str, path: str, form: dict[str, str] | None = None) -> str:
        began = time.perf_counter()
        async with self._http.request(method, path, data=form) as answer:
            page = await answer.text()
        self._seen.pages.append((time.perf_counter() - began) * 1000)
        assert answer.status == 200, f"{method} {answer.url.path}: {answer.status}"
        return page

    async def _picture(self, slot: str, picture: bytes) -> None:
        headers = {"X-CSRF-Token": self._csrf}
        announced = {"slot": slot, "length": len(picture)}
        async with self._http.post(f"{self._base}/uploads", json=announced, headers=headers) as answer:
            upload = (await answer.json())["upload"]
        for at in range(0, len(picture), PART):
            part = headers | {"Upload-Offset": str(at), "Content-Type": "application/octet-stream"}
            content = picture[at : at + PART]
            async with self._http.patch(f"{self._base}/uploads/{upload}", data=content, headers=part) as answer:
                assert answer.status == 204, f"PATCH: {answer.status}"
        while True:
            async with self._http.get(f"{self._base}/pictures/{upload}/state") as answer:
                state = await answer.json()
            if state["status"] != "RECEIVED":
                break
            await asyncio.sleep(1)
        assert state["status"] == "TAKEN", state["text"]
        self._seen.taken += 1


def picture(seed: int) -> bytes:
    """A photo of 12 megapixels and 5 MB."""
    noise = np.random.default_rng(seed).normal(0, 30, (3000, 4000, 3)).astype(np.int16)
    shade = np.linspace(90, 180, 4000, dtype=np.int16)[None, :, None]
    out = BytesIO()
    Image.fromarray((noise + shade).clip(0, 255).astype(np.uint8)).save(out, "JPEG", quality=85)
    return out.getvalue()


async def measure(address: str, pid: int, applicants: int = APPLICANTS) -> dict[str, Any]:
    """Everybody at once, until the last one has submitted."""
    process, seen = psutil.Process(pid), Seen()
    pictures = [picture(seed) for seed in range(3)]
    before, began = _megabytes(process), time.perf_counter()
    async with _watching(process) as peak, asyncio.TaskGroup() as group:
        for _ in range(applicants):
            group.create_task(_one(address, seen, pictures))
    seconds = time.perf_counter() - began
    return {
        "applicants": applicants,
        "lost": applicants - seen.submitted,
        "pictures_taken": seen.taken,
        "picture_mb": round(sum(map(len, pictures)) / 3e6, 1),
        "seconds": round(seconds, 1),
        "pages_p50_ms": round(percentile(seen.pages, 0.5), 1),
        "pages_p95_ms": round(percentile(seen.pages, 0.95), 1),
        "memory_before_mb": before,
        "memory_peak_mb": max(peak),
    }


async def applicants(system: Measured) -> dict[str, Any]:
    """The pages of a running system."""
    return await measure(system.faces["collection"], system.processes["collection"].pid)


async def _one(address: str, seen: Seen, pictures: list[bytes]) -> None:
    jar = aiohttp.CookieJar(unsafe=True)
    waiting = aiohttp.ClientTimeout(total=None, sock_read=300)
    async with aiohttp.ClientSession(address, cookie_jar=jar, timeout=waiting) as http:
        await Applicant(http, seen).apply(pictures)


@asynccontextmanager
async def _watching(process: psutil.Process) -> AsyncIterator[list[int]]:
    found = [0]

    async def look() -> None:
        while True:
            found.append(_megabytes(process))
            await asyncio.sleep(0.5)

    looking = asyncio.create_task(look())
    try:
        yield found
    finally:
        looking.cancel()


def _megabytes(process: psutil.Process) -> int:
    """Resident memory of the process that serves; those that check pictures have a limit of their own."""
    return int(process.memory_info().rss / 1e6)


def _found(pattern: str, page: str) -> str:
    found = re.search(pattern, page)
    assert found is not None, pattern
    return found[1]


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measure(sys.argv[1], int(sys.argv[2]), *map(int, sys.argv[3:])))))
