"""Codes that people read off paper or a screen and type: few letters, none that looks like another."""

import hashlib
import secrets

# No I, L, O, 1, 0.
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


def random_code(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def code_of(number: int, length: int) -> str:
    """The last letters of a large number: the same for the same number."""
    letters = []
    for _ in range(length):
        number, place = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[place])
    return "".join(letters)


def plain_code(typed: str) -> str:
    """A typed code without the marks between its letters, in capitals."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def in_two_groups(code: str) -> str:
    """As it is shown: `ABCD-EFGH`."""
    half = len(code) // 2
    return f"{code[:half]}-{code[half:]}"


def digest_of(secret: str) -> str:
    """What is kept of a code: whoever reads the database cannot use it."""
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
