"""Every phone gets everything, once and in order, however badly it or its neighbour reads."""

import socket
import struct
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import gevent
import gevent.socket
import pytest

from ideathon.live.fanout import text_frame
from ideathon.live.line import Line
from tests.live.phone import Hall, Phone

SMALL = 4096        # bytes of receive buffer: a few news fill it, and the server's own buffer soon after


@pytest.fixture
def phones(running_hall: Hall) -> Iterator[list[Phone]]:
    """Phones that are hung up at the end, so that no test feels the last one's."""
    held: list[Phone] = []
    yield held
    while Phone.opened:
        Phone.opened.pop().close()
    running_hall.until("engines", 0)


@pytest.mark.parametrize("size", [0, 125, 126, 65535, 65536])
def test_a_frame_says_its_length_as_the_standard_wants(size: int) -> None:
    frame = text_frame(b"a" * size)
    assert frame[0] == 0x81
    head, length = {125: (2, frame[1])}.get(size, (2, frame[1]))
    if frame[1] == 126:
        head, (length,) = 4, struct.unpack("!H", frame[2:4])
    elif frame[1] == 127:
        head, (length,) = 10, struct.unpack("!Q", frame[2:10])
    assert length == size == len(frame) - head


def test_two_hundred_phones_hear_all_in_order(running_hall: Hall, phones: list[Phone]) -> None:
    phones += [running_hall.phone(number) for number in range(200)]
    running_hall.ask("POST", "/emit?n=60&size=200")
    for phone in phones:
        assert phone.sequence(60) == list(range(60))


def test_a_phone_that_stops_reading_loses_nothing_and_delays_nobody(running_hall: Hall, phones: list[Phone]) -> None:
    slow = [running_hall.phone(number, buffer=SMALL) for number in range(3)]
    quick = running_hall.phone(9)
    phones += [*slow, quick]
    began = time.monotonic()
    running_hall.ask("POST", "/emit?n=1500&size=6000")        # 9 MB each: more than every buffer on the way
    assert quick.sequence(1500) == list(range(1500))
    assert time.monotonic() - began < 15
    assert running_hall.state()["connected"] == 4
    for phone in slow:
        assert phone.sequence(1500) == list(range(1500))


def test_both_ways_of_sending_keep_one_order(running_hall: Hall, phones: list[Phone]) -> None:
    """The fan-out may pass engine.io's queue only when nothing is in it, in its writer's hands or on the line."""
    slow, quick = running_hall.phone(1, buffer=SMALL), running_hall.phone(2)
    phones += [slow, quick]
    running_hall.ask("POST", "/mix?n=1200&size=6000")
    assert quick.sequence(1200) == list(range(1200))
    time.sleep(0.3)                                          # the slow one stays full for a while
    assert slow.sequence(600) == list(range(600))
    running_hall.ask("POST", "/emit?n=20&first=1200&size=6000")
    assert slow.sequence(620) == list(range(600, 1220))


def test_what_the_writer_holds_in_its_hands_is_not_overtaken(running_hall: Hall, phones: list[Phone]) -> None:
    phone = running_hall.phone(1, buffer=SMALL)
    phones.append(phone)
    with ThreadPoolExecutor(1) as helper:
        said = helper.submit(running_hall.ask, "POST", "/race")
        assert phone.sequence(4) == [0, 1, 2, 3]
        assert said.result() == (200, "said")


def test_nothing_overtakes_the_rest_of_a_frame() -> None:
    """The kernel has room again, but the greenlet that sends the rest has not run yet."""
    with gevent.socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        near = gevent.socket.create_connection(server.getsockname())
        far, _ = server.accept()
    with near, far:
        line, frame = Line(near), b"a" * 100_000
        while not line._rest:
            line.offer(frame) or line._keep(frame)
        rest = len(line._rest[0])
        first = far._sock.recv(10_000_000)                   # the plain one, which does not let greenlets switch
        assert not line.offer(b"b" * 1000)
        reader = gevent.spawn(read_whole, far)
        line.send(b"c" * 1000)
        near.shutdown(socket.SHUT_WR)
        whole = first + reader.get(timeout=10)
        assert rest > 0
        assert whole == b"a" * (len(whole) - 1000) + b"c" * 1000
        assert (len(whole) - 1000) % len(frame) == 0


def read_whole(sock: gevent.socket.socket) -> bytes:
    """All until the other side ends."""
    parts = []
    while part := sock.recv(1_000_000):
        parts.append(part)
    return b"".join(parts)


def test_news_while_a_phone_drains_slowly(running_hall: Hall, phones: list[Phone]) -> None:
    """Reading a little at a time keeps the line between full and free, where a torn frame would show."""
    slow = running_hall.phone(1, buffer=SMALL)
    phones.append(slow)
    heard: list[int] = []
    for round_ in range(12):
        running_hall.ask("POST", f"/mix?n=100&size={2000 + 997 * round_}")
        heard += slow.sequence(60)
    heard += slow.sequence(12 * 100 - len(heard))
    assert heard == list(range(100)) * 12


def test_a_phone_that_vanishes_is_forgotten(running_hall: Hall, phones: list[Phone]) -> None:
    gone, stays = running_hall.phone(1), running_hall.phone(2)
    phones.append(stays)
    gone.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    gone.close()                                             # a reset, not a goodbye
    running_hall.ask("POST", "/emit?n=5")
    assert stays.sequence(5) == list(range(5))
    running_hall.until("connected", 1)


def test_compression_is_never_agreed_to(running_hall: Hall, phones: list[Phone]) -> None:
    phone = running_hall.phone(1, headers="Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n")
    phones.append(phone)
    assert "extensions" not in phone.head.lower()
    running_hall.ask("POST", "/emit?n=1&size=3000")
    assert phone.sequence(1) == [0]
