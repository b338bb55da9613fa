"""What every page of a web face has, shown on a small one."""

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from libs.web.app import web_app
from tests.libs.web.face import browser, small_face


def token_of(page: str) -> str:
    """The token that a page's form carries."""
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found
    return found[1]


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    return browser(small_face(tmp_path))


def test_a_page_is_framed_escaped_and_says_what_is_wrong(client: TestClient) -> None:
    page = client.get("/", params={"name": '"><script>alert(1)</script>', "lang": "de"}).text
    assert '<html lang="de">' in page
    assert "<title>A form · Small</title>" in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert 'aria-invalid="true" aria-describedby="name-error"' in page


def test_no_page_runs_inline_scripts_is_framed_or_kept(client: TestClient) -> None:
    answer = client.get("/")
    assert "<script>" not in answer.text
    assert "style=" not in answer.text
    assert " onclick" not in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self';")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in answer.headers


def test_with_https_cookies_are_of_this_host_alone(tmp_path: Path) -> None:
    answer = browser(small_face(tmp_path, secure=True), "https://face.test").get("/")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-csrf=")
    assert "Secure" in cookie
    assert "HttpOnly" in cookie
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_a_form_of_ours_counts_and_its_message_is_shown_once(client: TestClient) -> None:
    token = token_of(client.get("/").text)
    assert client.post("/saved", data={"csrf": token, "name": "Ada"}).status_code == 303
    assert "3 letters were saved" in client.get("/").text
    assert "3 letters were saved" not in client.get("/").text


def test_a_script_may_send_the_token_as_a_header(client: TestClient) -> None:
    token = token_of(client.get("/").text)
    sent = client.post("/saved", data={"name": "Ada"}, headers={"X-CSRF-Token": token})
    assert sent.status_code == 303


def test_a_form_that_is_not_ours_is_refused(client: TestClient, tmp_path: Path) -> None:
    token = token_of(client.get("/").text)
    stranger = browser(small_face(tmp_path))
    others = token_of(stranger.get("/").text)
    bound = token_of(client.get("/", params={"bound": "another session"}).text)
    for sent in ({}, {"csrf": others}, {"csrf": token + "x"}, {"csrf": bound}):
        answer = client.post("/saved", data={"name": "Ada", **sent})
        assert (answer.status_code, "stood open for too long" in answer.text) == (403, True), sent
    told = {"Sec-Fetch-Site": "cross-site"}
    assert client.post("/saved", data={"name": "Ada", "csrf": token}, headers=told).status_code == 403
    client.cookies.clear()
    assert client.post("/saved", data={"name": "Ada", "csrf": token}).status_code == 403


def test_failures_are_pages_that_name_a_request_and_no_cause(client: TestClient) -> None:
    for path, status, text in (
        ("/nowhere", 404, "There is nothing at this address"),
        ("/fails/409", 409, "told"),
        ("/fails/418", 418, "told"),
        ("/fails/x", 422, "wrong form"),
        ("/fails/500", 500, "The fault is ours"),
        ("/fails/503", 503, "cannot answer at the moment"),
    ):
        answer = client.get(path)
        assert (answer.status_code, text in answer.text) == (status, True), path
        assert "Ada" not in answer.text
        assert "Traceback" not in answer.text
        assert f"<code>{answer.headers['X-Request-Id']}</code>" in answer.text
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


def test_a_missing_part_of_a_form_is_answered_with_422(client: TestClient) -> None:
    token = token_of(client.get("/").text)
    assert client.post("/saved", data={"csrf": token}).status_code == 422


def test_files_are_named_by_their_content_and_kept_for_good(client: TestClient) -> None:
    found = re.search(r'href="(/static/vetstream\.[0-9a-f]{12}\.css)"', client.get("/").text)
    assert found
    styles = client.get(found[1])
    assert styles.headers["Content-Type"].startswith("text/css")
    assert "immutable" in styles.headers["Cache-Control"]
    again = client.get("/static/vetstream.css", headers={"If-None-Match": styles.headers["ETag"]})
    assert (again.status_code, again.headers["Cache-Control"]) == (304, "no-cache")
    assert client.get("/static/..%2Fapp.py").status_code == 404


def test_a_face_without_a_key_is_refused() -> None:
    with pytest.raises(ValueError, match="VETSTREAM_WEB_KEY is empty"):
        web_app("Small", key="", face="small")
