"""Machines, inputs and answers drawn from a seed: the same seed, the same case."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

INPUT = {
    **{"n": 3, "f": 2.5, "s": "x*y", "t": True, "none": None, "list": [3, 1, 2], "words": "a,b,,c"},
    **{"o": {"a": 1, "b": [True, "z"], "c": {"d": "deep"}}, "when": "2026-01-01T00:00:00Z", "json": '{"k":[1,2]}'},
    **{"rows": [{"id": 1, "ok": True}, {"id": 2, "ok": False}], "base": "YWJj"},
}
PATHS = [
    *("$", "$.n", "$.f", "$.s", "$.t", "$.none", "$.list", "$.list[0]", "$.list[1:]", "$.list[*]", "$.o", "$.o.a"),
    *("$.o.b[1]", "$.o.c.d", "$['o']['a']", "$.rows[*].id", "$$.Execution.Input.n"),
    *("$$.State.Name", "$$.Execution.Input", "$.when"),
]
WHOLE = ["$", "$", "$", "$$.Execution.Input"]
PLACES = ["$.r", "$.deep.er", "$.o.new", "$.o.a"]
INTRINSICS = [
    *("States.Format('{}-{}', $.s, $.n)", "States.StringToJson($.json)"),
    *("States.JsonToString($.o)", "States.Array($.n, 'x', true)", "States.ArrayPartition($.list, 2)"),
    *("States.ArrayContains($.list, 2)", "States.ArrayRange(1, $.n, 1)", "States.ArrayGetItem($.list, 1)"),
    *("States.ArrayLength($.rows)", "States.ArrayUnique($.list)", "States.Base64Encode($.s)"),
    *("States.Base64Decode($.base)", "States.Hash($.s, 'SHA-256')", "States.JsonMerge($.o, $.rows[0], false)"),
    *("States.MathAdd($.n, -1)", "States.StringSplit($.words, ',')"),
]
FAILING = ["States.MathAdd($.s, 1)", "States.ArrayGetItem($.list, 9)", "States.ArrayPartition($.list, 0)"]
COMPARISONS: list[tuple[str, Any]] = [
    *(("NumericEquals", 3), ("NumericLessThan", 3), ("NumericGreaterThanEquals", 2.5), ("StringEquals", "x*y")),
    *(("StringLessThan", "y"), ("StringMatches", "x*"), ("BooleanEquals", True)),
    *(("TimestampEquals", "2026-01-01T00:00:00Z"), ("TimestampLessThan", "2026-06-01T00:00:00Z")),
    *(("IsNull", True), ("IsPresent", True), ("IsPresent", False), ("IsNumeric", True), ("IsString", False)),
    *(("IsBoolean", True), ("IsTimestamp", True), ("NumericEqualsPath", "$.n"), ("StringEqualsPath", "$.s")),
    *(("BooleanEqualsPath", "$.t"), ("TimestampLessThanEqualsPath", "$.when"), ("NumericGreaterThanPath", "$.f")),
]
ERRORS = ["Down", "Refused", "States.TaskFailed"]
FUNCTION = "arn:aws:lambda:us-east-1:111111111111:function:ask"


@dataclass
class Case:
    """A machine, its input, and what each task answers at each attempt, the last one for all further ones."""

    seed: int
    definition: dict[str, Any]
    input: Any
    answers: dict[str, list[dict[str, Any]]] = field(default_factory=dict)


def generated(seed: int) -> Case:
    """The case of a seed."""
    return _Generator(seed).case()


class _Generator:
    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.random = Random(seed)
        self.names = (f"S{number}" for number in range(10_000))
        self.answers: dict[str, list[dict[str, Any]]] = {}
        self.new_variables = (f"v{number}" for number in range(10_000))
        # Those that can be read, and those of them that were assigned in the machine that is being made.
        self.variables: list[str] = []
        self.own_variables: list[str] = []

    def case(self) -> Case:
        return Case(self.seed, self._machine(2), INPUT, self.answers)

    def _one(self, *choices: Any) -> Any:
        return self.random.choice(choices)

    def _perhaps(self, chance: float) -> bool:
        return self.random.random() < chance

    def _machine(self, depth: int) -> dict[str, Any]:
        seen, own, self.own_variables = self.variables, self.own_variables, []
        chain = [next(self.names) for _ in range(self.random.randint(1, 5))]
        last = next(self.names)
        states = {name: self._state(name, depth, [*chain[index + 1 :], last]) for index, name in enumerate(chain)}
        states[last] = self._last()
        self.variables, self.own_variables = seen, own
        reached = {chain[0]}
        for name, state in states.items():
            if name in reached:
                reached |= set(targets(state))
        return {"StartAt": chain[0], "States": {name: state for name, state in states.items() if name in reached}}

    def _last(self) -> dict[str, Any]:
        return self._one(  # type: ignore[no-any-return]
            {"Type": "Succeed"},
            {"Type": "Succeed", "InputPath": self._most(), "OutputPath": self._path()},
            {"Type": "Pass", "End": True},
            {"Type": "Pass", "End": True},
            {"Type": "Fail", "Error": "Refused", "Cause": "so"},
            {"Type": "Fail", "ErrorPath": "$.s", "CausePath": "States.Format('{}', $.n)"},
        )

    def _state(self, name: str, depth: int, ahead: list[str]) -> dict[str, Any]:
        kinds = ["Pass", "Pass", "Choice", "Task", "Task", "Wait", *(["Parallel", "Map"] if depth else [])]
        kind = self._one(*kinds)
        if kind == "Choice":
            return self._choice(ahead)
        state: dict[str, Any] = {"Type": kind, "Next": ahead[0]}
        if kind == "Wait":
            return {**state, **self._one({"Seconds": 2}, {"SecondsPath": "$.n"}, {"TimestampPath": "$.when"})}
        made = self._made(name, kind, depth, state, ahead)
        if self._perhaps(0.3):
            made["Assign"] = self._assign()
        return made

    def _made(self, name: str, kind: str, depth: int, state: dict[str, Any], ahead: list[str]) -> dict[str, Any]:
        if self._perhaps(0.2):
            state["InputPath"] = self._most()
        if self._perhaps(0.15):
            state["OutputPath"] = self._most()
        state["ResultPath"] = self._one(None, *PLACES, *PLACES)
        if kind != "Map" and self._perhaps(0.5):
            state["Parameters"] = self._template()
        if kind == "Pass":
            if self._perhaps(0.3):
                state.pop("Parameters", None)
                state["Result"] = self._one({"v": [1, "two"]}, 7, "text", None)
            return state
        if self._perhaps(0.3):
            state["ResultSelector"] = {"whole.$": "$", "at.$": "$$.State.Name"}
        self._failures(state, ahead)
        made: dict[str, Any] = {"Task": self._task, "Parallel": self._parallel, "Map": self._map}[kind](
            name, depth, state
        )
        return made

    def _assign(self) -> dict[str, Any]:
        """Variables, which what comes later may read. `$` is the result here."""
        assigned: dict[str, Any] = {}
        for name in {self._one(*self.own_variables, next(self.new_variables)): None for _ in range(2)}:
            read = self._one("$", "$$.Execution.Input.o", "$$.State.Name", *(f"${one}" for one in self.variables))
            plain, template = {name: self._one(7, "text", [1, {"a": 2}])}, {name: {"whole.$": read, "n": 1}}
            assigned |= self._one({f"{name}.$": read}, {f"{name}.$": read}, plain, template)
        names = [name.removesuffix(".$") for name in assigned]
        self.own_variables = [*dict.fromkeys([*self.own_variables, *names])]
        self.variables = [*dict.fromkeys([*self.variables, *names])]
        return assigned

    def _failures(self, state: dict[str, Any], ahead: list[str]) -> None:
        if self._perhaps(0.4):
            retry = {"ErrorEquals": [self._one("States.ALL", *ERRORS)], "IntervalSeconds": 1}
            state["Retry"] = [{**retry, "MaxAttempts": self.random.randint(0, 2), "BackoffRate": self._one(1, 2.0)}]
        if self._perhaps(0.5):
            catch: dict[str, Any] = {"ErrorEquals": [self._one("States.ALL", "States.ALL", *ERRORS)]}
            if self._perhaps(0.9):
                catch["ResultPath"] = self._one(None, "$.caught", "$.caught")
            if self._perhaps(0.3):
                catch["Assign"] = {f"{next(self.new_variables)}.$": self._one("$", "$.Error", "$.Cause")}
            state["Catch"] = [{**catch, "Next": self._one(*ahead)}]

    def _task(self, name: str, depth: int, state: dict[str, Any]) -> dict[str, Any]:
        invoked = self._perhaps(0.3)
        answers = [self._answer() for _ in range(self.random.randint(1, 3))]
        self.answers[name] = answers
        state["Resource"] = "arn:aws:states:::lambda:invoke" if invoked else FUNCTION
        if invoked:
            state["Parameters"] = {"FunctionName": "ask", "Payload": self._template()}
        return state

    def _answer(self) -> dict[str, Any]:
        if self._perhaps(0.35):
            return {"error": self._one("Down", "Refused"), "cause": "so it is"}
        return {"output": self._one({"done": True, "n": 5}, [1, {"a": 2}], "text", 7, None, INPUT)}

    def _parallel(self, name: str, depth: int, state: dict[str, Any]) -> dict[str, Any]:
        return {**state, "Branches": [self._machine(depth - 1) for _ in range(self.random.randint(1, 3))]}

    def _map(self, name: str, depth: int, state: dict[str, Any]) -> dict[str, Any]:
        state["ItemsPath"] = "$.o" if self._perhaps(0.03) else self._one("$.list", "$.list", "$.rows", "$.list[1:]")
        if self._perhaps(0.9):
            state["ItemSelector"] = {
                **{"item.$": "$$.Map.Item.Value", "index.$": "$$.Map.Item.Index"},
                **{f"{key}.$": f"$.{key}" for key in INPUT},
            }
        # One at a time, so that both interpreters tell of the items in the same order.
        return {**state, "MaxConcurrency": 1, "ItemProcessor": self._machine(depth - 1)}

    def _choice(self, ahead: list[str]) -> dict[str, Any]:
        rules = [{**self._rule(2), "Next": self._one(*ahead)} for _ in range(self.random.randint(1, 3))]
        if self._perhaps(0.3):
            rules[0]["Assign"] = {f"{next(self.new_variables)}.$": self._one("$$.Execution.Input.o", "$$.State.Name")}
        otherwise = {"Default": self._one(*ahead)} if self._perhaps(0.9) else {}
        return {"Type": "Choice", "Choices": rules, **otherwise}

    def _rule(self, depth: int) -> dict[str, Any]:
        shape = self._one("one", "one", "one", *(["And", "Or", "Not"] if depth else []))
        if shape == "Not":
            return {"Not": self._rule(depth - 1)}
        if shape != "one":
            return {shape: [self._rule(depth - 1) for _ in range(2)]}
        operator, operand = self._one(*COMPARISONS)
        anything = ["$.n", "$.s", "$.t", "$.none", "$.when", "$.f", "$.o.a", *(f"${name}" for name in self.variables)]
        return {"Variable": "$.when" if operator.startswith("Timestamp") else self._one(*anything), operator: operand}

    def _template(self) -> dict[str, Any]:
        made: dict[str, Any] = {"constant": self._one(1, "two", [3, {"four": None}])}
        made["path.$"] = self._path()
        if self._perhaps(0.6):
            made["made.$"] = self._one(*(FAILING if self._perhaps(0.05) else INTRINSICS))
        if self._perhaps(0.5):
            made |= {f"{key}.$": f"$.{key}" for key in INPUT}
        if self._perhaps(0.3):
            made["inner"] = {"list": [{"deep.$": self._path()}, 2]}
        return made

    def _most(self) -> str:
        """A path to all that later states read; now and then to less, so that they fail."""
        return self._path() if self._perhaps(0.04) else self._one(*WHOLE)

    def _path(self) -> str:
        if self.variables and self._perhaps(0.2):
            return f"${self._one(*self.variables)}"
        return self._one(*PATHS) if self._perhaps(0.99) else "$.missing"


def targets(state: dict[str, Any]) -> list[str]:
    entries = [state, *state.get("Choices", ()), *state.get("Catch", ())]
    return [entry[name] for entry in entries for name in ("Next", "Default") if name in entry]
