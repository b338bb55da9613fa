"""The outside service of a trial takes what is signed, once a key."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from libs.delivery import signing
from libs.embedded import outside
from libs.embedded.outside import Outside
from services.notifications.deliveries import secret
from services.notifications.endpoints import Endpoints

NOW = datetime(2026, 3, 1, tzinfo=UTC)
KEY = b"0" * 32
BODY = b'{"outcome": "REJECTED"}'


def headers(body: bytes = BODY, key: bytes = KEY, at: datetime = NOW) -> dict[str, str]:
    return {**signing.headers([key], "id-1", at, body), "idempotency-key": "id-1"}


@pytest.fixture
def one(tmp_path: Path) -> Outside:
    return Outside(tmp_path / outside.FILE, signing.shown(KEY))


def test_what_comes_again_is_not_taken_twice_also_after_a_restart(one: Outside, tmp_path: Path) -> None:
    now = NOW.timestamp()
    assert [one.take(headers(), BODY, now) for _ in range(2)] == [202, 200]
    again = Outside(one.file, one.secret)
    assert again.take(headers(), BODY, now) == 200
    other = b'{"outcome": "ACCEPTED"}'
    assert again.take(headers(other), other, now) == 422
    assert outside.told(tmp_path) == [{"outcome": "REJECTED"}]


def test_what_is_not_ours_is_not_taken(one: Outside, tmp_path: Path) -> None:
    now = NOW.timestamp()
    assert one.take(headers(), BODY + b" ", now) == 401
    assert one.take(headers(key=b"1" * 32), BODY, now) == 401
    assert one.take(headers(), BODY, now + 400) == 401
    assert one.take({}, BODY, now) == 401
    assert one.take(headers(b"?"), b"?", now) == 400
    assert outside.told(tmp_path) == []


@pytest.fixture
def address(one: Outside) -> Iterator[str]:
    server = outside.server(one, 0)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    serving.join()
    server.server_close()


def test_it_answers_over_http_and_shows_what_it_got(one: Outside, address: str) -> None:
    signed = headers(at=datetime.now(UTC))
    with urlopen(Request(f"{address}/notifications", BODY, signed)) as answer:
        assert answer.status == 202
    with pytest.raises(HTTPError) as refused:
        urlopen(Request(address, BODY))
    refused.value.close()
    assert refused.value.code == 401
    with urlopen(address) as answer:
        assert json.load(answer) == [{"outcome": "REJECTED"}]


def test_it_knows_the_secret_that_notifications_sign_by(tmp_path: Path) -> None:
    env = outside.command(tmp_path, 1, "master", {}).env
    (endpoint,) = Endpoints.model_validate_json(outside.endpoints(1)).endpoints
    assert env is not None
    assert env["OUTSIDE_SECRET"] == signing.shown(secret(b"master", endpoint, endpoint.keys[0]))
