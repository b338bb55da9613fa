"""The examples of the document on interpreting workflows, as the projection has them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from libs.asl import Machine
from libs.events.models import LifecyclePhase
from libs.streaming.answering import Answering
from services.kyc.agent import check_with
from services.kyc.asking import Asking
from services.kyc.sources import About
from services.orchestration.definitions import Workflow, publish
from tests.factory import requested
from tests.flows.system import System, execution_of
from tests.services.kyc.factory import POLICY, WORDS, ListedSource, individual, record

EXAMPLES = sorted((Path(__file__).parents[1] / "services" / "kyc" / "examples").glob("*.yaml"))


def described(entry: Mapping[str, Any]) -> ListedSource:
    """A source that holds one record of the person, or none."""
    about = About(entry["id"], entry["provider"], entry["id"], frozenset(entry["holds"]))
    known = [record(entry["name"], entry.get("dob"), entry.get("home"))] if "name" in entry else []
    return ListedSource(about, known)


async def run(system: System, example: Mapping[str, Any]) -> str:
    """A workflow of this one step, with the settings and sources of an example; its execution."""
    task = {"Type": "Task", "Resource": "vetstream:check:kyc", "Parameters": {"settings": example["settings"]}}
    machine = Machine.load({"StartAt": "KYC", "States": {"KYC": {**task, "End": True}}})
    workflow = Workflow("Test", "Example", "example", "test", LifecyclePhase.OTHER, None, machine)
    async with system.engines["orchestration"].begin() as connection:
        await publish(connection, workflow, system.now)
    check = check_with(Asking([described(entry) for entry in example["sources"]]), POLICY, WORDS, [])
    system.agents["kyc"].answering = Answering(check, system.clock)
    event = requested("Example", individual=individual())
    await system.publish(event)
    await system.settle()
    return execution_of(event)


async def rows(system: System, table: str, execution: str) -> list[dict[str, Any]]:
    found = await system.query("results", f"SELECT * FROM projection.{table} WHERE execution_id = :id", id=execution)
    return [{**row._mapping, **row.document} for row in found]


@pytest.mark.parametrize(
    "example", [yaml.safe_load(path.read_text()) for path in EXAMPLES], ids=[path.stem for path in EXAMPLES]
)
async def test_example(system: System, example: dict[str, Any]) -> None:
    execution = await run(system, example)
    (step,) = await rows(system, "step_results", execution)
    assert step["result"] == example["step"]
    assert [one["result"] for one in step["serviceProviders"]] == [example["step"]] * len(example["sources"])
    for rules in {"matchedRules", "unmatchedRules"} & example.keys():
        assert without_ids(step["summary"][rules]) == example[rules]
    said = "process_results LEFT JOIN projection.resolutions USING (customer_id, entity_id, process_result_id)"
    results = {one["object_type"]: one for one in await rows(system, said, execution)}
    for kind, expected in example.get("processResults", {}).items():
        assert part(results[kind], expected) == expected


def without_ids(rules: Any) -> Any:
    """The rules without the ids of the person's own things, each of which there is."""
    for match_types in (match["matchTypes"] for rule in rules for match in rule["ruleMatches"]):
        assert all(kind.pop("objectId") for kind in match_types.values())
    return rules


def part(found: Any, expected: Any) -> Any:
    """What is found of what is expected."""
    if not isinstance(expected, dict):
        return found
    return {name: part(found[name], inner) for name, inner in expected.items() if name in found}
