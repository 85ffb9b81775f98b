"""How many pages a second, and how many bytes does a phone load before it shows the first?

`python benchmarks/pages.py` serves the real program with the demo in its stage of ideas and as many ideas as asked for,
and asks for pages over kept connections; beside them, alternated, a static file from the same server. Then a real
browser, as wide as a phone, opens the page behind the QR, and what travelled is added up.
"""

import asyncio
import re
import sys
import time
from pathlib import Path
from typing import Any

import uvloop
from playwright.sync_api import Browser as Chromium, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))           # so that it runs as a script

from benchmarks._machine import Row, arguments, begin, busy, medians, spread, tell  # noqa: E402  after the line above
from benchmarks._phone import Phone  # noqa: E402  as above
from benchmarks._program import Hall, hall  # noqa: E402  as above
from tests.services import chromium_launch_options, use_installed_node  # noqa: E402  as above

LANES = 16                  # connections
SHEET = re.compile(r'href="(/static/[^"]+/tokens\.css)"')
PHONE = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 3, "is_mobile": True, "locale": "lv-LV"}
MOST_BYTES = 100_000        # of the first page, in all
WORDS = "Every Thursday the workshop of the school is open: whoever can mend something helps whoever cannot. Number %d."


def add_ideas(where: Hall, wanted: int) -> None:
    """The host types ideas until there are so many."""
    host = where.host()
    for number in range(len(where.links["ideas"]), wanted):
        page = host.open(f"{where.event}/ideas/new")
        challenge = re.findall(r'name="challenge" value="([^"]+)"', page.html)[0]
        host.send(page, f"{where.event}/ideas", challenge=challenge, title=f"Workshop evening {number}",
                  summary=WORDS % number, **{"costs-0-label": "Tools", "costs-0-amount": "1200"})
    host.close()


async def asked(where: Hall, name: str, path: str, joined: bool, seconds: float) -> dict[str, Any]:
    """One address, as fast as the server answers so many connections."""
    late: list[float] = []
    failed = 0
    reader = Phone(where.port)
    if joined:
        await reader.join(where.links["code"], "Reader")
    end = time.monotonic() + seconds

    async def lane() -> None:
        nonlocal failed
        phone = Phone(where.port)
        phone.cookies = reader.cookies
        while time.monotonic() < end:
            start = time.monotonic()
            size.append(len(await phone.raw(path)))
            failed += phone.status != 200
            late.append(time.monotonic() - start)
        phone.close()

    size: list[int] = []
    with busy(where.pid) as used:
        await asyncio.gather(*(lane() for _ in range(LANES)))
    reader.close()
    return {"page": name, "bytes": max(size), "pages/s": round(len(late) / used["seconds"], 1), **spread(late),
            "failed": failed, "CPU %": round(used["cpu"], 1)}


def travelled(chromium: Chromium, where: Hall) -> dict[str, int]:
    """Bytes by kind that a fresh phone loads from the page behind the QR, heads included."""
    context = chromium.new_context(**PHONE)
    page = context.new_page()
    wire, kinds, found = context.new_cdp_session(page), {}, {}
    wire.on("Network.responseReceived", lambda said: kinds.update({said["requestId"]: said["type"]}))
    wire.on("Network.loadingFinished", lambda said: found.update({said["requestId"]: said["encodedDataLength"]}))
    wire.send("Network.enable")
    page.goto(f"{where.base}/j/{where.links['code']}", wait_until="networkidle")
    sums: dict[str, int] = {}
    for request, size in found.items():
        kind = kinds.get(request, "Other")
        sums[kind] = sums.get(kind, 0) + int(size)
    context.close()
    return sums


def first_page(where: Hall) -> list[Row]:
    """What travelled, as rows."""
    use_installed_node()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(**chromium_launch_options())
        sums = travelled(chromium, where)
        chromium.close()
    total = sum(sums.values())
    assert total > 0, "the browser loaded nothing"
    rows = [{"page": f"first page: {kind}", "bytes": size} for kind, size in sorted(sums.items())]
    return [*rows, {"page": f"first page in all, of {MOST_BYTES}", "bytes": total}]


def main() -> None:
    """Measure and print."""
    options = arguments(__doc__, n=50, what="ideas", seconds=6).parse_args()
    begin()
    with hall("ideas") as where:
        add_ideas(where, options.n)
        static = SHEET.findall(uvloop.run(Phone(where.port).get("/")))[0]
        pages = (("static bytes", static, False), (f"{options.n} ideas", f"{where.event}/ideas", True),
                 ("now", where.event, True), ("join", f"/j/{where.links['code']}", False))
        rounds = [[uvloop.run(asked(where, *page, options.seconds)) for page in pages] for _ in range(options.rounds)]
        rows = [medians(same) for same in zip(*rounds, strict=True)]
        for row in rows[1:]:
            row["x static"] = round(row["pages/s"] / rows[0]["pages/s"], 3)
        rows += first_page(where)
    tell(f"Pages over {LANES} connections, milliseconds, medians of {options.rounds} alternated rounds of "
         f"{options.seconds:g} s", rows, as_json=options.json)


if __name__ == "__main__":
    main()
