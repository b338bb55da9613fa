"""The policies, read from documents that a compliance officer can read; and what is wrong with one."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml

from libs.events.models import RiskLevel
from services.review.policy import Policy, SecondPerson, Waiting

SHIPPED = Path(__file__).with_name("policies")
# What silence may come to; never to an approval.
OUTCOMES = ("REVIEW", "REJECTED", "INCOMPLETE")
WAITS = ("reviewer", "applicant")


class InvalidPolicy(ValueError):
    """The document is no policy; says each problem with its place."""


def read_policies(folder: Path = SHIPPED) -> Mapping[str, Policy]:
    """Each policy of a folder by its name; raises InvalidPolicy."""
    return {path.stem: read_policy(path.stem, path.read_text()) for path in sorted(folder.glob("*.yaml"))}


def read_policy(name: str, text: str) -> Policy:
    """A policy from its YAML; raises InvalidPolicy."""
    document = yaml.safe_load(text)
    if problems := list(_problems(document)):
        raise InvalidPolicy("\n".join(f"{name}: {problem}" for problem in problems))
    return Policy(
        name=name,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        reviewer=_waiting(document["reviewer"]),
        applicant=_waiting(document["applicant"]),
        open_hits_refuse=document["openHits"] == "refuse",
        approve=_second(document["secondPerson"]["approve"]),
        reject=_second(document["secondPerson"]["reject"]),
        reject_reasons=document["reject"],
        resubmit_reasons=document["resubmit"],
    )


def _waiting(told: Mapping[str, Any]) -> Waiting:
    return Waiting(timedelta(hours=told["remindAfter"]), timedelta(hours=told["dueAfter"]), told["outcome"])


def _second(told: Mapping[str, Any]) -> SecondPerson:
    return SecondPerson(frozenset(told["riskLevels"]), told["acceptedHits"])


def _problems(document: Any) -> Iterator[str]:
    if not isinstance(document, dict):
        yield "the document is no mapping"
        return
    for wait in WAITS:
        yield from _wrong_waiting(document.get(wait), wait)
    if document.get("openHits") not in ("refuse", "allow"):
        yield "openHits: refuse or allow"
    second = document.get("secondPerson")
    for decision in ("approve", "reject"):
        told = second.get(decision) if isinstance(second, dict) else None
        yield from _wrong_second(told, f"secondPerson.{decision}")
    for reasons in ("reject", "resubmit"):
        told = document.get(reasons)
        if not isinstance(told, dict) or not told or not all(isinstance(one, str) for one in told.values()):
            yield f"{reasons}: reasons with a text for each are needed"


def _wrong_waiting(told: Any, at: str) -> Iterator[str]:
    if not isinstance(told, dict):
        yield f"{at}: remindAfter, dueAfter and outcome are needed"
        return
    remind, due = (told.get(name) for name in ("remindAfter", "dueAfter"))
    if not (isinstance(remind, int | float) and isinstance(due, int | float) and 0 < remind < due):
        yield f"{at}: remindAfter and dueAfter are hours, the first before the second"
    if told.get("outcome") not in OUTCOMES:
        yield f"{at}.outcome: one of {', '.join(OUTCOMES)}"


def _wrong_second(told: Any, at: str) -> Iterator[str]:
    if not isinstance(told, dict) or not isinstance(told.get("acceptedHits"), bool):
        yield f"{at}: riskLevels and acceptedHits (true or false) are needed"
        return
    known = {level.value for level in RiskLevel}
    levels = told.get("riskLevels")
    if not isinstance(levels, list) or not set(levels) <= known:
        yield f"{at}.riskLevels: a list of {', '.join(sorted(known))}"
