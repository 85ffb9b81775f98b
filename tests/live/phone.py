"""A Socket.IO client on a bare socket, for tests that must hold it wrong: stop reading, tear frames, flood."""

import contextlib
import http.client
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

from tests.services import ROOT, running

PATIENCE = 20.0


class Hall:
    """A running hall and plain HTTP to it."""

    def __init__(self, process: subprocess.Popen[str], port: int, log: Path) -> None:
        self.process, self.port, self.log = process, port, log

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, str]:
        """One request; status and text."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        with contextlib.closing(connection):
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body or None, sent)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    def state(self) -> dict[str, Any]:
        """What the hall says of itself."""
        return dict(json.loads(self.ask("GET", "/state")[1]))

    def until(self, key: str, wanted: Any) -> None:
        """Wait until state()[key] is that."""
        end = time.monotonic() + PATIENCE
        while (found := self.state()[key]) != wanted:
            assert time.monotonic() < end, f"{key} stays at {found!r}, not {wanted!r}"
            time.sleep(0.05)

    def phone(self, person: int = 1, **options: Any) -> "Phone":
        """An admitted client."""
        phone = Phone(self.port, **options)
        desk = "&desk=1" if person == 0 else ""
        phone.join(self.ask("GET", f"/ticket?person={person}{desk}")[1])
        return phone


@contextlib.contextmanager
def hall(tmp: Path, name: str = "hall", **environment: str) -> Iterator[Hall]:
    """A hall in a process of its own, stopped politely at the end."""
    log = tmp / f"{name}.log"
    database = f"sqlite:///{tmp / 'hall.db'}"
    with log.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "tests.live.hall", database], cwd=ROOT, stdout=subprocess.PIPE,
            stderr=file, text=True, env={**os.environ, **environment})

        assert process.stdout
        with process.stdout, running(process, signal.SIGTERM):
            line = process.stdout.readline()
            assert line, log.read_text()
            yield Hall(process, json.loads(line)["port"], log)


class Phone:
    """One WebSocket, read and written by hand."""

    opened: ClassVar[list["Phone"]] = []

    def __init__(self, port: int, *, buffer: int = 0, origin: str | None = "", host: str = "",
                 query: str = "EIO=4&transport=websocket", headers: str = "") -> None:
        self.sock = socket.socket()
        self.opened.append(self)
        if buffer:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self.sock.settimeout(PATIENCE)
        self.sock.connect(("127.0.0.1", port))
        host = host or f"127.0.0.1:{port}"
        lines = f"GET /socket.io/?{query} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" \
                f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{headers}"
        if origin is not None:
            lines += f"Origin: {origin or 'http://' + host}\r\n"
        self.sock.sendall(lines.encode() + b"\r\n")
        self._held = b""
        self.acks: dict[int, Any] = {}
        self.said: list[list[Any]] = []
        self.head = self._until(b"\r\n\r\n").decode()
        self.status = int(self.head.split()[1])

    def join(self, ticket: str | None) -> dict[str, Any]:
        """The Socket.IO handshake; the answer's packet."""
        assert self.status == 101, self.head
        assert self.text().startswith("0{")
        self.send("40" + ("" if ticket is None else json.dumps({"ticket": ticket})))
        answer = self.text()
        return {"code": answer[:2], **json.loads(answer[2:])}

    def send(self, text: str, opcode: int = 1, *, final: bool = True) -> None:
        """One frame, masked as a client must (with zeros)."""
        self.sock.sendall(self.frame(text.encode("utf-8", "surrogatepass"), opcode, final=final))

    @staticmethod
    def frame(payload: bytes, opcode: int = 1, *, final: bool = True) -> bytes:
        """The bytes of a client's frame."""
        size = len(payload)
        head = bytes([(0x80 if final else 0) | opcode])
        if size < 126:
            head += bytes([0x80 | size])
        elif size < 65536:
            head += b"\xfe" + struct.pack("!H", size)
        else:
            head += b"\xff" + struct.pack("!Q", size)
        return head + b"\0\0\0\0" + payload

    def emit(self, event: str, *data: Any, ack: int | None = 1) -> Any:
        """An event; its acknowledgement when one is asked for."""
        self.send(f"42{'' if ack is None else ack}{json.dumps([event, *data])}")
        return None if ack is None else self.ack(ack)

    def ack(self, number: int) -> Any:
        """Wait for that acknowledgement; events on the way are kept in `said`."""
        while number not in self.acks:
            self._take()
        return self.acks.pop(number)

    def event(self, name: str) -> Any:
        """The next event of that name."""
        while True:
            for place, (said, data) in enumerate(self.said):
                if said == name:
                    del self.said[place]
                    return data
            self._take()

    def sequence(self, count: int) -> list[int]:
        """The numbers of the next news, in the order of arrival."""
        return [self.event("news")["seq"] for _ in range(count)]

    def gone(self) -> bool:
        """Whether the server closes the connection (waits for it)."""
        try:
            while True:
                self._take()
        except (EOFError, ConnectionError):
            return True

    def _take(self) -> None:
        text = self.text()
        if text == "2":
            self.send("3")
        elif text.startswith("42"):
            self.said.append(json.loads(text[2:]))
        elif text.startswith("43"):
            number, _, rest = text[2:].partition("[")
            self.acks[int(number)] = json.loads("[" + rest)[0]
        else:
            self.said.append([text[:2], text[2:]])

    def text(self) -> str:
        """The next text frame; EOFError at a close frame or the end. A frame that is not whole or not ours fails."""
        first, second = self._read(2)
        assert first in (0x81, 0x88, 0x8A), f"not the start of a server frame: {first:#x}"
        size = second
        if second == 126:
            (size,) = struct.unpack("!H", self._read(2))
        elif second == 127:
            (size,) = struct.unpack("!Q", self._read(8))
        payload = self._read(size)
        if first == 0x88:
            raise EOFError(payload)
        return payload.decode()

    def _read(self, size: int) -> bytes:
        while len(self._held) < size:
            data = self.sock.recv(65536)
            if not data:
                raise EOFError
            self._held += data
        data, self._held = self._held[:size], self._held[size:]
        return data

    def _until(self, mark: bytes) -> bytes:
        while mark not in self._held:
            data = self.sock.recv(4096)
            if not data:
                break
            self._held += data
        head, _, self._held = self._held.partition(mark)
        return head

    def close(self) -> None:
        """Hang up without a word."""
        self.sock.close()
