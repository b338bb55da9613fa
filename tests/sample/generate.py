"""`python -m tests.sample.generate --seed 11` writes the sample anew, the same for the same seed and data.

People are taken from the register of the identity check and from the sanctions list, and changed as each case needs.
What is expected follows from how a case is built and from the policy of the decision, not from a run; only the known
misses of the screening are marked by hand, in `listed.yaml`.
"""

import argparse
from random import Random

from libs.embedded.sample.people import MATCHLISTS, PEOPLE, write
from tests.sample import identity_cases, listed_cases
from tests.sample.builder import Builder
from tests.sample.register import citizens
from tests.sample.watchlist import read_watchlist

SEED = 11
GROUPS = (
    identity_cases.clean,
    listed_cases.namesakes,
    listed_cases.listed_unknown,
    listed_cases.listed_verified,
    identity_cases.wrong_births,
    identity_cases.half_known,
    identity_cases.documents,
    listed_cases.lists,
    listed_cases.coming_back,
    identity_cases.countries,
)


def main() -> None:
    """Write both files of the sample."""
    parser = argparse.ArgumentParser(prog="python -m tests.sample.generate", description=__doc__)
    parser.add_argument("--seed", type=int, default=SEED)
    made = Builder(citizens(), read_watchlist(), Random(parser.parse_args().seed))
    for group in GROUPS:
        group(made)
    write(PEOPLE, made.people)
    write(MATCHLISTS, made.entries)
    print(f"{len(made.people)} people, {len(made.entries)} entries of lists")


if __name__ == "__main__":
    main()
