"""Errands: in their order, each family in its turn, and one that cannot be done holds up no other."""

from datetime import timedelta

from sqlalchemy import text

from services.orchestration import errands
from services.orchestration.errand import Errand, Kind
from services.orchestration.runner import PARKED
from tests.factory import NOON, requested
from tests.services.orchestration.conftest import Alone
from tests.services.orchestration.test_children import children, each, ended
from tests.services.orchestration.test_nested import asking
from tests.services.orchestration.test_service import KYC


def errand(by: str, to: str, kind: Kind = Kind.ITEM) -> Errand:
    return Errand(kind, "c1", to, by, {})


async def test_a_large_family_holds_up_no_other(alone: Alone) -> None:
    async with alone.engine.begin() as connection:
        await errands.write(connection, [errand("large", f"item-{number}") for number in range(10)], NOON)
        await errands.write(connection, [errand("small", "item"), errand("item", "small", Kind.END)], NOON)
        found = await errands.due(connection, NOON, 5)
        assert [(one.by_id, one.execution_id) for one in found] == [
            *(("large", f"item-{number}") for number in range(3)),
            *(("small", "item"), ("item", "small")),
        ]


async def test_large_ones_are_taken_up_few_at_a_time(alone: Alone) -> None:
    large = {"input": "x" * (errands.MOST_CHARACTERS // 3)}
    async with alone.engine.begin() as connection:
        several = [Errand(Kind.ITEM, "c1", f"item-{number}", "a", large) for number in range(4)]
        await errands.write(connection, several, NOON)
        found = await errands.due(connection, NOON, 10)
        assert [one.execution_id for one in found] == ["item-0", "item-1"]
        await errands.done(connection, found)
        assert len(await errands.due(connection, NOON, 10)) == 2


async def test_one_instance_at_a_time_runs_them(alone: Alone) -> None:
    async with alone.engine.begin() as one, alone.engine.begin() as other:
        await errands.write(one, [errand("a", "b")], NOON)
        await one.commit()
        async with alone.engine.begin() as first:
            assert len(await errands.due(first, NOON, 5)) == 1
            assert await errands.due(other, NOON, 5) == []


async def test_an_execution_that_somebody_works_on_is_left_for_later(alone: Alone) -> None:
    await alone.define("Mapped", each([1], {"Done": {"Type": "Succeed"}}))
    start = requested("Mapped")
    await alone.take()
    await alone.take(start)
    async with alone.engine.begin() as other:
        await other.execute(text("SELECT 1 FROM executions FOR UPDATE"))
        await alone.pass_time(timedelta(seconds=1))
        assert len(children(alone, start)) == 1
        assert ended(alone, start)[0] == "RUNNING"
        assert [row.kind for row in await alone.rows("SELECT kind FROM errands")] == ["END"]
    await alone.settle()
    assert ended(alone, start) == ("SUCCEEDED", "[1]")


async def test_one_that_cannot_be_done_is_left_alone_and_the_others_go_on(alone: Alone) -> None:
    await alone.define("Other", {"Ask": KYC})
    await alone.define("Asking", asking(".sync"))
    start = requested("Asking")
    await alone.settle(start)
    (row,) = await alone.rows("SELECT workflow_execution_id AS id FROM executions WHERE parent_id IS NULL")
    async with alone.engine.begin() as connection:
        await errands.write(connection, [errand("nobody", row.id, Kind.END)], alone.now)
        await errands.write(connection, [errand("nobody", row.id, Kind.STOP)], alone.now)
    await alone.pass_time(timedelta(seconds=1))
    assert ended(alone, start)[0] == "ABORTED"
    (left,) = await alone.rows("SELECT kind, due_at FROM errands")
    assert (left.kind, left.due_at) == ("END", alone.now + PARKED)
    await alone.pass_time(PARKED)
    assert await alone.rows("SELECT 1 FROM errands") == []
