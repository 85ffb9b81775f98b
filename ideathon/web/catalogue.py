"""Finding the words to translate: Jinja's own extraction, and the counted nouns that templates give to `m.plural`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any, BinaryIO

from jinja2.ext import babel_extract

PLURAL = re.compile(r"""\bplural\(\s*(?:'[^']*'|"[^"]*"),\s*"([^"]+)",\s*"([^"]+)"\s*[,)]""")


def extract_templates(file: BinaryIO, keywords: Any, comment_tags: Any, options: Any) -> Iterator[Any]:
    """Every message of a template, for Babel: (line, function, message or messages, comments)."""
    source = file.read()
    yield from babel_extract(BytesIO(source), keywords, comment_tags, options)
    for number, line in enumerate(source.decode().splitlines(), 1):
        for found in PLURAL.finditer(line):
            yield number, "ngettext", found.groups(), []
