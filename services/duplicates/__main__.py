"""`python -m services.duplicates` runs the check until it is told to stop."""

from libs.streaming.service import run_stateful
from services.duplicates.service import Duplicates

if __name__ == "__main__":
    run_stateful(lambda settings: Duplicates())
