"""Where phones find this program, and the QR that leads them there."""

from __future__ import annotations

import socket

import segno
from flask import current_app, request
from markupsafe import Markup

LOOPBACK = ("localhost", "127.", "[::1]", "0.0.0.0")  # noqa: S104  # names to recognise, nothing is bound


def lan_ip() -> str:
    """This machine's address on the hall's network; loopback when it has none. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("10.255.255.255", 1))
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"


def base() -> str:
    """The address that phones can reach: PUBLIC_URL, else the one being used, else this machine's on the network."""
    if current_app.config["PUBLIC_URL"]:
        return str(current_app.config["PUBLIC_URL"])
    host = request.host
    if host.startswith(LOOPBACK):
        name, _, port = host.rpartition(":")
        host = f"{lan_ip()}:{port}" if name else lan_ip()
    return f"{request.scheme}://{host}"


def is_plain() -> bool:
    """Whether what phones send here can be read on their network. On this machine alone there is none."""
    public = current_app.config["PUBLIC_URL"]
    if public:
        return str(public).startswith("http://") and not str(public)[7:].startswith(LOOPBACK)
    return request.scheme == "http" and not request.host.startswith(LOOPBACK)


def qr(text: str) -> Markup:
    """The text as an inline SVG that scales with its box; dark on white whatever the theme."""
    code = segno.make(text, error="m", micro=False)
    drawn = code.svg_inline(border=2, omitsize=True, dark="#06222a", light="#ffffff", svgclass="qr", lineclass=None)
    return Markup(drawn)  # noqa: S704  # made by segno from modules, not from markup
