"""`python -m services.orchestration`: one instance of orchestration; with a command, as `versions`, that."""

import asyncio
import sys
from pathlib import Path

from libs.streaming.service import run_stateful
from libs.streaming.settings import Settings
from services.orchestration import command_line
from services.orchestration.files import LocalFiles
from services.orchestration.service import Orchestration
from services.orchestration.tokens import Tokens


def build(settings: Settings) -> Orchestration:
    """Orchestration with the secret of its task tokens."""
    if not settings.vetstream_token_key:
        sys.exit("orchestration: VETSTREAM_TOKEN_KEY is not set: task tokens need a secret key")
    files = LocalFiles(Path(settings.vetstream_files)) if settings.vetstream_files else None
    return Orchestration(Tokens(settings.vetstream_token_key.encode()), files)


def main(arguments: list[str]) -> int:
    """Run the service, or do what was asked."""
    if arguments:
        return asyncio.run(command_line.run(command_line.arguments().parse_args(arguments), Settings()))
    run_stateful(build)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
