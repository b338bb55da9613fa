"""Migrating a running execution to another definition, by an explicit mapping of the states where it stands.

What it has asked for stays asked, timers keep their times and variables their values; what comes next is decided by
the new definition.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from libs.asl.branch import Branch
from libs.asl.draft import Draft, HistoryFull
from libs.asl.execution import RUNNING, Execution
from libs.asl.graph import Graph, Node, read_graph
from libs.asl.history import EVENT_LIMIT_CAUSE, MIGRATED
from libs.asl.machine import Machine
from libs.asl.problems import Problem, did_you_mean
from libs.asl.states.map import Map
from libs.asl.states.parallel import Parallel
from libs.asl.states.task import Task
from libs.asl.step import Step, plain_token
from libs.asl.waiting import AwaitedTask, Join


class NotMigrated(ValueError):
    """The execution cannot go on in the new definition; it names every place that is in the way."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def migrate(execution: Execution, before: Machine, after: Machine, states: Mapping[str, str], now: datetime) -> Step:
    """The execution in another definition, and the event that tells of it; raises NotMigrated.

    `states` maps names of states, old to new; a state that is not in it keeps its name.
    """
    moved = relocate(execution, before, after, states)
    draft = Draft(after, moved, now, plain_token)
    standing = {branch.state for branch in execution.branches.values()}
    details = {
        "fromDefinition": before.content_hash,
        "toDefinition": after.content_hash,
        "states": {old: new for old, new in sorted(states.items()) if old in standing and old != new},
    }
    try:
        draft.emit(MIGRATED, 0, details)
    except HistoryFull:
        raise NotMigrated([Problem("", EVENT_LIMIT_CAUSE)]) from None
    return Step(moved, (), tuple(draft.history), applied=True)


def relocate(execution: Execution, before: Machine, after: Machine, states: Mapping[str, str]) -> Execution:
    """The same execution standing in another definition, without a word of it in its history; raises NotMigrated."""
    if execution.machine_hash != before.content_hash:
        raise ValueError(f"execution {execution.id} runs another machine ({execution.machine_hash})")
    # Branches of one Map stand at the same states: each fault is told once.
    problems = tuple(dict.fromkeys(_problems(execution, before, after, states)))
    if problems:
        raise NotMigrated(problems)
    moved = execution.copy()
    moved.machine_hash = after.content_hash
    moved.branches = {
        branch.id: _moved(branch, before, after, states.get(branch.state, branch.state))
        for branch in execution.branches.values()
    }
    return moved


def _moved(branch: Branch, before: Machine, after: Machine, target: str) -> Branch:
    """The attempts of a Retry that has changed begin anew."""
    old, new = before.states[branch.state], after.states[target]
    moved = branch.copy()
    moved.state = target
    if len(old.retriers) != len(new.retriers):
        moved.attempts = ()
    if isinstance(moved.waiting, Join):
        pending = moved.waiting.pending[moved.waiting.next_pending :]
        moved.waiting.pending, moved.waiting.next_pending = pending, 0
        if isinstance(new, Map):
            moved.waiting.pending = tuple(replace(start, start_at=new.start_at) for start in pending)
    return moved


@dataclass(frozen=True, slots=True)
class _Place:
    """A state, and the Parallel or Map (with the number of its branch) that it lies in."""

    node: Node
    around: str | None
    index: int

    def __str__(self) -> str:
        return "the outermost machine" if self.around is None else f"branch {self.index} of {self.around}"


@dataclass(frozen=True, slots=True)
class _Move:
    """What is asked of all branches."""

    old: Mapping[str, _Place]
    new: Mapping[str, _Place]
    before: Machine
    after: Machine
    states: Mapping[str, str]

    def target(self, name: str) -> str:
        return self.states.get(name, name)


def _problems(execution: Execution, before: Machine, after: Machine, states: Mapping[str, str]) -> Iterator[Problem]:
    if execution.status != RUNNING:
        yield Problem("", f"the execution does not run, it is {execution.status}")
    if execution.map_state is not None:
        yield Problem("", "a child execution is migrated by nobody, its Map goes by the old definition")
    old, new = _places(read_graph(before.definition)), _places(read_graph(after.definition))
    for name, target in states.items():
        if name not in old:
            yield Problem("", f'the mapping names no state of the old definition ("{name}"{did_you_mean(name, old)})')
        if target not in new:
            yield Problem("", f'the mapping names no state of the new one ("{target}"{did_you_mean(target, new)})')
    move = _Move(old, new, before, after, states)
    for branch in execution.branches.values():
        yield from _in_the_way(branch, move)


def _places(graph: Graph, around: str | None = None, index: int = 0) -> dict[str, _Place]:
    found = {}
    for node in graph.nodes.values():
        found[node.name] = _Place(node, around, index)
        for number, inner in enumerate(node.inner):
            found |= _places(inner, node.name, number)
    return found


def _in_the_way(branch: Branch, move: _Move) -> Iterator[Problem]:
    """Why a branch cannot stand where the mapping puts it."""
    here, target = move.old[branch.state], move.target(branch.state)
    there, path = move.new.get(target), here.node.path
    if there is None:
        # A target that does not exist was named already.
        if branch.state not in move.states:
            yield Problem(path, "it stands here; the new definition has no such state, and it is not mapped")
    elif there.node.kind != here.node.kind:
        yield Problem(path, f'it stands here, in a {here.node.kind}; the new "{target}" is a {there.node.kind}')
    elif (there.around, there.index) != (here.around and move.target(here.around), here.index):
        yield Problem(path, f'it stands here, in {here}; the new "{target}" is in {there}')
    else:
        yield from _shape(branch, path, target, move)


def _shape(branch: Branch, path: str, target: str, move: _Move) -> Iterator[Problem]:
    """What a branch waits for must be what the new state would wait for."""
    old, new = move.before.states[branch.state], move.after.states[target]
    if isinstance(old, Parallel) and isinstance(new, Parallel) and len(old.starts) != len(new.starts):
        yield Problem(
            path, f'it stands inside; it has {len(old.starts)} branches, the new "{target}" {len(new.starts)}'
        )
    if isinstance(old, Map) and isinstance(new, Map) and (old.is_distributed or new.is_distributed):
        yield Problem(path, "it stands inside of a distributed Map, whose child executions go by the old definition")
    if isinstance(old, Task) and isinstance(new, Task) and isinstance(branch.waiting, AwaitedTask):
        asked, asks = old.resource.name, new.resource.name
        if asked != asks:
            yield Problem(path, f'it awaits the answer of {asked}; the new "{target}" asks {asks}')
