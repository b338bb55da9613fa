"""`python -m services.aml` runs the check until it is told to stop; `… screen` and `… compare` work without it."""

import sys

if __name__ == "__main__":
    if len(sys.argv) > 1:
        from services.aml.command_line import run

        sys.exit(run(sys.argv[1:]))
    from libs.streaming.service import run_check
    from services.aml.agent import check

    run_check(check)
