"""Passwords: kept as argon2id hashes (RFC 9106's parameters for little memory), checked a few at a time."""

import asyncio
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST, MOST = 12, 256  # characters
AT_ONCE = 2  # each takes 64 MiB and about 50 ms of a core


class TooWeak(ValueError):
    """Nobody should have this password; the text says why."""


class Passwords:
    """Hashes and checks, off the event loop."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._free = asyncio.Semaphore(AT_ONCE)
        # Checked where nobody has the name, so that this takes as long.
        self._nobodys: str | None = None

    async def hash(self, password: str) -> str:
        """What is kept of a password."""
        async with self._free:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def fits(self, password: str, kept: str | None) -> bool:
        """Whether this is the password; without one kept it is not, after the same time."""
        if self._nobodys is None:
            self._nobodys = await self.hash(secrets.token_urlsafe(16))
        async with self._free:
            right = await asyncio.to_thread(self._check, password[: MOST + 1], kept or self._nobodys)
        return right and kept is not None

    def outdated(self, kept: str) -> bool:
        """Whether it was hashed with other parameters than those of today."""
        return self._hasher.check_needs_rehash(kept)

    def _check(self, password: str, kept: str) -> bool:
        try:
            return self._hasher.verify(kept, password)
        except (VerificationError, InvalidHashError):
            return False


def generated() -> str:
    """A password that nobody guesses: 108 random bits in letters, digits, - and _."""
    return secrets.token_urlsafe(14)[:18]


def require_strength(password: str, username: str) -> None:
    """Raises TooWeak for one that is short, too long, one letter again and again, or holds the name."""
    if not LEAST <= len(password) <= MOST:
        raise TooWeak(f"a password has {LEAST} to {MOST} characters")
    if len(set(password)) < LEAST // 3:
        raise TooWeak("the password is the same few characters again and again")
    if username.lower() in password.lower():
        raise TooWeak("the password holds the user's name")
