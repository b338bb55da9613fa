"""`python -m services.orchestration`: one instance of orchestration."""

import sys

from libs.streaming.service import run_stateful
from libs.streaming.settings import Settings
from services.orchestration.service import Orchestration
from services.orchestration.tokens import Tokens


def build(settings: Settings) -> Orchestration:
    """Orchestration with the secret of its task tokens."""
    if not settings.vetstream_token_key:
        sys.exit("orchestration: VETSTREAM_TOKEN_KEY is not set: task tokens need a secret key")
    return Orchestration(Tokens(settings.vetstream_token_key.encode()))


if __name__ == "__main__":
    run_stateful(build)
