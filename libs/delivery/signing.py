"""What a receiver knows us by: HMAC-SHA256 over id, time and body, as https://www.standardwebhooks.com has it."""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime

PREFIX = "whsec_"
_PURPOSE = b"vetstream webhook secret"


def secret(master: bytes, receiver: str, key_id: str) -> bytes:
    """The 32 bytes that one key of one receiver signs with; they follow from the master key and are stored nowhere."""
    told = b"\0".join((_PURPOSE, receiver.encode(), key_id.encode()))
    return hmac.new(master, told, hashlib.sha256).digest()


def shown(secret: bytes) -> str:
    """A secret as its owner is shown it, once."""
    return PREFIX + b64encode(secret).decode()


def headers(secrets: Sequence[bytes], notification_id: str, now: datetime, body: bytes) -> dict[str, str]:
    """The three headers of a delivery; while keys are changed there is one signature of each, by spaces."""
    timestamp = str(int(now.timestamp()))
    content = b".".join((notification_id.encode(), timestamp.encode(), body))
    signatures = [b64encode(hmac.new(one, content, hashlib.sha256).digest()).decode() for one in secrets]
    return {
        "webhook-id": notification_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }
