"""The host is not kept out by a hall that never pauses: who waits alone comes before who arrives later."""

from __future__ import annotations

import time
from threading import Event, Thread

from ideathon.core.acts import Lock
from ideathon.gatherings.doors import find_by_id
from tests.houses import House


def test_a_stream_of_the_many_lets_the_host_in(house_postgres: House) -> None:
    house = house_postgres
    gathering, enough = house.day("pitch"), Event()

    def keep_coming() -> None:
        while not enough.is_set():
            with house.inside():
                find_by_id(Lock.SHARED, gathering, None)
                time.sleep(0.3)         # several hold it at any moment, so that it is never free by itself

    crowd = [Thread(target=keep_coming) for _ in range(5)]
    for one in crowd:
        one.start()
    try:
        time.sleep(0.5)
        with house.inside():
            began = time.monotonic()
            find_by_id(Lock.EXCLUSIVE, gathering, None)
            waited = time.monotonic() - began
    finally:
        enough.set()
        for one in crowd:
            one.join()
    assert waited < 2        # not past the statement timeout, as it is without a line to stand in
