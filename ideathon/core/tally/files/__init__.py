"""Files of elections: Pabulib's `.pb`, the same tables as CSV, and as JSON. Reading loses nothing, nor does writing."""

from pathlib import Path

from ideathon.core.tally.files import pabulib, plain_json
from ideathon.core.tally.files.reading import Read, election_of
from ideathon.core.tally.files.tables import MOST_BYTES, BadFile, Table, Tables

FORMS = (".pb", ".csv", ".json")


def read(path: Path) -> Tables:
    """The tables of the file, by its ending. Raises `BadFile`; `OSError` for a file that cannot be opened."""
    if path.stat().st_size > MOST_BYTES:
        raise BadFile(0, f"the file is larger than {MOST_BYTES:,} bytes")
    data = path.read_bytes()
    if not data.strip():
        raise BadFile(1, "the file is empty")
    return plain_json.parse(data) if path.suffix.lower() == ".json" else pabulib.parse(data)


def written(tables: Tables, suffix: str) -> str:
    """The tables as the text of a file with that ending: one of `FORMS`. Raises `ValueError` for another."""
    if suffix == ".json":
        return plain_json.write(tables)
    if suffix not in FORMS:
        raise ValueError(f"{suffix} is none of {', '.join(FORMS)}")
    return pabulib.write(tables, "," if suffix == ".csv" else ";")


__all__ = ["FORMS", "BadFile", "Read", "Table", "Tables", "election_of", "read", "written"]
