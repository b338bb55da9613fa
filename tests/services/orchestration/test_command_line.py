"""Versions, aliases and migrations, by the commands that operators have."""

from collections import Counter
from datetime import timedelta
from importlib import import_module

import pytest
from sqlalchemy import text

from libs.asl import InvalidDefinition
from libs.streaming.settings import Settings
from services.orchestration import command_line
from tests.factory import requested
from tests.services.orchestration.conftest import Alone, answer, outcome
from tests.services.orchestration.test_children import each

KYC = {"Type": "Task", "Resource": "vetstream:check:kyc", "End": True}
AML = {"Type": "Task", "Resource": "vetstream:check:aml", "End": True}
SWEPT = timedelta(seconds=6)


@pytest.fixture
async def two(alone: Alone) -> Alone:
    """A workflow in two versions: the first asks kyc, the second aml."""
    await alone.define("One", {"Ask": KYC})
    await alone.define("One", {"Ask": AML})
    return alone


async def do(alone: Alone, *asked: str) -> int:
    url = alone.engine.url.render_as_string(hide_password=False)
    return await command_line.run(
        command_line.arguments().parse_args(asked), Settings(database_url=url), lambda: alone.now
    )


async def start(alone: Alone, workflow: str = "One", entity: str = "p1") -> None:
    await alone.take(requested(workflow, entity))
    await alone.pass_time(timedelta(seconds=10))  # as long as what applies is known for


def asked(alone: Alone) -> dict[str, int]:
    return {check: len(alone.requests(check)) for check in ("kyc", "aml")}


async def test_what_was_published_last_applies_to_new_executions(two: Alone) -> None:
    await start(two)
    assert asked(two) == {"kyc": 0, "aml": 1}
    await two.define("One", {"Ask": KYC})
    await start(two)
    assert asked(two) == {"kyc": 1, "aml": 1}
    assert await two.rows("SELECT number FROM versions ORDER BY number") == [(1,), (2,)]


async def test_the_alias_live_applies_before_it(two: Alone) -> None:
    assert await do(two, "alias", "One", "live", "1") == 0
    await start(two)
    assert asked(two) == {"kyc": 1, "aml": 0}


async def test_an_alias_of_two_versions_gives_each_its_part_and_each_execution_one(two: Alone) -> None:
    assert await do(two, "alias", "One", "live", "1", "--also", "2", "--percent", "30") == 0
    await two.take(*(requested("One", f"p{number}") for number in range(100)))
    parts = Counter(asked(two))
    assert parts.total() == 100
    assert 15 < parts["aml"] < 45


@pytest.mark.parametrize(("name", "check"), [("One:1", "kyc"), ("One:2", "aml"), ("One:trial", "kyc")])
async def test_a_request_may_name_a_version_or_an_alias(two: Alone, name: str, check: str) -> None:
    await do(two, "alias", "One", "trial", "1")
    await start(two, "One")
    await start(two, name)
    assert asked(two)[check] == (2 if check == "aml" else 1)
    started = two.chapters()[-1].started
    assert started is not None
    assert started.workflowName == "One"


async def test_a_version_that_does_not_exist_is_no_workflow(two: Alone) -> None:
    await start(two, "One:3")
    assert (asked(two), len(two.sent("dlq.orchestration"))) == ({"kyc": 0, "aml": 0}, 1)


async def test_a_name_with_a_colon_is_not_published(alone: Alone) -> None:
    with pytest.raises(InvalidDefinition, match=r"a version or alias follows it \(A:b\)"):
        await alone.define("A:b", {"Ask": KYC})


async def test_versions_are_listed_with_their_executions(two: Alone, capsys: pytest.CaptureFixture[str]) -> None:
    await do(two, "alias", "One", "live", "1", "--also", "2", "--percent", "10")
    await do(two, "alias", "One", "old", "1")
    await start(two, "One:1")
    await start(two, "One:1")
    await two.take(answer(two.requests("kyc")[0], "kyc", outcome("KYC")))
    assert await do(two, "versions", "One") == 0
    workflow, first, second = capsys.readouterr().out.splitlines()[-3:]
    assert workflow == "Test/One"
    assert first.split()[0] == "1"
    assert first.endswith("     1 open       1 ended  live 90 %, old")
    assert second.endswith("     0 open       0 ended  live 10 %, newest")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("versions", "Two"), "no workflow goes by Two: there are Test/One"),
        (("alias", "One", "live", "3"), "Test/One has no version 3: it has 1 to 2"),
        (("alias", "One", "7", "1"), '"7" can name no alias: it is no number and has no ":"'),
        (("alias", "One", "live", "1", "--also", "2"), "--also VERSION goes with --percent N, 0 to 100"),
        (("migrate", "--to", "2"), "migrate wants EXECUTION…, or --workflow WORKFLOW --from VERSION"),
        (("migrate", "nobody", "--to", "2"), "there is no execution nobody"),
    ],
)
async def test_what_names_nothing_is_refused(
    two: Alone, capsys: pytest.CaptureFixture[str], given: tuple[str, ...], said: str
) -> None:
    assert await do(two, *given) == 1
    assert capsys.readouterr().err.strip() == said


