"""Files that the recount page cannot open as they are: each gets one sentence, in both languages."""

from __future__ import annotations

import zipfile
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.voting.homes import LOCALES, Home, choose, words, zipped


def damaged(data: bytes) -> bytes:
    """One bit in the middle of the packed board."""
    at = data.index(b"board.json") + 60
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]


def far_away(data: bytes) -> bytes:
    """The list of parts is said to lie beyond the end."""
    end = data.rindex(b"PK\x05\x06")
    return data[:end + 16] + b"\xf0\xff\xff\xff" + data[end + 20:]


def locked(data: bytes) -> bytes:
    at = data.rindex(b"PK\x01\x02")
    return data[:at + 8] + b"\x01\x00" + data[at + 10:]


@pytest.mark.parametrize("lang", LOCALES)
def test_what_cannot_be_opened_gets_one_sentence(opened: Callable[..., Page], home: Home, lang: str) -> None:
    page, data = opened(lang), home.bundle
    known, parts = words(page), home.parts
    for name, content, code in (
            ("cut.zip", data[:-30], "zip_cut"), ("half.zip", data[: len(data) // 2], "zip_cut"),
            ("damaged.zip", damaged(data), "zip_bad"), ("far.zip", far_away(data), "zip_bad"),
            ("locked.zip", locked(data), "zip_bad"), ("empty.zip", zipped({}), "zip_foreign"),
            ("photos.zip", zipped({"sea.jpg": b"\xff\xd8" * 99}), "zip_foreign"),
            ("many.zip", zipped({str(n): b"" for n in range(60)}), "zip_foreign"),
            ("lzma.zip", zipped(parts, zipfile.ZIP_LZMA), "zip_bad"),
            ("list.zip", zipped(parts | {"manifest.json": b"{"}), "zip_bad"),
            ("words.zip", zipped(parts | {"board.json": b"no board"}), "not_json"),
            ("ENGURE-openings.age", home.locked, "locked"), ("openings.json", home.openings, "openings_alone"),
            ("manifest.json", parts["manifest.json"], "list_alone")):
        page.set_input_files("#file", str(home.save(name, content)))
        expect(page.locator("#said .note"), name).to_have_text(known[f"bad_{code}"])
        expect(page.locator("#said .note"), name).to_have_count(1)
    expect(page.locator("#start")).to_be_visible()
    choose(page, home.save("ENGURE-openings.age", home.locked), home.save("ENGURE-vote.zip", data))
    expect(page.locator("#verdict")).to_contain_text(known["vote_holds"])     # the locked file is passed over


def test_a_zip_bomb_is_not_unpacked(opened: Callable[..., Page], home: Home) -> None:
    page = opened()
    large = zipped(home.parts | {"more.json": b"0" * (70 * 1024 * 1024)})
    page.set_input_files("#file", str(home.save("large.zip", large)))
    expect(page.locator("#said")).to_contain_text("larger than 64 MB")
    end = large.index(b"PK\x01\x02", large.index(b"more.json"))
    at = large.rindex(b"more.json") - 46 + 24        # it says of itself that it is small
    assert at > end
    page.set_input_files("#file", str(home.save("small.zip", large[:at] + b"\x09\0\0\0" + large[at + 4:])))
    expect(page.locator("#said")).to_contain_text("damaged")


@pytest.mark.parametrize("lang", LOCALES)
def test_a_browser_that_opens_no_zip_says_what_to_do(opened: Callable[..., Page], home: Home, lang: str) -> None:
    page = opened(lang, before="delete globalThis.DecompressionStream")
    page.set_input_files("#file", str(home.save("ENGURE-vote.zip", home.bundle)))
    expect(page.locator("#said .note")).to_have_text(words(page)["bad_zip_unpack"])
    choose(page, *(home.save(name, home.parts[name]) for name in ("board.json", "result.json")))
    expect(page.locator("#verdict")).to_contain_text(words(page)["vote_holds"])
