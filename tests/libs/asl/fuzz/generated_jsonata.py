"""Machines in JSONata, or in JSONPath with variables, drawn from a seed: the same seed, the same case."""

from collections.abc import Sequence
from random import Random
from typing import Any

from tests.libs.asl.fuzz.expressions import INPUT, Expressions
from tests.libs.asl.fuzz.generated import FUNCTION, Case, targets

_ERRORS = ["Down", "Refused"]


def generated_jsonata(seed: int) -> Case:
    """The case of a seed."""
    return _Generator(seed).case()


class _Generator:
    """Every state hands the whole input on; what it makes besides stands in a member or a variable."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.random = Random(f"jsonata {seed}")
        self.expressions = Expressions(self.random)
        self.names = (f"S{number}" for number in range(10_000))
        self.new_variables = (f"v{number}" for number in range(10_000))
        # Those of the machine that is being made, not of the ones around it.
        self.own_variables: list[str] = []
        self.answers: dict[str, list[dict[str, Any]]] = {}

    def case(self) -> Case:
        definition = {"QueryLanguage": "JSONata", **self._machine(2)}
        return Case(self.seed, definition, INPUT, self.answers)

    def _one(self, *choices: Any) -> Any:
        return self.random.choice(choices)

    def _perhaps(self, chance: float) -> bool:
        return self.random.random() < chance

    def _machine(self, depth: int) -> dict[str, Any]:
        """Variables that are assigned inside cannot be seen behind it."""
        seen, own = self.expressions.variables, self.own_variables
        self.own_variables = []
        chain = [next(self.names) for _ in range(self.random.randint(1, 5))]
        last = next(self.names)
        states = {name: self._state(name, depth, [*chain[index + 1 :], last]) for index, name in enumerate(chain)}
        states[last] = self._last()
        self.expressions.variables, self.own_variables = seen, own
        reached = {chain[0]}
        for name, state in states.items():
            if name in reached:
                reached |= set(targets(state))
        return {"StartAt": chain[0], "States": {name: state for name, state in states.items() if name in reached}}

    def _last(self) -> dict[str, Any]:
        return self._one(  # type: ignore[no-any-return]
            {"Type": "Succeed"},
            {"Type": "Succeed", "Output": self._template()},
            {"Type": "Pass", "End": True, "Output": self._template()},
            {"Type": "Pass", "End": True, "Output": self._expression()},
            {"Type": "Fail", "Error": "Refused", "Cause": self._expression("text")},
        )

    def _state(self, name: str, depth: int, ahead: list[str]) -> dict[str, Any]:
        kind = self._one(*["Pass", "Pass", "Choice", "Task", "Task", "Wait", *(["Parallel", "Map"] if depth else [])])
        state: dict[str, Any] = {"Type": kind, "Next": ahead[0]}
        if kind == "Choice":
            return self._choice(ahead)
        if kind == "Wait":
            state["Seconds"] = self._one(1, "{% 1 + 1 %}", "{% $states.input.n %}")
        if kind in ("Task", "Parallel", "Map"):
            self._failures(state, ahead)
        if kind == "Task":
            self._task(name, state)
        elif kind == "Parallel":
            state["Branches"] = [self._machine(depth - 1) for _ in range(self.random.randint(1, 3))]
        elif kind == "Map":
            self._map(state, depth)
        self._leave(state, has_result=kind not in ("Pass", "Wait"))
        return state

    def _leave(self, state: dict[str, Any], *, has_result: bool) -> None:
        """Output keeps what later states read; Assign gives values that they may read, too."""
        result = self._one("$states.result", "$states.result[0]") if has_result else "$states.input.n"
        member, kind = self._one(("made", "any"), ("made", "result"), ("n", "number"), ("o", "object"))
        made = result if kind == "result" else self._expression(kind)[3:-3]
        if has_result or self._perhaps(0.5):
            state["Output"] = f"{{% $merge([$states.input, {{'{member}': {made}}}]) %}}"
        if self._perhaps(0.5):
            # Output sees the variables as they were; to moto they are what Assign has made of them.
            state["Assign"] = self._assign([] if "Output" in state else self.own_variables)

    def _assign(self, again: Sequence[str]) -> dict[str, Any]:
        names = {self._one(*again, next(self.new_variables)): None for _ in range(2)}
        assigned = {name: self._one(self._expression(), self._template(), 7, "text") for name in names}
        self.own_variables = [*dict.fromkeys([*self.own_variables, *names])]
        self.expressions.variables = [*dict.fromkeys([*self.expressions.variables, *names])]
        return assigned

    def _failures(self, state: dict[str, Any], ahead: list[str]) -> None:
        if self._perhaps(0.3):
            retry = {"ErrorEquals": [self._one("States.ALL", *_ERRORS)], "IntervalSeconds": 1}
            state["Retry"] = [{**retry, "MaxAttempts": self.random.randint(0, 2)}]
        if self._perhaps(0.6):
            caught = "{% $merge([$states.input, {'caught': $states.errorOutput.Error}]) %}"
            catch: dict[str, Any] = {"ErrorEquals": [self._one("States.ALL", "States.ALL", *_ERRORS)], "Output": caught}
            if self._perhaps(0.4):
                catch["Assign"] = {next(self.new_variables): "{% $states.errorOutput.Error %}"}
            state["Catch"] = [{**catch, "Next": self._one(*ahead)}]

    def _task(self, name: str, state: dict[str, Any]) -> None:
        self.answers[name] = [self._answer() for _ in range(self.random.randint(1, 3))]
        state["Resource"] = FUNCTION
        if self._perhaps(0.6):
            state["Arguments"] = self._template()

    def _answer(self) -> dict[str, Any]:
        if self._perhaps(0.3):
            return {"error": self._one(*_ERRORS), "cause": "so it is"}
        return {"output": self._one({"done": True, "n": 5}, [1, {"a": 2}], "text", 7, None)}

    def _map(self, state: dict[str, Any], depth: int) -> None:
        state["Items"] = self._one("{% $states.input.list %}", "{% $states.input.rows %}", [1, "{% 1 + 1 %}"])
        item = self._one("$states.context.Map.Item.Index", "$states.context.Map.Item.Value")
        whole = {name: f"{{% $states.input.{name} %}}" for name in INPUT}
        state["ItemSelector"] = {**whole, "item": f"{{% {item} %}}"}
        # One at a time, so that both interpreters tell of the items in the same order.
        state["MaxConcurrency"] = 1
        state["ItemProcessor"] = self._machine(depth - 1)

    def _choice(self, ahead: list[str]) -> dict[str, Any]:
        rules = []
        for _ in range(self.random.randint(1, 3)):
            condition = self._expression(self._one(*["truth"] * 9, "any"))
            rule: dict[str, Any] = {"Condition": condition, "Next": self._one(*ahead)}
            if self._perhaps(0.3):
                rule["Assign"] = {next(self.new_variables): self._expression()}
            rules.append(rule)
        otherwise = {"Default": self._one(*ahead)} if self._perhaps(0.9) else {}
        return {"Type": "Choice", "Choices": rules, **otherwise}

    def _template(self) -> dict[str, Any]:
        made: dict[str, Any] = {"constant": self._one(1, "two", [3, {"four": None}]), "value": self._expression()}
        if self._perhaps(0.4):
            made["inner"] = {"list": [self._expression(), 2, {"deep": self._expression()}]}
        return made

    def _expression(self, kind: str = "any") -> str:
        if kind == "any" and self._perhaps(0.96):
            kind = self._one("number", "text", "truth", "list", "object")
        return f"{{% {self.expressions.draw(kind, self.random.randint(0, 2))} %}}"
