"""The statechart of the flow: which state follows, which may be shown, where an applicant goes on."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import NamedTuple

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from services.collection.facts import FACTS

SHIPPED = Path(__file__).with_name("flow.yaml")


class InvalidFlow(ValueError):
    """The document is no statechart; says where."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Target(_Strict):
    """A state that an event may lead to, and what must be true for it."""

    to: str
    when: frozenset[str] = frozenset()


class State(_Strict):
    """One state, as the document has it."""

    needs: frozenset[str] = frozenset()
    restored: bool = False
    submit: bool = False
    events: dict[str, tuple[Target, ...]] = {}


class Flow(_Strict):
    """The whole statechart."""

    initial: str
    states: dict[str, State]


class Step(NamedTuple):
    """A transition: the state left and the one entered, which of the two is kept, and whether the workflow is told."""

    left: str
    entered: str
    kept: str | None
    told: bool


class Machine:
    """Answers for one statechart; facts are the names of what is true of a collection."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow

    @property
    def states(self) -> tuple[str, ...]:
        """The names of the states, in their order."""
        return tuple(self._flow.states)

    @property
    def initial(self) -> str:
        """Where a collection begins."""
        return self._flow.initial

    def may_show(self, state: str, facts: Collection[str]) -> bool:
        """Whether the state's page has what it needs."""
        found = self._flow.states.get(state)
        return found is not None and found.needs <= set(facts)

    def resumed(self, kept: str, facts: Collection[str]) -> str:
        """Where an applicant goes on: the state that was kept, or the last restored one before it that may be shown;
        where none may, the last of all that can."""
        names = list(self._flow.states)
        back = [name for name in names[: names.index(kept) + 1][::-1] if self._flow.states[name].restored]
        for name in (*back, self._flow.initial, *names[::-1]):
            if self.may_show(name, facts):
                return name
        raise LookupError(f"no state can be shown from {kept} with {', '.join(sorted(facts)) or 'nothing'}")

    def step(self, state: str, event: str, facts: Collection[str]) -> Step | None:
        """What an event does in a state; None where it does nothing."""
        if not self.may_show(state, facts):
            return None
        for target in self._flow.states[state].events.get(event, ()):
            if target.when <= set(facts):
                kept = target.to if self._flow.states[target.to].restored else None
                return Step(state, target.to, kept, self._flow.states[state].submit)
        return None


def machine_of(document: Mapping[str, object], facts: Collection[str]) -> Machine:
    """The machine of a document that uses these facts; raises InvalidFlow."""
    try:
        flow = Flow.model_validate(document)
    except ValidationError as error:
        problem = error.errors()[0]
        raise InvalidFlow(f"{'.'.join(map(str, problem['loc']))}: {problem['msg']}") from None
    for place, name, known in _names(flow, facts):
        if name not in known:
            raise InvalidFlow(f"{place}: {name} is none of {', '.join(sorted(known))}")
    return Machine(flow)


def _names(flow: Flow, facts: Collection[str]) -> list[tuple[str, str, Collection[str]]]:
    """Every name that the chart uses, with its place and those that there are."""
    used: list[tuple[str, str, Collection[str]]] = [("initial", flow.initial, flow.states)]
    for name, state in flow.states.items():
        used += [(f"states.{name}.needs", one, facts) for one in sorted(state.needs)]
        for event, targets in state.events.items():
            place = f"states.{name}.events.{event}"
            used += [(place, target.to, flow.states) for target in targets]
            used += [(place, one, facts) for target in targets for one in sorted(target.when)]
    return used


def load(file: Path = SHIPPED) -> Machine:
    """The machine of a file; raises InvalidFlow."""
    return machine_of(yaml.safe_load(file.read_text(encoding="utf-8")), FACTS)
