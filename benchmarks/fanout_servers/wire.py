"""The real live package on the real server."""

from gevent import monkey

monkey.patch_all()

import gevent  # noqa: E402  gevent patches first
from flask import Flask  # noqa: E402  gevent patches first

from benchmarks.fanout_servers.beat import MOST_CLIENTS, TICK, news, ready  # noqa: E402  gevent patches first
from ideathon import live  # noqa: E402  gevent patches first
from ideathon.extensions import db  # noqa: E402  gevent patches first
from ideathon.live import wire  # noqa: E402  gevent patches first
from ideathon.serving import serve  # noqa: E402  gevent patches first


def tick() -> None:
    """Say something four times a second."""
    for number in range(1_000_000):
        gevent.sleep(TICK)
        wire.emit_news("hall", news(number))


def begin(port: int) -> None:
    """The server listens."""
    gevent.spawn(tick)
    ready(port)


app = Flask("bench")
app.config.update(SECRET_KEY="k" * 40, SQLALCHEMY_DATABASE_URI="sqlite://", SOCKETS_PER_ADDRESS=2 * MOST_CLIENTS)
db.init_app(app)
wire.admits(lambda auth, environ: wire.Admission(frozenset({"hall"}), {}))
live.init_app(app)
serve(app, "127.0.0.1", 0, ready=begin)
