"""What the process of a web face is told by its environment."""

from pydantic import Field
from pydantic_settings import BaseSettings


class WebSettings(BaseSettings):
    """Read when a process starts, beside those of every service."""

    web_host: str = Field(default="127.0.0.1", description="Address that the pages are served on.")
    web_port: int = Field(default=8081, description="Port that the pages are served on.")
    web_address: str = Field(default="", description="Address that browsers use, as https://kyc.example.com.")
    vetstream_web_key: str = Field(default="", description="Secret that forms and messages are signed with.")

    @property
    def address(self) -> str:
        """Where browsers find the pages, without a slash at the end."""
        return (self.web_address or f"http://{self.web_host}:{self.web_port}").rstrip("/")

    @property
    def secure(self) -> bool:
        """Browsers reach the pages by https alone: cookies are sent no other way."""
        return self.address.startswith("https://")
