"""That somebody who was asked cannot answer now."""


class SourceUnavailable(Exception):
    """The source cannot answer now; `timed_out` where it may yet have been about to."""

    def __init__(self, cause: str, timed_out: bool = False) -> None:
        super().__init__(cause)
        self.timed_out = timed_out
