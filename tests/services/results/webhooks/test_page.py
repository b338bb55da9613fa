"""docs/webhooks.md: what it tells a receiver to do is right."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from libs.delivery import signing

PAGE = Path(__file__).resolve().parents[4] / "docs" / "webhooks.md"


def test_the_pages_check_knows_our_signature_from_others() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    page: dict[str, Any] = {}
    exec(code, page)
    old, new = (signing.secret(b"master", "webhook", key) for key in ("old", "new"))
    headers = signing.headers([new, old], "id", datetime(2026, 3, 1, tzinfo=UTC), b"{}")
    assert page["is_ours"](signing.shown(old), headers, b"{}")
    assert page["is_ours"](signing.shown(new), headers, b"{}")
    assert not page["is_ours"](signing.shown(old), headers, b"{ }")
    assert not page["is_ours"](signing.shown(signing.secret(b"master", "webhook", "another")), headers, b"{}")
    assert not page["is_ours"](signing.shown(old), headers | {"webhook-timestamp": "1"}, b"{}")


def test_a_secret_is_the_same_each_time_and_another_for_each_key_and_webhook() -> None:
    of = [signing.secret(b"m", *ids) for ids in (("a", "b"), ("a", "b"), ("a", "c"), ("ab", ""), ("b", "b"))]
    assert (of[0] == of[1], len(set(of)), len(of[0])) == (True, 4, 32)
