"""`python -m services.review` runs the service until it is told to stop; `services.review.web` serves its pages."""

from libs.streaming.service import run_stateful
from libs.streaming.settings import Settings
from services.review.policies import read_policies
from services.review.service import Review


def build(settings: Settings) -> Review:
    """Review with the policies that ship with it."""
    return Review(read_policies())


if __name__ == "__main__":
    run_stateful(build)
