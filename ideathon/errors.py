"""What can go wrong, in domain words. Pages turn a code into a sentence in the reader's language (web/words.py)."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """An act that is not done, with the code of the reason and the facts that its sentence needs."""

    status = 409

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = str(code)
        self.facts = facts


class NotFound(Refused):
    """There is no such thing, or none that this reader may know of."""

    status = 404


class Forbidden(Refused):
    """The role does not fit."""

    status = 403


class Unwell(Refused):
    """What was sent has no meaning here: a missing key, a broken code, an unknown field."""

    status = 400


class Busy(Refused):
    """The hall is at the door at once; the same request is welcome again in a moment."""

    status = 503


class Throttled(Refused):
    """Too many tries."""

    status = 429


class Misconfigured(Exception):
    """The program will not start like this; the message says why and what to do next."""
