"""The workflows that ship with the project, and the policies that they are held to."""

import json
from pathlib import Path
from typing import Any

import pytest

from libs.asl.checker import check
from libs.asl.policy import Policy
from services.decision.agent import POLICIES
from services.orchestration.definitions import SHIPPED, not_done_here, shipped

AS_PUBLISHED = "prescreening"
WORKFLOWS = {"onboarding": "onboarding", "aml_monitoring": "aml-only"}


def read(file: Path) -> Any:
    return json.loads(file.read_text())


def definition(name: str) -> Any:
    return read(SHIPPED / f"{name}.asl.json")


def policy(name: str) -> Policy:
    return Policy.load(read(SHIPPED / f"{name}.policy.json"))


def test_every_definition_in_the_folder_is_shipped_and_loads() -> None:
    assert len(shipped()) == len(list(SHIPPED.glob("*.asl.json"))) >= 2
    assert {workflow.lifecycle_phase for workflow in shipped()} == {"ONBOARDING", "MONITORING", "OTHER"}


def test_no_two_workflows_go_by_one_name() -> None:
    names = [(workflow.service_name, workflow.workflow_name) for workflow in shipped()]
    assert len(names) == len(set(names))


def test_files_are_refused_with_their_place_where_there_are_none() -> None:
    items = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
    processor = {**items, "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}
    reader = {"Resource": "arn:aws:states:::s3:getObject"}
    writer = {"Resource": "arn:aws:states:::sqs:sendMessage"}
    each = {"Type": "Map", "ItemProcessor": processor, "ItemReader": reader, "ResultWriter": writer, "End": True}
    inner = {"StartAt": "Each", "States": {"Each": each}}
    machine = {"StartAt": "Both", "States": {"Both": {"Type": "Parallel", "Branches": [inner], "End": True}}}
    at = "States.Both.Branches[0].States.Each"
    none = "no directory of files is configured (VETSTREAM_FILES)"
    assert [str(one) for one in not_done_here(machine, files=False)] == [
        f"{at}.ItemReader: {none}",
        f"{at}.ResultWriter: {none}",
    ]
    assert [str(one) for one in not_done_here(machine, files=True)] == [
        f'{at}.ResultWriter.Resource: "arn:aws:states:::sqs:sendMessage" is none of arn:aws:states:::s3:putObject'
    ]
    shipped_too = [list(not_done_here(workflow.machine.definition, files=False)) for workflow in shipped()]
    assert not any(shipped_too)


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"InputType": "PARQUET"}, "InputType: PARQUET"),
        ({"InputType": "CSV", "ManifestType": "ATHENA_DATA"}, "ManifestType: ATHENA_DATA"),
        ({"InputType": "JSON", "Transformation": "LOAD_AND_FLATTEN"}, "Transformation: LOAD_AND_FLATTEN"),
    ],
)
def test_items_in_many_files_or_in_no_text_are_refused_with_their_place(config: dict[str, str], said: str) -> None:
    reader = {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": config}
    each = {"Type": "Map", "ItemProcessor": {"StartAt": "A", "States": {}}, "ItemReader": reader, "End": True}
    (problem,) = not_done_here({"StartAt": "Each", "States": {"Each": each}}, files=True)
    assert str(problem) == f"States.Each.ItemReader.ReaderConfig.{said} is not read here: only CSV, JSON and JSONL are"


def test_a_token_for_another_execution_is_refused_with_its_place() -> None:
    task = {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.waitForTaskToken", "End": True}
    (problem,) = not_done_here({"StartAt": "A", "States": {"A": task}}, files=False)
    assert problem.path == "States.A.Resource"


@pytest.mark.parametrize("file", sorted(SHIPPED.glob("*.asl.json")), ids=lambda file: str(file.name))
def test_every_workflow_is_held_to_a_policy_and_has_nothing_to_warn_of(file: Path) -> None:
    name = file.name.removesuffix(".asl.json")
    found = check(definition(name), policy(name))
    assert found.problems == ()
    assert bool(found.warnings) == (name == AS_PUBLISHED), "one is kept as it was published; the other is recommended"


@pytest.mark.parametrize(("name", "decision"), WORKFLOWS.items())
def test_a_policy_requires_the_steps_that_the_decision_requires(name: str, decision: str) -> None:
    nodes = read(POLICIES / f"{decision}.json")["nodes"]
    (required,) = [
        expression["value"]
        for node in nodes
        for expression in node.get("content", {}).get("expressions", [])
        if expression["key"] == "required"
    ]
    steps = set(json.loads(required.replace("'", '"')))
    assert policy(name).requires.keys() == {*steps, f"DECISION by the {decision} policy"}


def test_a_check_that_is_down_and_taken_for_clear_would_be_noticed() -> None:
    careless = definition("onboarding")
    careless["States"]["Checks"]["Branches"][2]["States"]["AMLUnavailable"]["Result"]["result"] = "CLEAR"
    (problem,) = check(careless, policy("onboarding")).problems
    assert str(problem) == (
        "States.Decision: somebody can pass without AML: Checks (AML fails → AMLUnavailable) → Risk → Decision"
    )


def test_a_decision_by_a_weaker_policy_would_be_noticed() -> None:
    weaker = definition("onboarding")
    weaker["States"]["Decision"]["Parameters"]["settings"]["policy"] = "aml-only"
    (problem,) = check(weaker, policy("onboarding")).problems
    assert problem.message.startswith("somebody can pass without DECISION by the onboarding policy: ")
