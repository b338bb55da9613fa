"""A decided execution is found again, run again, written down, and run under other policies."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from libs.audit.__main__ import Reached, arguments, run
from libs.audit.case import Case, NoCase
from libs.audit.document import document
from libs.audit.finding import cases, find
from libs.audit.flips import Changed, outcomes
from libs.audit.page import page
from libs.audit.parts import Parts
from libs.audit.projection import decided_in
from libs.audit.replaying import replay
from libs.audit.topics import machine_of
from libs.events.message import Event
from libs.events.models import Address, ExecutionCommand, ExecutionStatus, ResultsAmended
from services.decision import agent as decision
from services.kyc import agent as kyc
from services.orchestration.tokens import Tokens
from services.risk import agent as risk
from tests.factory import NOON, onboarded, person
from tests.flows.system import System, execution_of
from tests.flows.test_commands import commanded

LISTED = onboarded("listed", individual=person("Nicolas", "Maduro Moros", "1962-11-23", nationality="VEN"))
SCRIPT = "<script>alert(1)</script>"
STRANGER = onboarded("stranger", individual=person("Jane", SCRIPT, "1990-04-05", addresses=[Address(country="AUS")]))
TOKEN = Tokens(b"secret").make


async def case_of(system: System, event: Event) -> Case:
    return await find(system.engines["results"], system.broker, execution_of(event))


async def decided(system: System) -> None:
    await system.publish(LISTED, STRANGER)
    await system.settle()


def policy(edit: Callable[[list[dict[str, Any]]], None]) -> str:
    told = json.loads((decision.POLICIES / "onboarding.json").read_text())
    (table,) = (node for node in told["nodes"] if node["type"] == "decisionTableNode")
    edit(table["content"]["rules"])
    return json.dumps(told)


async def verdict(system: System, case: Case, **checks: Any) -> list[str]:
    return (await replay(case, machine_of(case), Parts(system.broker, checks), TOKEN)).lines


async def test_what_was_decided_is_run_again_and_what_changed_since_is_named(system: System) -> None:
    await decided(system)
    case = await case_of(system, LISTED)
    assert await verdict(system, case) == [
        "identical",
        "  made again: the workflow, KYC, AML, RISK, DECISION",
        "  as answered then: DUPLICATE, BLOCKLIST",
    ]

    reworded = decision.check({"onboarding": policy(lambda rows: rows[6].update(_description="Another text."))})
    told = await verdict(system, case, decision=reworded)
    assert told[0] == "different at step 7, DECISION: the rule set changed"
    assert told[1].startswith("  decision-policy/onboarding: onboarding@")

    other_rules = kyc.RULESETS.read_text().replace("validDays: 365", "validDays: 30")
    told = await verdict(system, case, kyc=replace(kyc.check(), again=kyc.again(other_rules)))
    assert told[0] == "different at step 3, KYC: the rule set changed"

    profile = (
        (risk.PROFILES / "standard.yaml").read_text().replace("points: 51, why: an unresolved", "points: 52, why: an")
    )
    told = await verdict(system, case, risk=risk.check({"standard": profile}))
    assert told[0] == "different at step 6, RISK: the risk profile changed"

    other = case.begun.data.model_copy(update={"individual": person("Nicolas", "Maduro Moros", "1962-11-24")})
    changed = Case(case.execution, Event(**{**_fields(case.begun), "data": other}), case.chapters, case.definition)
    assert (await verdict(system, changed))[0] == "different at the beginning: the input changed"

    lists = case.chapters[3].accepted[0]
    older = [one.model_copy(update={"version": "2020-01-01", "sha256": "ab" * 32}) for one in lists.references]
    told = await verdict(system, _with_references(case, 3, [older[0], lists.references[1]]))
    assert told[0] == "different at step 4, AML: the list version changed"
    assert told[1].startswith("  ofac-sdn: 2020-01-01 (sha256 abababababab) → 2024-07-02")
    told = await verdict(system, _with_references(case, 3, [lists.references[0], older[1]]))
    assert told[0] == "different at step 4, AML: the matcher changed"


def _fields(event: Event) -> dict[str, Any]:
    return {name: getattr(event, name) for name in Event.__dataclass_fields__}


def _with_references(case: Case, number: int, references: list[Any]) -> Case:
    chapter = case.chapters[number]
    result = chapter.accepted[0].model_copy(update={"references": references})
    chapters = list(case.chapters)
    chapters[number] = chapter.model_copy(update={"accepted": [result]})
    return Case(case.execution, case.begun, tuple(chapters), case.definition)


async def test_a_case_file_tells_all_and_holds_no_script(system: System, tmp_path: Path) -> None:
    await decided(system)
    amendment = ResultsAmended(
        amendmentId="a1",
        customerId="c1",
        entityId="stranger",
        workflowExecutionId=execution_of(STRANGER),
        expectedVersion=7,
        status=ExecutionStatus.APPROVED,
        comment=SCRIPT,
        amendedBy="officer",
        requestId="r9",
        amendedAt=system.now,
    )
    await system.publish(Event("a1", "results.amended", "test", system.now, "c1:stranger", amendment))
    await system.settle()
    case = await case_of(system, STRANGER)
    told = document(case, NOON)
    assert json.loads(json.dumps(told)) == told
    assert (told["execution"]["result"], told["execution"]["status"]) == ("FAIL", "APPROVED")
    assert [one["accepted"] for one in told["amendments"]] == [True]
    assert {"KYC", "AML", "RISK", "DECISION"} <= {step["stepName"] for step in told["steps"]}
    assert told["decision"]["input"]["results"]["KYC"] == "NO_MATCH"
    assert {one["id"] for one in told["reliedOn"]} >= {
        "workflow/Individual-Onboarding", "ofac-sdn", "matcher/aml", "kyc-rulesets", "risk-profile/standard",
        "risk-table/countries", "decision-policy/onboarding", "individual", "evidence",
    }  # fmt: skip
    times = [datetime.fromisoformat(one["time"]) for one in told["timeline"]]
    assert times == sorted(times)

    written = page(told)
    assert "<script" not in written
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in written
    assert "http://" not in written.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in written
    for shown in ("kyc-no-match", "NO_MATCH", "officer", "ofac-sdn", "data:image/svg+xml;base64,"):
        assert shown in written
    (tmp_path / "case.html").write_text(written)


async def test_who_would_flip_under_another_policy_is_told(system: System) -> None:
    await decided(system)
    start = system.now.replace(hour=0)
    executions = await decided_in(system.engines["results"], start, system.now)
    found = [case for _, case in await cases(system.broker, executions) if isinstance(case, Case)]
    assert {case.id for case in found} == {execution_of(LISTED), execution_of(STRANGER)}
    gentle = policy(lambda rows: rows[3].update(status="'REVIEW'"))
    parts = Parts(system.broker)
    shipped = {"decision": decision.check(), "risk": risk.check()}
    unchanged = Changed(shipped, {"kyc": kyc.again(kyc.RULESETS.read_text())})
    flips = {}
    for case in found:
        flip = await outcomes(
            case, machine_of(case), parts, Changed({"decision": decision.check({"onboarding": gentle})})
        )
        flips[case.id] = flip
        same = await outcomes(case, machine_of(case), parts, unchanged)
        assert (same.before.status, same.before.rule) == (same.after.status, same.after.rule)
        assert same.before.risk == same.after.risk
    stranger = flips[execution_of(STRANGER)]
    assert (stranger.before.status, stranger.after.status, stranger.after.rule) == ("FAIL", "REVIEW", "kyc-no-match")
    assert json.loads(stranger.json)["after"]["why"].startswith("KYC: ")


async def test_outages_timeouts_and_redrives_are_run_again_alike(system: System) -> None:
    await system.publish(LISTED, STRANGER)
    await system.settle(without=["kyc"])
    await system.publish(commanded(system, STRANGER, ExecutionCommand.STOP, error="Operator.Stopped"))
    await system.pass_time(timedelta(hours=1), without=["kyc"])
    person = STRANGER.data.individual  # type: ignore[attr-defined]
    again = commanded(system, STRANGER, ExecutionCommand.REDRIVE, individual=person, entityVersion=1)
    await system.publish(again)
    await system.settle()
    for event, made in ((LISTED, "AML, RISK, DECISION"), (STRANGER, "AML, KYC, RISK, DECISION")):
        told = await verdict(system, await case_of(system, event))
        assert told[:2] == ["identical", f"  made again: the workflow, {made}"]


async def test_an_execution_that_is_not_there_is_said(system: System) -> None:
    with pytest.raises(NoCase, match="there is no execution nobody"):
        await find(system.engines["results"], system.broker, "nobody")


async def test_the_commands(system: System, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    await decided(system)
    for place in [place for place in system.broker.logs if place.topic == "workflow.published"]:
        del system.broker.logs[place]  # compacted since: orchestration still has it
    reached = Reached(system.engines["results"], system.broker, TOKEN, system.engines["orchestration"])

    async def told(*given: str) -> tuple[int, list[str]]:
        code = await run(arguments().parse_args([*given]), reached)
        return code, capsys.readouterr().out.splitlines()

    id = execution_of(STRANGER)
    capsys.readouterr()
    code, lines = await told("evidence", id, "--out", str(tmp_path))
    assert (code, lines) == (0, [f"{tmp_path}/{id}.html", f"{tmp_path}/{id}.json"])
    assert json.loads((tmp_path / f"{id}.json").read_text())["workflow"]["definition"]["StartAt"] == "Checks"

    gentle = tmp_path / "gentle.json"
    gentle.write_text(policy(lambda rows: rows[3].update(status="'REVIEW'")))
    period = ("--since", "2026-01-01", "--until", "2026-12-31")
    code, lines = await told("diff", "--policy", f"onboarding={gentle}", "--jsonl", *period)
    assert code == 0
    flips = {one["execution"]: (one["before"]["status"], one["after"]["status"]) for one in map(json.loads, lines)}
    assert flips == {id: ("FAIL", "REVIEW"), execution_of(LISTED): ("FAIL", "REVIEW")}
    with pytest.raises(ValueError, match="name what is changed"):
        await told("diff")
    with pytest.raises(ValueError, match="no policy is called gentle: there are aml-only, onboarding"):
        await told("diff", "--policy", str(gentle))

    code, lines = await told("replay", id)
    assert (code, [line for line in lines if "identical" in line]) == (0, ["identical"])
    assert (await told("replay"))[0] == 2
