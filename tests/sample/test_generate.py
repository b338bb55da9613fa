from random import Random

from libs.embedded.sample.people import read_matchlists, read_people
from tests.sample.builder import Builder
from tests.sample.generate import GROUPS, SEED
from tests.sample.register import citizens
from tests.sample.watchlist import read_watchlist


def test_the_sample_is_what_its_command_makes_of_the_data() -> None:
    made = Builder(citizens(), read_watchlist(), Random(SEED))
    for group in GROUPS:
        group(made)
    assert made.people == read_people(), "run `python -m tests.sample.generate`"
    assert made.entries == read_matchlists(), "run `python -m tests.sample.generate`"
