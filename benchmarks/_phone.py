"""A phone for benchmarks: a browser's HTTP over one kept connection, the forms of its pages, and its socket."""

import asyncio
import json
import re
import time
import uuid
import zlib
from collections.abc import Awaitable, Callable
from html import unescape
from typing import Any
from urllib.parse import urlencode

import picows

PATIENCE = 60.0             # seconds for one answer
TICKET = re.compile(r'data-live-ticket="([^"]+)"')
FIELD = re.compile(r"<input\b[^>]*>")
PART = re.compile(r'\b(name|value|type)="([^"]*)"')


class Failed(Exception):
    """An answer that no phone should get."""


class Phone:
    """One browser: its cookies and its connection."""

    def __init__(self, port: int) -> None:
        self.port, self.cookies, self.status, self.headers = port, "", 0, ""
        self._jar: dict[str, str] = {}
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def get(self, path: str) -> str:
        """The page at an address."""
        return await self._ask("GET", path, b"")

    async def post(self, path: str, fields: list[tuple[str, str]]) -> str:
        """A form that is sent; a redirect is not followed."""
        return await self._ask("POST", path, urlencode(fields).encode())

    async def raw(self, path: str) -> bytes:
        """The bytes at an address, as they travel."""
        return await asyncio.wait_for(self._exchange("GET", path, b""), PATIENCE)

    async def _ask(self, method: str, path: str, body: bytes) -> str:
        answer = await asyncio.wait_for(self._exchange(method, path, body), PATIENCE)
        if self.status >= 400:
            raise Failed(f"{method} {path.partition('?')[0]}: {self.status}")
        packed = "content-encoding: gzip" in self.headers
        return (zlib.decompress(answer, 31) if packed else answer).decode()

    async def _exchange(self, method: str, path: str, body: bytes) -> bytes:
        if self._reader is None or self._writer is None or self._reader.at_eof():
            self.close()
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port)
        head = (f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAccept: text/html\r\n"
                "Accept-Encoding: gzip\r\n")
        if self.cookies:
            head += f"Cookie: {self.cookies}\r\n"
        if body:
            head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        self._writer.write(head.encode() + b"\r\n" + body)
        return await self._answer(self._reader)

    async def _answer(self, reader: asyncio.StreamReader) -> bytes:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        self.status, self.headers = int(head[9:12]), head.lower()
        self._keep_cookies(head)
        if "transfer-encoding: chunked" in self.headers:
            answer = await self._chunks(reader)
        else:
            size = re.search(r"content-length: (\d+)", self.headers)
            answer = await reader.readexactly(int(size[1])) if size else b""
        if "connection: close" in self.headers:
            self.close()
        return answer

    async def _chunks(self, reader: asyncio.StreamReader) -> bytes:
        parts = []
        while size := int((await reader.readline()).split(b";")[0], 16):
            parts.append(await reader.readexactly(size))
            await reader.readexactly(2)
        await reader.readexactly(2)
        return b"".join(parts)

    def _keep_cookies(self, head: str) -> None:
        for line in head.split("\r\n"):
            if line[:12].lower() == "set-cookie: ":
                name, _, value = line[12:].partition(";")[0].partition("=")
                self._jar[name] = value
        self.cookies = "; ".join(f"{name}={value}" for name, value in self._jar.items())

    def place(self) -> str:
        """Where the answer leads on to."""
        found = re.search(r"\r\nlocation: (\S+)", self.headers)
        return found[1] if found else ""

    async def join(self, code: str, name: str) -> None:
        """The phone has a seat in the hall, as from the QR: the page, a name, the tick."""
        fields = hidden(await self.get(f"/j/{code}"), f"/j/{code}")
        await self.post(f"/j/{code}", [*fields, ("name", name), ("notice", "y")])
        if self.status != 303:
            raise Failed(f"joining: {self.status}")

    async def socket(self, page: str, heard: Callable[[bytes], None] = lambda words: None) -> "Socket":
        """The socket that the page opens."""
        found = TICKET.search(page)
        if found is None:
            raise Failed("the page has no ticket")
        words = b"40" + json.dumps({"ticket": unescape(found[1])}).encode()
        return await connect(self.port, words, heard, self.cookies)

    def close(self) -> None:
        """Hang up."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None


def hidden(page: str, action: str) -> list[tuple[str, str]]:
    """What the hidden fields of the page's form for this address hold."""
    start = page.find(f'action="{action}"')
    if start < 0:
        raise Failed(f"no form for {action}")
    found = [dict(PART.findall(field)) for field in FIELD.findall(page[start:page.index("</form>", start)])]
    return [(one["name"], unescape(one.get("value", ""))) for one in found if one.get("type") == "hidden"]


