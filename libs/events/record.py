"""What every generated event record has in common."""

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """A record of the event schemas: immutable, and closed to fields that the schema does not name."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())
