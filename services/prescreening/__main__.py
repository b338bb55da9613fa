"""`python -m services.prescreening` runs the check until it is told to stop."""

from libs.streaming.service import run_check
from services.prescreening.agent import check

if __name__ == "__main__":
    run_check(check)
