"""Numbers with their check digits: IBAN and LEI (ISO 7064, 97-10), German VAT (ISO 7064, 11-10)."""

from random import Random

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def iban(random: Random) -> str:
    """A German account number."""
    account = f"{random.randrange(10_000_000, 99_999_999)}{random.randrange(10**9, 10**10)}"
    return f"DE{98 - _number(account + 'DE00') % 97:02}{account}"


def lei(random: Random) -> str:
    """A Legal Entity Identifier."""
    body = "529900" + "".join(random.choices(ALPHABET, k=12))
    return f"{body}{98 - _number(body + '00') % 97:02}"


def vat(random: Random) -> str:
    """A German VAT number."""
    body, product = f"{random.randrange(10_000_000, 99_999_999)}", 10
    for digit in body:
        sum_ = (int(digit) + product) % 10 or 10
        product = 2 * sum_ % 11
    return f"DE{body}{(11 - product) % 10}"


def misread(number: str) -> str:
    """The number with its last digit misread: its check digits agree no more."""
    return f"{number[:-1]}{(int(number[-1]) + 1) % 10}"


def _number(text: str) -> int:
    return int("".join(str(ALPHABET.index(letter)) for letter in text))
