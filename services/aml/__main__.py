"""Run the sanctions screening check."""

from libs.streaming.service import run_check
from services.aml.agent import check

if __name__ == "__main__":
    run_check(check)
