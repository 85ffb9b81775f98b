"""Makes the pictures of the README from the running program: ``python -m tests.journeys.pictures docs/pictures``."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests import services
from tests.journeys import actors
from tests.journeys.evenings import Evenings
from tests.journeys.hall import SCREEN, Hall, Watch, program

HALL = """<!doctype html><meta charset="utf-8"><style>
body { margin: 0; width: 1500px; height: 860px; background: #f3ede1; position: relative }
img { position: absolute; border-radius: 12px; box-shadow: 0 2px 6px #06222a33, 0 16px 40px #06222a33 }
.screen { left: 40px; top: 40px; width: 1080px } .desk { right: 40px; bottom: 40px; width: 720px }
.phone { left: 120px; bottom: 30px; width: 250px; border-radius: 24px }
</style><img class="screen" src="screen.png"><img class="desk" src="desk.png"><img class="phone" src="phone.png">"""


def take(hall: Hall, folder: Path) -> None:
    """The projector, the desk and a phone while ideas stand on the wall; and the three of them on one picture."""
    pages = {"screen": actors.screen(hall, size=SCREEN), "desk": actors.host(hall)}
    pages["phone"] = actors.resident(hall, "Ilze no ostas")
    for name, page in pages.items():
        page.wait_for_timeout(500)
        page.screenshot(path=folder / f"{name}.png")
    (folder / "hall.html").write_text(HALL)
    whole = hall.browser.new_page(viewport={"width": 1500, "height": 860})
    whole.goto((folder / "hall.html").as_uri())
    whole.screenshot(path=folder / "hall.png")
    (folder / "hall.html").unlink()


def main(folder: Path) -> None:
    """The demo day at the ideas stage, on a database of its own."""
    services.use_installed_node()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work, sync_playwright() as play:
        data = Path(work) / "data"
        browser = play.chromium.launch(**services.chromium_launch_options())
        days = Evenings(Path(work) / "days")
        with program(data, str(data / "ideathon.db"), lambda to, _url: days.on_sqlite("ideas", to)) as (bases, links):
            hall = Hall(bases, links, browser, Watch(set()))
            take(hall, folder)
            hall.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))

