"""Many cases run by both interpreters."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from libs.asl import InvalidDefinition
from tests.libs.asl.fuzz.generated import generated
from tests.libs.asl.fuzz.known import known
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


def compared(seeds: Iterable[int]) -> Compared:
    """Run the cases of these seeds."""
    total = Compared()
    for seed in seeds:
        for line in _compare(seed, total):
            total.new.append(f"seed {seed}: {line}")
    return total


def _compare(seed: int, total: Compared) -> Iterator[str]:
    case = generated(seed)
    try:
        ours = our_run(case)
    except InvalidDefinition as invalid:
        yield f"refused here: {invalid}"
        return
    theirs = moto_run(case)
    found = differences(ours, theirs)
    kind = known(ours, theirs) if found else None
    if kind is not None:
        total.known[kind.name] += 1
    elif found:
        yield "; ".join(found)
    else:
        total.agreed += 1
