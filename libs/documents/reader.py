"""Pictures of documents are read in a process of their own."""

from libs.documents.apart import Apart
from libs.documents.reading import Reading

# A picture takes well under a second; the first one waits for the model.
SECONDS = 20.0


class Reader:
    """Reads one picture at a time."""

    def __init__(self, seconds: float = SECONDS, nice: int = 0) -> None:
        self._apart = Apart("libs.documents.scanning:read", seconds, nice)

    async def read(self, data: bytes) -> Reading:
        """What a picture says; raises NoPicture, and Unreadable where it cannot be read in time."""
        reading: Reading = await self._apart.do(data)
        return reading

    def close(self) -> None:
        """End the process."""
        self._apart.close()
