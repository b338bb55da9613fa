"""A case file is written for whatever an execution came to, and nothing in it is taken for more than text."""

import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from libs.audit.case import Case
from libs.audit.document import document
from libs.audit.page import page
from libs.events.models import Individual, Name
from tests.services.results import factory

HOSTILE = "\"'><img src=x onerror=alert(1)>&amp;{{ 7 * 7 }}"
DEFINITION = {"StartAt": HOSTILE[:20], "States": {HOSTILE[:20]: {"Type": "Pass", "End": True}}}


def case(*, ends: bool = True, hostile: str = "Plain", definition: Any = DEFINITION, **row: Any) -> Case:
    begin = factory.onboarded("e1", individual=Individual(name=Name(givenName=hostile, familyName=hostile)))
    story = factory.story(begin, hit=True) if ends else [factory.progressed(begin, 1)]
    execution = {
        "customer_id": "c1", "execution_id": "x1", "entity_id": "e1", "entity_version": 1, "service_name": "KYC",
        "workflow_name": hostile, "request_id": "r1", "requested_by": None, "state": "COMPLETED", "result": "PASS",
        "status": "PASS", "started_at": factory.START, "ended_at": factory.START if ends else None, "error": None,
        "cause": None, "override_at": None, "override_by": None, "override_request_id": None, "issues": [],
    } | row  # fmt: skip
    amended = {
        "amendmentId": "a1", "amendedAt": "2026-03-01T10:00:00Z", "amendedBy": hostile, "comment": hostile,
        "status": "FAIL", "previous_status": "PASS", "accepted": False, "refusal": hostile,
    }  # fmt: skip
    chapters = tuple(event.data for event in story)
    return Case(execution, begin, chapters, definition, (amended,))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "one",
    [
        case(),
        case(ends=False, state="IN_PROGRESS", result="UNCHECKED", status="UNCHECKED"),
        case(state="ERROR", error="States.Timeout", cause="too late"),
        case(override_by="officer", override_at=factory.START, status="FAIL"),
        case(definition=None),
    ],
    ids=["decided", "running", "failed", "overridden", "without its definition"],
)
def test_a_page_is_written_for_any_state(one: Case) -> None:
    told = document(one, factory.START)
    assert json.loads(json.dumps(told)) == told
    written = page(told)
    assert written.startswith("<!DOCTYPE html>")
    assert all(heading in written for heading in ("Decision", "Checks", "Risk", "What was relied on", "Timeline"))


class Tags(HTMLParser):
    """The tags of a page with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_nothing_that_comes_from_outside_is_markup_and_nothing_outside_is_referred_to() -> None:
    plain, hostile = (Tags(page(document(case(hostile=name), factory.START))).found for name in ("Ada", HOSTILE))
    assert [tag for tag, _ in hostile] == [tag for tag, _ in plain]
    assert [attributes.keys() for _, attributes in hostile] == [attributes.keys() for _, attributes in plain]
    assert not {"script", "link", "iframe", "object"} & {tag for tag, _ in hostile}
    referred = {attributes[name] or "" for _, attributes in hostile for name in ("src", "href") if name in attributes}
    assert {one.partition(",")[0] for one in referred} <= {"data:image/svg+xml;base64", "#amendments"}


def test_each_part_has_the_hash_of_what_it_shows() -> None:
    first, second = (document(case(hostile=name), factory.START) for name in ("Ada", "Eve"))
    assert first["request"]["sha256"] != second["request"]["sha256"]
    assert [step["sha256"] for step in first["steps"]] == [step["sha256"] for step in second["steps"]]
    assert all(re.fullmatch("[0-9a-f]{64}", step["sha256"]) for step in first["steps"])


def test_the_months_of_an_account_are_drawn_and_figures_are_told_with_what_would_have_passed() -> None:
    told = document(case(), factory.START)
    finding = next(finding for step in told["steps"] if not step["decision"] for finding in step["findings"])
    figure = {"name": "dscr", "value": "0.80", "unit": HOSTILE, "wouldPass": "at least 1.2", "passed": False}
    month = {"name": "month.2025-01.end_balance", "value": "12.50", "unit": HOSTILE, "wouldPass": None, "passed": None}
    finding["measures"] = [figure, month]
    written = page(told)
    assert "; passes: at least 1.2" in written
    assert "2025-01: end 12.50, income not known" in written
    assert [tag for tag, _ in Tags(written).found].count("svg") == 1
    assert "<img src=x" not in written