@pytest.fixture
async def standing(alone: Alone) -> Alone:
    """An execution that awaits kyc in version 1; in version 2 the state has another name, and aml comes after it."""
    await alone.define("One", {"Ask": KYC})
    await start(alone)
    await alone.define("One", {"Identity": {**KYC, "End": False, "Next": "More"}, "More": AML})
    return alone


async def test_an_execution_goes_on_in_another_version_and_it_is_told(standing: Alone) -> None:
    (first,) = standing.chapters()
    execution = first.workflowExecutionId
    assert await do(standing, "migrate", execution, "--to", "2", "--map", "Ask=Identity") == 0
    await standing.pass_time(SWEPT)
    await standing.take(answer(standing.requests("kyc")[0], "kyc", outcome("KYC")))
    _, moved, last = standing.chapters()
    assert (moved.sequence, moved.state, last.sequence) == (2, "RUNNING", 3)
    assert first.started is not None
    assert moved.started is not None
    assert moved.started.definitionHash != first.started.definitionHash
    assert [event.type for event in moved.history] == ["ExecutionMigrated"]
    assert asked(standing)["aml"] == 1
    await standing.take(answer(standing.requests("aml")[0], "aml", outcome("AML")))
    assert standing.chapters()[-1].state == "SUCCEEDED"


async def test_all_of_a_version_are_tried_and_then_moved(standing: Alone, capsys: pytest.CaptureFixture[str]) -> None:
    whole = ("migrate", "--workflow", "One", "--from", "1", "--to", "2", "--map", "Ask=Identity")
    execution = standing.chapters()[0].workflowExecutionId
    before = await standing.rows("SELECT definition_hash, sequence, document::text FROM executions")
    assert await do(standing, *whole, "--dry-run") == 0
    assert await standing.rows("SELECT definition_hash, sequence, document::text FROM executions") == before
    assert await do(standing, *whole) == 0
    assert await do(standing, *whole) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{execution}  would go on in version 2",
        "1 of 1 executions",
        f"{execution}  goes on in version 2",
        "1 of 1 executions",
        "0 of 0 executions",
    ]


async def test_an_execution_that_cannot_be_moved_stays_with_the_place_said(
    standing: Alone, capsys: pytest.CaptureFixture[str]
) -> None:
    execution = standing.chapters()[0].workflowExecutionId
    assert await do(standing, "migrate", execution, "--to", "2") == 1
    assert capsys.readouterr().out.splitlines()[0] == (
        f"{execution}  refused: States.Ask: it stands here; the new definition has no such state, and it is not mapped"
    )
    assert await standing.rows("SELECT sequence FROM executions") == [(1,)]
    assert await do(standing, "migrate", execution, "--to", "1") == 1
    assert "runs version 1 already" in capsys.readouterr().out


async def test_what_ran_before_there_were_versions_is_numbered(standing: Alone) -> None:
    revision = import_module("services.orchestration.migrations.versions.0003_versions_and_aliases")
    before = await standing.rows("SELECT workflow_name, number, definition_hash FROM versions ORDER BY number")
    async with standing.engine.begin() as connection:
        await connection.execute(text("DELETE FROM versions"))
        await connection.execute(text(revision._NUMBER))
    after = await standing.rows("SELECT workflow_name, number, definition_hash FROM versions ORDER BY number")
    assert (len(before), after) == (2, before)


async def test_items_of_a_map_belong_to_the_execution_that_maps_them(
    alone: Alone, capsys: pytest.CaptureFixture[str]
) -> None:
    await alone.define("Mapped", each([1, 2], {"Ask": KYC}))
    await alone.settle(requested("Mapped"))
    parent, item, _ = (chapter.workflowExecutionId for chapter in alone.chapters()[-3:])
    assert await do(alone, "versions", "Mapped") == 0
    assert "     1 open       0 ended" in capsys.readouterr().out
    await alone.define("Mapped", each([1, 2], {"Ask": AML}))
    await do(alone, "migrate", "--workflow", "Mapped", "--from", "1", "--to", "2", "--dry-run")
    refused, count = capsys.readouterr().out.splitlines()
    assert refused.startswith(f"{parent}  refused: States.Each: ")
    assert count == "0 of 1 executions"
    assert await do(alone, "migrate", item, "--to", "2") == 1
    assert f"refused: it works on an item of a Map of {parent}" in capsys.readouterr().out


async def test_one_that_another_has_started_is_moved_and_keeps_its_parent(alone: Alone) -> None:
    await alone.define("One", {"Ask": KYC})
    task = {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync", "End": True}
    await alone.define("Asking", {"Start": {**task, "Parameters": {"StateMachineArn": "One"}}})
    await alone.settle(requested("Asking"))
    nested = alone.requests("kyc")[0].task.workflowExecutionId
    await alone.define("One", {"Ask": {**KYC, "Comment": "another"}})
    assert await do(alone, "migrate", nested, "--to", "2") == 0
    await alone.pass_time(SWEPT)
    (first, moved) = (chapter.started for chapter in alone.chapters() if chapter.workflowExecutionId == nested)
    assert moved is not None
    assert first is not None
    assert moved.parentExecutionId == first.parentExecutionId is not None
    await alone.settle(answer(alone.requests("kyc")[0], "kyc", outcome("KYC")))
    assert {row.status for row in await alone.rows("SELECT status FROM executions")} == {"SUCCEEDED"}
