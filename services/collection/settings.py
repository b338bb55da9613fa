"""What the process of collection is told by its environment."""

from pathlib import Path

from pydantic import Field

from libs.streaming.settings import Settings
from libs.web.settings import WebSettings


class CollectionSettings(Settings, WebSettings):
    """Read when the process starts."""

    collection_customer: str = Field(default="sample", description="The customer whose applicants begin here.")
    collection_workflow: str = Field(
        default="Individual-Onboarding-Reviewed", description="The workflow that a submission starts."
    )
    collection_policy: str = Field(default="", description="A document in place of the shipped policy.")
    collection_workers: int = Field(default=2, description="Processes that check pictures.")
    collection_connections: int = Field(default=10, description="Connections to the database.")

    @property
    def spool(self) -> Path:
        """Where the bytes of pictures lie until they were checked: with the files of every instance."""
        return Path(self.blobs_directory) / "uploads"
