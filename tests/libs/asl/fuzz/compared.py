"""Many cases run by both interpreters."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from libs.asl import InvalidDefinition
from tests.libs.asl.fuzz import evaluated
from tests.libs.asl.fuzz.generated import Case, generated
from tests.libs.asl.fuzz.generated_jsonata import generated_jsonata
from tests.libs.asl.fuzz.known import Known, known
from tests.libs.asl.fuzz.moto_run import moto_run
from tests.libs.asl.fuzz.told import differences, our_run


@dataclass
class Compared:
    """How many cases agree, how many differ in a known way, and what is new."""

    agreed: int = 0
    known: Counter[str] = field(default_factory=Counter)
    new: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        kinds = ", ".join(f"{count} {name}" for name, count in self.known.most_common())
        return f"{self.agreed} agree, known to differ: {kinds or 'none'}; new: {len(self.new)}"


def _machine(case: Case) -> Known | str | None:
    """None where both agree, else the known kind of difference, or what is new."""
    try:
        ours = our_run(case)
    except InvalidDefinition as invalid:
        return f"refused here: {invalid}"
    theirs = moto_run(case)
    found = differences(ours, theirs)
    return (known(ours, theirs) or "; ".join(found)) if found else None


def _expression(seed: int) -> str | None:
    text = evaluated.expression(seed)
    ours, theirs = evaluated.here(text), evaluated.there(text)
    return None if ours.same(theirs) else f"{text}: here {ours}, there {theirs}"


# What is generated, by a word of the command line.
KINDS: dict[str, Callable[[int], Known | str | None]] = {
    "jsonpath": lambda seed: _machine(generated(seed)),
    "jsonata": lambda seed: _machine(generated_jsonata(seed)),
    "expressions": _expression,
}


def compared(kind: str, seeds: Iterable[int]) -> Compared:
    """Run the cases of these seeds."""
    total = Compared()
    for seed in seeds:
        found = KINDS[kind](seed)
        if found is None:
            total.agreed += 1
        elif isinstance(found, Known):
            total.known[found.name] += 1
        else:
            total.new.append(f"seed {seed}: {found}")
    return total
