"""The list that ships with the service, loaded once."""

import pytest

from services.aml.agent import Watchlists
from services.aml.index import Index
from services.aml.matching import matcher
from services.aml.publish import published


@pytest.fixture(scope="session")
def ofac() -> Index:
    watchlists = Watchlists(matcher())
    watchlists.load(published())
    return watchlists.lists["ofac-sdn"]
