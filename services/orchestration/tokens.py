"""Task tokens: which task of which execution, and a MAC that nobody else can make."""

import hashlib
import hmac
from dataclasses import dataclass

# Task ids are ids of history events, of which an execution has 25,000 at most.
LONGEST_TASK = 9


class BadToken(ValueError):
    """The token was not made with our key."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """Makes and reads tokens with one secret key."""

    key: bytes

    def make(self, execution_id: str, task_id: int) -> str:
        """`execution.task.mac`, the MAC being 128 bits of HMAC-SHA256."""
        return f"{execution_id}.{task_id}.{self._mac(execution_id, task_id)}"

    def read(self, token: str) -> tuple[str, int]:
        """The execution and the task; raises BadToken."""
        execution_id, _, rest = token.partition(".")
        task, _, mac = rest.partition(".")
        if (
            not task.isdecimal()
            or len(task) > LONGEST_TASK
            or not hmac.compare_digest(mac.encode(), self._mac(execution_id, int(task)).encode())
        ):
            raise BadToken("the task token was not made by this system")
        return execution_id, int(task)

    def _mac(self, execution_id: str, task_id: int) -> str:
        return hmac.new(self.key, f"{execution_id}.{task_id}".encode(), hashlib.sha256).hexdigest()[:32]
