"""The code in the link of those who were drawn into a sample: it tells their responses from an open link's.

The code belongs to a questionnaire at a unit in a round, not to a person: all drawn there have the same.
"""

import base64
import hashlib
import hmac

_LENGTH = 16


def invited_code(secret_key: str, round_code: str, form_id: str, unit_code: str) -> str:
    """80 bits that nobody can compute without the secret key of the installation."""
    place = "|".join((round_code, form_id, unit_code, "invited"))
    digest = hmac.digest(secret_key.encode(), place.encode(), hashlib.sha256)
    return base64.b32encode(digest).decode().lower()[:_LENGTH]


def is_invited_code(given: str, secret_key: str, round_code: str, form_id: str, unit_code: str) -> bool:
    """Compared in constant time; case does not matter, since a letter may be typed from paper."""
    code = invited_code(secret_key, round_code, form_id, unit_code)
    return hmac.compare_digest(given.strip().lower().encode(errors="replace"), code.encode())
