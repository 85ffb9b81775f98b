"""The server process: patient with phones, not with those who hold it, and with a clean end."""

import contextlib
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ideathon.errors import Misconfigured
from ideathon.serving import listen
from tests.live.phone import Hall, Phone, hall
from tests.services import ROOT


def test_what_is_accepted_sends_at_once() -> None:
    with listen("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()) as client:
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert client


def test_a_taken_port_is_said_in_one_sentence() -> None:
    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(Misconfigured, match=f"Port {port} is taken"):
            listen("127.0.0.1", port)


def test_a_foreign_address_is_said_in_one_sentence() -> None:
    with pytest.raises(Misconfigured, match=r"Cannot listen on 192\.0\.2\.1"):
        listen("192.0.2.1", 0)


def test_without_gevent_nothing_is_served() -> None:
    code = "from ideathon.serving import serve; serve(None, '127.0.0.1', 0)"
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert "patch_all" in ended.stderr


class TestTheEnd:
    """SIGTERM: nobody is left in the dark and nothing in flight is lost."""

    def test_clients_are_told_to_come_back_and_requests_end(self, tmp_path: Path) -> None:
        with hall(tmp_path) as ending:
            phone = ending.phone(5)
            idle = socket.create_connection(("127.0.0.1", ending.port))
            answers: list[tuple[int, str]] = []
            asker = threading.Thread(target=lambda: answers.append(ending.ask("GET", "/slow?seconds=1")))
            asker.start()
            time.sleep(0.3)
            began = time.monotonic()
            ending.process.send_signal(signal.SIGTERM)
            assert phone.event("come-back") == {"after": 2000}
            assert phone.gone()
            asker.join()
            assert answers == [(200, "done")]
            assert ending.process.wait(10) == 0
            assert time.monotonic() - began < 4.5
            with pytest.raises(ConnectionError):
                Phone(ending.port)
            idle.close()
            assert "Traceback" not in ending.log.read_text()

    def test_a_request_that_never_ends_does_not_hold_the_end(self, tmp_path: Path) -> None:
        with hall(tmp_path) as ending:
            stuck = socket.create_connection(("127.0.0.1", ending.port))
            stuck.sendall(b"GET /slow?seconds=60 HTTP/1.1\r\nHost: localhost\r\n\r\n")
            time.sleep(0.3)
            ending.process.send_signal(signal.SIGINT)
            assert ending.process.wait(9) == 0
            stuck.close()


@pytest.fixture(scope="module")
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """A hall with less patience than the real one."""
    with hall(tmp_path_factory.mktemp("hall"), HEAD_SECONDS="0.6", BODY_SECONDS="0.6", IDLE_SECONDS="0.9") as quick:
        yield quick


def drip_once(sock: socket.socket, data: bytes) -> bool:
    """Send that, listen for a moment; False once the server has hung up."""
    sock.sendall(data)
    try:
        return bool(sock.recv(1000))
    except TimeoutError:
        return True


class TestSlowClients:
    """Who sends byte by byte is cut off; the times are shortened here, not the code."""

    @pytest.mark.parametrize("head", [
        b"", b"GET / HT", b"GET /slow?seconds=0 HTTP/1.1\r\nHost: localhost\r\nX-A: ",
        b"POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n",
    ])
    def test_drip_by_drip_does_not_last(self, impatient: Hall, head: bytes) -> None:
        with socket.create_connection(("127.0.0.1", impatient.port)) as drip:
            drip.sendall(head)
            drip.settimeout(0.2)
            began = time.monotonic()
            with contextlib.suppress(ConnectionError):
                while drip_once(drip, b"a" if head else b""):
                    assert time.monotonic() - began < 6
        assert impatient.ask("POST", "/upload", b"a" * 5000) == (200, "5000")


def test_what_is_not_http_is_answered_and_its_words_are_not_logged(running_hall: Hall) -> None:
    with socket.create_connection(("127.0.0.1", running_hall.port)) as odd:
        odd.sendall(b"SECRET WORDS ARE HERE /x\r\n\r\n")
        assert odd.recv(100).startswith(b"HTTP/1.1 400")
    running_hall.ask("GET", "/nowhere-special")
    log = running_hall.log.read_text()
    assert "SECRET" not in log
    assert "nowhere-special" not in log


def test_answers_do_not_name_the_server(running_hall: Hall) -> None:
    with socket.create_connection(("127.0.0.1", running_hall.port)) as plain:
        plain.sendall(b"GET /slow?seconds=0 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        head = plain.recv(1000).lower()
    assert b"\r\nserver:" not in head
