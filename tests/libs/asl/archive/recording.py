"""What the reducer makes of a script: after the start and after each event, the document, the history, the effects.

A script is `{"definition", "input", "told": [{"at": seconds, "event", "state"?, …the event's own fields}]}`. A state is
named instead of an id: the one of its tasks, child executions or files that was opened first is meant.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

import libs.asl
from libs.asl import Event, Execution, Machine, Step, start, step
from libs.asl.execution import REDUCER
from libs.asl.trace import event_document
from tests.libs.asl.factory import NOW, after

Document = dict[str, Any]
_IDS = {"Task": ("task_id", "open_tasks"), "Chil": ("child_id", "open_children"), "File": ("file_id", "open_files")}


def recorded(script: Mapping[str, Any]) -> Document:
    """The script with what came of it, and the version of the reducer that made it."""
    steps = [told(made) for made in play(script)]
    return {**script, "reducer": REDUCER, "steps": steps}


def play(script: Mapping[str, Any]) -> Iterator[Step]:
    """The start, then a step for each event."""
    machine = Machine.load(script["definition"])
    made = start(machine, execution_id="archived", input=script["input"], now=NOW)
    yield made
    for line in script["told"]:
        made = step(machine, made.execution, event_of(line, made.execution), after(line["at"]))
        yield made


def event_of(line: Mapping[str, Any], execution: Execution) -> Event:
    """An event of a script, for an execution that awaits it."""
    fields = {name: value for name, value in line.items() if name not in ("at", "event", "state")}
    if "state" in line:
        name, still_open = _IDS[line["event"][:4]]
        ids = getattr(execution, still_open)
        states = {branch.id: branch.state for branch in execution.branches.values()}
        named = ids if name != "child_id" else {one: states[one] for one in ids}
        fields[name] = min(one for one, state in named.items() if state == line["state"])
    event: Event = getattr(libs.asl, line["event"])(**fields)
    return event


def told(made: Step) -> Document:
    """A step as JSON."""
    step_document = {
        "applied": made.applied,
        "history": [event_document(event) for event in made.history],
        "effects": [{"effect": type(effect).__name__, **asdict(effect)} for effect in made.effects],
        "document": made.execution.to_document(),
    }
    document: Document = json.loads(json.dumps(step_document, default=lambda time: time.isoformat()))
    return document
