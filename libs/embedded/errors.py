"""The one kind of error that an operator sees when the embedded parts cannot run."""


class EmbeddedError(Exception):
    """One clear line of why a part cannot run and what to do about it; last log lines may follow it."""