class Socket(picows.WSListener):  # type: ignore[misc]  # a C class without types
    """A Socket.IO client, or a bare WebSocket when `hello` is empty."""

    def __init__(self, hello: bytes, heard: Callable[[bytes], None]) -> None:
        self._hello, self._heard = hello, heard
        self._acks: dict[int, asyncio.Future[Any]] = {}
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.transport: Any = None
        self.gone = False

    def on_ws_connected(self, transport: Any) -> None:
        """The line stands."""
        self.transport = transport
        if not self._hello:
            self.ready.set_result(None)

    def on_ws_disconnected(self, transport: Any) -> None:
        """The line is cut."""
        self.gone = True
        for waiting in (self.ready, *self._acks.values()):
            if not waiting.done():
                waiting.set_exception(Failed("the socket was cut"))

    def on_ws_frame(self, transport: Any, frame: Any) -> None:
        """One message; what is not for the protocol is for the listener."""
        words = frame.get_payload_as_bytes()
        if not self._hello or words.startswith(b"42"):
            self._heard(words)
        elif words == b"2":
            transport.send(picows.WSMsgType.TEXT, b"3")
        elif words.startswith(b"43"):
            at = words.index(b"[")
            self._acks.pop(int(words[2:at])).set_result(json.loads(words[at:])[0])
        elif words.startswith(b"0{"):
            transport.send(picows.WSMsgType.TEXT, self._hello)
        elif words.startswith(b"40") and not self.ready.done():
            self.ready.set_result(None)
        elif words.startswith(b"44") and not self.ready.done():
            self.ready.set_exception(Failed("not admitted"))

    def say(self, words: bytes) -> None:
        """A bare message."""
        self.transport.send(picows.WSMsgType.TEXT, words)

    async def emit(self, event: str, **data: Any) -> dict[str, Any]:
        """An event and its acknowledgement."""
        number = len(self._acks) and max(self._acks) + 1
        self._acks[number] = asyncio.get_running_loop().create_future()
        self.say(f"42{number}{json.dumps([event, data])}".encode())
        return dict(await asyncio.wait_for(self._acks[number], PATIENCE))

    async def comment(self, idea: str, text: str) -> None:
        """A comment is stored."""
        answer = await self.emit("comment:add", idea=idea, text=text, kind="comment", parent=None, key=uuid.uuid4().hex)
        if "stored" not in answer:
            raise Failed(f"comment: {answer.get('error')}")

    def close(self) -> None:
        """Hang up."""
        self.transport.disconnect(graceful=False)


async def connect(port: int, hello: bytes, heard: Callable[[bytes], None], cookies: str = "") -> Socket:
    """A socket that stands and was let in."""
    url = f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket"
    sent = {"Origin": f"http://127.0.0.1:{port}", **({"Cookie": cookies} if cookies else {})}
    _transport, socket = await picows.ws_connect(lambda: Socket(hello, heard), url, enable_auto_ping=False,
                                                 websocket_handshake_timeout=PATIENCE, extra_headers=sent)
    await asyncio.wait_for(socket.ready, PATIENCE)
    return socket  # type: ignore[no-any-return]  # as above


async def evenly(acts: list[Callable[[], Awaitable[Any]]], within: float) -> tuple[list[float], dict[str, int]]:
    """Every act begins at its own moment, evenly within so many seconds, whether or not the earlier ones have ended.

    Gives the seconds from the moment at which each was due to its end, and the failures by their words.
    """
    began, late, failures = time.monotonic(), [], {}

    async def one(number: int, act: Callable[[], Awaitable[Any]]) -> None:
        due = began + number * within / len(acts)
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        try:
            await act()
            late.append(time.monotonic() - due)
        except (Failed, OSError, EOFError, TimeoutError, picows.WSError) as error:
            words = f"{type(error).__name__}: {error}"[:80]
            failures[words] = failures.get(words, 0) + 1

    await asyncio.gather(*(one(number, act) for number, act in enumerate(acts)))
    return late, failures


async def together(acts: list[Callable[[], Awaitable[Any]]], most: int) -> tuple[list[float], float]:
    """All acts, so many at a time; seconds of each and of all. A failure ends it."""
    rest, late, began = iter(acts), [], time.monotonic()

    async def lane() -> None:
        for act in rest:
            start = time.monotonic()
            await act()
            late.append(time.monotonic() - start)

    await asyncio.gather(*(lane() for _ in range(most)))
    return late, time.monotonic() - began
