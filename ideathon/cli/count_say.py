"""How the terminal speaks: one language, numbers for reading, remarks in it, nothing that steers a screen."""

from __future__ import annotations

import re
from decimal import Decimal, localcontext
from fractions import Fraction
from pathlib import Path
from typing import Any

from babel.numbers import format_decimal, format_scientific
from babel.support import NullTranslations, Translations

import ideathon
from ideathon.core.tally.remarks import Remark
from ideathon.core.tally.settings import Number

CATALOGUES = Path(ideathon.__file__).parent / "translations"
SPARE = 10              # digits beside a number's own, so that its decimals are never cut
_STEERS = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")


class Speech:
    """Sentences in one language. An exact number is shown with two decimals at most, four where it is below 1."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.say: NullTranslations = Translations.load(CATALOGUES, [language])

    def number(self, value: Number) -> str:
        """A number for reading: grouped by thousands; a tiny one in powers of ten, so that it never looks like 0."""
        exact = Fraction(value)
        places = 2 if abs(exact) >= 1 else 4
        whole = round(exact * 10**places)
        if exact and not whole:
            return str(format_scientific(Decimal(f"{float(exact):.2e}"), format="0.##E0", locale=self.language))
        with localcontext(prec=len(str(whole)) + SPARE):
            return str(format_decimal(Decimal(f"{whole}e-{places}"), format="#,##0.##" if places == 2 else "0.####",
                                      locale=self.language))

    def told(self, remark: str) -> str:
        """A remark of the core in this language; any other text as it is."""
        if not isinstance(remark, Remark):
            return remark
        say = self.say
        pattern = say.ngettext(remark.one, remark.many, remark.number) if remark.many else say.gettext(remark.one)
        return pattern % {name: self._fact(fact) for name, fact in remark.facts.items()}

    def _fact(self, fact: Any) -> str:
        return self.number(fact) if isinstance(fact, int | Fraction) else self.told(str(fact) if not isinstance(
            fact, str) else fact)


def printable(text: str) -> str:
    """One line in which whatever would steer a terminal, break the line or turn the direction of writing is spelt."""
    return _STEERS.sub(_spelt, text)


def _spelt(found: re.Match[str]) -> str:
    code = ord(found[0])
    known = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return known.get(found[0]) or (f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}")


def harmless_json(line: str) -> str:
    """The same JSON, with these marks as escapes that a reader of JSON takes back."""
    return _STEERS.sub(lambda found: f"\\u{ord(found[0]):04x}", line)
