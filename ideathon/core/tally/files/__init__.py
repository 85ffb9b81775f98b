"""Files of elections: Pabulib's `.pb`, the same tables as CSV, and as JSON. Reading loses nothing, nor does writing."""

import stat
from pathlib import Path

from ideathon.core.tally.files import pabulib, plain_json
from ideathon.core.tally.files.reading import Read, election_of
from ideathon.core.tally.files.sections import endless
from ideathon.core.tally.files.tables import LONGEST_LINE, MOST_BYTES, BadFile, Table, Tables, Told
from ideathon.core.tally.remarks import gettext

FORMS = (".pb", ".csv", ".json")
PIECE = 1 << 20         # bytes that are read at once
LOADED = 0.2            # of the work of reading, when all bytes are here


def read(path: Path, told: Told | None = None) -> Tables:
    """The tables of the file, by its ending. `told` hears again and again which part is read, from 0 to 1.

    Raises `BadFile`, also for what is no file, or larger than `MOST_BYTES`; `OSError` for one that cannot be opened.
    """
    json = path.suffix.lower() == ".json"
    data = _bytes(path, told, by_lines=not json)
    if not data.strip():
        raise BadFile(1, gettext("the file is empty"))
    return plain_json.parse(data) if json else pabulib.parse(
        data, told and (lambda part: told(LOADED + (1 - LOADED) * part)))


def _bytes(path: Path, told: Told | None, *, by_lines: bool) -> bytes:
    """Piece after piece, so that what never ends is refused at its first endless line, or at the bound."""
    size = path.stat()
    if not (stat.S_ISREG(size.st_mode) or stat.S_ISFIFO(size.st_mode) or stat.S_ISDIR(size.st_mode)):
        raise BadFile(0, gettext("this is no file but a device"))
    pieces: list[bytes] = []
    read, lines, since = 0, 1, 0
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            pieces.append(piece)
            read += len(piece)
            newline = piece.find(b"\n")
            if by_lines and since + (newline if newline >= 0 else len(piece)) > LONGEST_LINE:
                raise endless(lines)
            lines += piece.count(b"\n")
            since = len(piece) - 1 - piece.rfind(b"\n") if newline >= 0 else since + len(piece)
            if max(read, size.st_size) > MOST_BYTES:
                raise BadFile(0, gettext("the file is larger than %(most)s bytes, and no election is", most=MOST_BYTES))
            if told:
                told(LOADED * min(1, read / (size.st_size or MOST_BYTES)))
    return b"".join(pieces)


def written(tables: Tables, suffix: str) -> str:
    """The tables as the text of a file with that ending: one of `FORMS`. Raises `ValueError` for another, and for a
    comment that is not one line that begins with #."""
    if suffix not in FORMS:
        raise ValueError(f"{suffix} is none of {', '.join(FORMS)}")
    if not all(map(plain_json.is_comment, tables.comments)):
        raise ValueError("a comment is one line that begins with #")
    if suffix == ".json":
        return plain_json.write(tables)
    return pabulib.write(tables, "," if suffix == ".csv" else ";")


__all__ = ["FORMS", "BadFile", "Read", "Table", "Tables", "election_of", "read", "written"]
