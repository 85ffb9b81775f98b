"""What a reader takes home from a sealed vote, and what he does with it in the recount page."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from ideathon.voting import verifying

SIZES = {"phone": (360, 740), "wide": (1440, 900)}
AGAIN = {"en": "Recount another file", "lv": "Pārskaitīt citu failu"}
LOCALES = {"en": "en-GB", "lv": "lv-LV"}
Json = dict[str, Any]


def zipped(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return held.getvalue()


def spelled(data: Any) -> bytes:
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True)
class Home:
    """What a reader and a witness took home."""

    folder: Path
    bundle: bytes
    locked: bytes
    openings: bytes

    @property
    def page(self) -> Path:
        return self.folder / "recount.html"

    @property
    def parts(self) -> dict[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(self.bundle)) as held:
            return {name: held.read(name) for name in held.namelist()}

    @property
    def board(self) -> Json:
        made: Json = json.loads(self.parts["board.json"])
        return made

    @property
    def heads(self) -> list[str]:
        return verifying.heads(self.board["entries"])

    def save(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content)
        return path

    def changed(self, name: str, change: Callable[[Json], None], part: str = "board.json") -> Path:
        """The bundle with one file of it changed, and its list still the true one."""
        data = json.loads(self.parts[part])
        change(data)
        return self.save(f"{name}.zip", zipped(self.parts | {part: spelled(data)}))

    def older(self) -> Path:
        entries = self.board["entries"]
        return self.save("older.json", spelled(self.board | {"entries": entries[: len(entries) // 2]}))


def choose(page: Page, *paths: Path) -> None:
    """The files are chosen, and the report stands."""
    if page.locator("#verdict").count():
        page.get_by_role("button", name=AGAIN[page.evaluate("Speak.language()")]).click()
    page.set_input_files("#file", list(paths))
    expect(page.locator("#verdict")).to_be_focused()


def words(page: Page) -> dict[str, Any]:
    """The words of the page in its language."""
    found: dict[str, Any] = page.evaluate("WORDS[Speak.language()]")
    return found


def checks(page: Page) -> list[str]:
    """Every answer about the board, as it is read."""
    return page.locator(".report").first.locator(".check__what").all_inner_texts()


def look_for(page: Page, *marks: str) -> None:
    page.locator("#marks").fill("\n".join(marks))
    page.locator("form:has(#marks) button").click()
    expect(page.locator("#marks-answer")).to_be_focused()
