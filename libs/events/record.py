"""What every generated event record has in common."""

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """A record of the event schemas: immutable, closed to fields that the schema does not name, and never quoted in an
    error, which would put personal data into logs."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=(), hide_input_in_errors=True)
