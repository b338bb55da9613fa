"""The outside service of a trial: takes what notifications tell it, acts once a key, and shows what it got.

`python -m libs.embedded.outside`; a receiver of one's own does the same four things: signature, key, body, answer.
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from libs.delivery import signing
from libs.embedded.processes import Command
from libs.embedded.resources import LOOPBACK

NAME = "outside"
FILE = "outside.jsonl"
LARGEST = 2**20  # bytes of a body
YOUNGEST = 300  # seconds that a signature may be old
ACCEPTED, AGAIN, BAD, FORGED, TOO_LARGE, CONFLICT = 202, 200, 400, 401, 413, 422


@dataclass
class Outside:
    """What it was told, by key, each a line of the file."""

    file: Path
    secret: str
    told: dict[str, Any] = field(default_factory=dict)
    _alone: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        if self.file.exists():
            for line in self.file.read_text().splitlines():
                one = json.loads(line)
                self.told[one["key"]] = one["told"]

    def take(self, headers: Mapping[str, str], body: bytes, now: float) -> int:
        """HTTP's status: what was taken before, however often it comes, is not taken twice."""
        if not _is_signed(self.secret, headers, body, now):
            return FORGED
        try:
            key, told = headers["idempotency-key"], json.loads(body)
        except (KeyError, ValueError):
            return BAD
        with self._alone:
            if key in self.told:
                return AGAIN if self.told[key] == told else CONFLICT
            self._keep(key, told, now)
        return ACCEPTED

    def _keep(self, key: str, told: Any, now: float) -> None:
        line = json.dumps({"at": datetime.fromtimestamp(now, UTC).isoformat(), "key": key, "told": told})
        with self.file.open("a") as file:
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())
        self.told[key] = told


def _is_signed(secret: str, headers: Mapping[str, str], body: bytes, now: float) -> bool:
    id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not timestamp.isdecimal() or abs(now - int(timestamp)) > YOUNGEST:
        return False
    key = base64.b64decode(secret.removeprefix(signing.PREFIX))
    mine = base64.b64encode(hmac.new(key, f"{id}.{timestamp}.".encode() + body, hashlib.sha256).digest()).decode()
    signatures = headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(f"v1,{mine}", theirs) for theirs in signatures)


def server(outside: Outside, port: int) -> ThreadingHTTPServer:
    """Takes POST; GET / shows what it was told."""

    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_POST(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            if length > LARGEST:
                self._answer(TOO_LARGE, b"")
                return
            headers = {name.lower(): value for name, value in self.headers.items()}
            self._answer(outside.take(headers, self.rfile.read(length), time.time()), b"")

        def do_GET(self) -> None:
            self._answer(200, json.dumps(list(outside.told.values()), indent=1).encode() + b"\n")

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: the file says what was told."""

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return ThreadingHTTPServer((LOOPBACK, port), Handler)


def told(data: Path) -> list[Any]:
    """What the outside service of a run was told, the oldest first."""
    file = data / FILE
    return [json.loads(line)["told"] for line in file.read_text().splitlines()] if file.exists() else []


def endpoints(port: int) -> str:
    """The document of who is told what where: it, of everything."""
    return json.dumps({"endpoints": [{"name": NAME, "url": f"http://{LOOPBACK}:{port}/notifications"}]})


def command(data: Path, port: int, master: str, environ: Mapping[str, str] = os.environ) -> Command:
    """How it is started; `master` is the key that notifications sign by."""
    secret = signing.shown(signing.secret(master.encode(), f"notifications/{NAME}", "1"))
    env = {**environ, "OUTSIDE_FILE": str(data / FILE), "OUTSIDE_SECRET": secret, "OUTSIDE_PORT": str(port)}
    root = Path(__file__).resolve().parents[2]
    return Command(NAME, [sys.executable, "-m", "libs.embedded.outside"], env=env, cwd=root)


if __name__ == "__main__":
    given = Outside(Path(os.environ["OUTSIDE_FILE"]), os.environ["OUTSIDE_SECRET"])
    server(given, int(os.environ["OUTSIDE_PORT"])).serve_forever()
