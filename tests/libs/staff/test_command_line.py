import argparse
import io
import json

import pytest

from libs.staff import command_line
from libs.staff.passwords import TooWeak
from libs.staff.users import Refused
from tests.libs.staff.conftest import Face


async def command(face: Face, *words: str) -> list[dict[str, object]]:
    """What a command says, line by line."""
    parser = argparse.ArgumentParser()
    command_line.add(parser.add_subparsers(dest="command"))
    said: list[str] = []
    await command_line.run(parser.parse_args(["staff", *words]), face.url, said.append, lambda: face.now)
    return [json.loads(line) for line in said]


async def test_a_user_is_made_reset_disabled_and_enabled(face: Face) -> None:
    (made,) = await command(face, "add", "--user", "Ben", "--role", "operator", "--name", "Ben Ito")
    browser = face.browser()
    assert (await face.log_in(browser, "ben", str(made["password"]))).status_code == 303
    assert (await browser.get("/machines")).json() == {"who": "ben"}
    (reset,) = await command(face, "reset", "--user", "ben")
    assert (await browser.get("/machines")).status_code == 303
    assert (await face.log_in(browser, "ben", str(made["password"]))).status_code == 401
    await command(face, "disable", "--user", "ben")
    assert (await face.log_in(browser, "ben", str(reset["password"]))).status_code == 401
    await command(face, "enable", "--user", "ben")
    await command(face, "roles", "--user", "ben", "--role", "reviewer")
    assert (await face.log_in(browser, "ben", str(reset["password"]))).status_code == 303
    assert (await browser.get("/machines")).status_code == 403
    listed = await command(face, "list")
    assert [(one["username"], one["roles"]) for one in listed] == [("ana", ["reviewer"]), ("ben", ["reviewer"])]
    assert not any("hash" in name for one in listed for name in one)
    done = [action for _, action in await face.trail() if action.startswith("STAFF_")]
    assert done == ["STAFF_ADD", "STAFF_RESET", "STAFF_DISABLE", "STAFF_ENABLE", "STAFF_ROLES"]


async def test_what_cannot_be_done_is_refused(
    face: Face, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    parser = argparse.ArgumentParser()
    command_line.add(parser.add_subparsers(dest="command"))
    for words, why in (
        (["add", "--user", "ANA", "--role", "reviewer"], "a user ana already"),
        (["disable", "--user", "nobody"], "no user nobody"),
        (["reset", "--user", "ana", "--password-stdin"], "12 to 256 characters"),
    ):
        monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
        given = parser.parse_args(["staff", *words])
        with pytest.raises((Refused, TooWeak), match=why):
            await command_line.run(given, face.url)
    assert command_line.main(parser.parse_args(["staff", "list"]), "") == 2
    assert "DATABASE_URL" in capsys.readouterr().err
