"""The list that ships with the service, loaded once."""

import pytest

from libs.screening.index import Index
from libs.screening.matching import matcher
from services.aml.agent import Watchlists
from services.aml.publish import published


@pytest.fixture(scope="session")
def ofac() -> Index:
    watchlists = Watchlists(matcher())
    watchlists.load(published())
    return watchlists.lists["ofac-sdn"]
