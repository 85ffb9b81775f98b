"""The wire between the server and every screen: who may hear what, news after commit, and the guard before it."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from . import outbox, wire
from .guard import Guard, Hosts
from .pulse import Pulse
from .ticket import Tickets


def init_app(app: Flask) -> None:
    """Bind the socket server, the pulse, the outbox, the tickets and the guard; call it after other WSGI layers."""
    config = app.config
    wire.bind(app)
    manager = wire.socketio.server.manager
    pulse = Pulse(app, wire.say_here, wire.connected, lambda news: manager.tell("news", news),
                  config.get("PULSE_SECONDS", 0.25))
    manager.topics["news"] = pulse.mark
    app.extensions["pulse"] = pulse
    app.extensions["tickets"] = Tickets(config["SECRET_KEY"], config.get("REDIS_URL") or "")
    outbox.listen()
    _guard(app)


def _guard(app: Flask) -> None:
    config = app.config
    policy = config.get("TRUSTED_HOSTS_POLICY") or config.get("TRUSTED_HOSTS")
    guard = Guard(app.wsgi_app, Hosts(policy, config.get("PUBLIC_URL") or ""),
                  cookie=config.get("SESSION_COOKIE_NAME") or "session",
                  per_address=config.get("SOCKETS_PER_ADDRESS", 600), per_session=config.get("SOCKETS_PER_SESSION", 20))
    app.extensions["guard"] = guard
    app.wsgi_app = guard                                   # type: ignore[method-assign]  # Flask's own way to wrap
    if config.get("TRUSTED_PROXY"):                        # outside of the guard, so that it sees the proxy's words
        app.wsgi_app = ProxyFix(guard, x_for=1, x_proto=1, x_host=1)   # type: ignore[method-assign]  # as above
