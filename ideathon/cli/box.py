"""What a start shows in the terminal: a QR and the addresses for phones, projector, desk, jury and manager."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import segno
from rich import box
from rich.console import Console, Group
from rich.panel import Panel
from rich.text import Text

from ideathon.demo.links import Links
from ideathon.web.address import lan_ip

EVERYWHERE = {"", "0.0.0.0", "::"}  # noqa: S104  # names to recognise, nothing is bound
HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


@dataclass
class Welcome:
    """What there is to show."""

    public: str                                     # PUBLIC_URL, or ""
    links: Links | None                             # the demo's, when it is there
    path: Path                                      # where they are kept
    valid: set[str] = field(default_factory=set)    # secrets that still open a door
    fresh: bool = False                             # this start loaded the demo


def base_of(public: str, host: str, port: int) -> str:
    """The address that phones on the same network reach; PUBLIC_URL goes before all."""
    if public:
        return public
    name = lan_ip() if host in EVERYWHERE else host
    shown = f"[{name}]" if ":" in name else name
    return f"http://{shown}" if port == 80 else f"http://{shown}:{port}"


def qr(text: str) -> Text:
    """The text as a QR of half blocks, dark on light in any terminal, with the quiet zone that cameras need."""
    code = segno.make(text, error="m", micro=False)
    rows = [[bool(module) for module in row] for row in code.matrix_iter(border=2)]
    rows += [[False] * len(rows[0])] * (len(rows) % 2)
    lines = ("".join(HALVES[pair] for pair in zip(*pair_of_rows, strict=True))
             for pair_of_rows in zip(rows[::2], rows[1::2], strict=True))
    return Text("\n".join(lines), style="black on white", no_wrap=True)


def ways_in(welcome: Welcome, base: str) -> list[tuple[str, str]]:
    """(who, address) for everybody, as far as their links still open."""
    links = welcome.links
    if links is None:
        return [("Phones", f"{base}/"), ("Staff", f"{base}/sign-in")]
    personal = {"Host's desk": links.staff["host"], "A juror (J1)": links.jurors["J1"],
                "Manager": links.staff["manager"], "Administrator": links.staff["admin"],
                **({"A helper (paper)": links.staff["helper"]} if "helper" in links.staff else {})}
    ways = [("Phones", f"{base}/j/{links.code}"), ("Event code", links.code), ("Projector", f"{base}/s/{links.screen}")]
    renewed = "renewed since; a fresh one: ideathon link"
    return [*ways, *((who, f"{base}/i/{secret}" if secret in welcome.valid else renewed)
                     for who, secret in personal.items())]


def notes(welcome: Welcome, base: str) -> list[str]:
    """What else to know at this start."""
    said = []
    if "//127." in base or "//localhost" in base or "//[::1]" in base:
        said.append("Phones cannot reach this address. Join a network, or start without HOST=127.0.0.1.")
    if welcome.links is None:
        said.append("This database holds no demo. `ideathon link host` makes a personal link for the host of an event.")
        return said
    if welcome.fresh:
        said.append("The Engure demo was loaded. Shown this once, for signing in at /sign-in:")
        said += [f"  {name:<8} {phrase}" for name, phrase in welcome.links.phrases.items()]
    said.append(f"Links and pass phrases are kept in {welcome.path}")
    return said


def show(welcome: Welcome, host: str, port: int, console: Console | None = None) -> None:
    """Print the box. It is as wide as its longest address, so that every address can be copied whole."""
    base = base_of(welcome.public, host, port)
    ways, said = ways_in(welcome, base), notes(welcome, base)
    table = Text("\n".join(f"{who:<19}{address}" for who, address in ways), no_wrap=True)
    body = Group(qr(ways[0][1]), Text(), table, Text(), Text("\n".join(said), style="dim", no_wrap=True),
                 Text("Ctrl-C ends it; nothing is lost.", style="dim"))
    width = max(len(line) for line in [*(f"{who:<19}{address}" for who, address in ways), *said]) + 6
    console = console or Console(highlight=False, soft_wrap=False)
    console.width = max(width, min(console.width, 100))
    console.print(Panel(body, title="Ideathon", box=box.ROUNDED, padding=(1, 2), width=width, border_style="cyan"))
    console.file.flush()
