"""A small application around the real live package, served by the real server: `python -m tests.live.hall`."""

from gevent import monkey

monkey.patch_all()

import json  # noqa: E402  gevent patches before anything else is imported
import logging  # noqa: E402  as above
import os  # noqa: E402  as above
import resource  # noqa: E402  as above
import sys  # noqa: E402  as above
import threading  # noqa: E402  as above
from typing import Any  # noqa: E402  as above

import gevent  # noqa: E402  as above
from flask import Flask, jsonify, request  # noqa: E402  as above
from sqlalchemy import text  # noqa: E402  as above

from ideathon import live, serving  # noqa: E402  as above
from ideathon.core.acts import Act  # noqa: E402  as above
from ideathon.errors import Refused  # noqa: E402  as above
from ideathon.extensions import bind_engine, db, writing  # noqa: E402  as above
from ideathon.live import limits, outbox, pulse, rooms, ticket, wire  # noqa: E402  as above

ROOM = rooms.room_of(1, Act.GATHERING_SEE)
DESK = rooms.room_of(1, Act.DESK_SEE)


@wire.admits
def let_in(auth: object, environ: Any) -> wire.Admission | None:
    """A ticket is asked for, once."""
    seat = ticket.redeem(auth.get("ticket") if isinstance(auth, dict) else None)
    if seat is None:
        return None
    heard = {ROOM, DESK} if seat.get("desk") else {ROOM}
    return wire.Admission(frozenset(heard), {"gathering": 1, "person": seat["person"]}, {"hello": seat["person"]})


@wire.hears("echo", rule=Act.COMMENT_ADD, fields={"text": str, "at": int | None})
def echo(who: Any, data: dict[str, Any]) -> dict[str, Any]:
    """Says it back."""
    return {"text": data["text"], "person": who["person"], "path": request.path}


@wire.hears("break", rule=Act.COMMENT_ADD, fields={"how": str})
def break_something(who: Any, data: dict[str, Any]) -> dict[str, Any]:
    """Fails in the way that is asked for."""
    if data["how"] == "refused":
        raise Refused("too_late", closed_at=5)
    if data["how"] == "not_json":
        return {"value": {1, 2}}
    raise ZeroDivisionError("secret words")


def make(database: str) -> Flask:
    """The application."""
    app = Flask("hall")
    app.config.update(SECRET_KEY="k" * 40, SQLALCHEMY_DATABASE_URI=database, PULSE_SECONDS=0.25, SOCKETS_PER_SESSION=3,
                      REDIS_URL=os.environ.get("REDIS_URL", ""),
                      SOCKETS_PER_ADDRESS=int(os.environ.get("SLOTS", "6000")))
    db.init_app(app)
    with app.app_context():
        bind_engine(db.engine)
        db.session.execute(text("create table if not exists vote (person integer)"))
        db.session.commit()
    live.init_app(app)
    beat = pulse.pulse_of(app)
    beat.reads("voting.turnout", lambda gathering, keys: {keys[0]: _count()}, Act.GATHERING_SEE)
    beat.position = lambda gathering: _count()
    beat.code = lambda gathering: "pine"
    _doors(app)
    return app


def _count() -> int:
    return int(db.session.execute(text("select count(*) from vote")).scalar_one())


def _doors(app: Flask) -> None:
    @app.get("/ticket")
    def give_ticket() -> str:
        return ticket.issue({"person": int(request.args["person"]), "desk": "desk" in request.args})

    @app.post("/vote")
    def vote() -> str:
        with writing():
            db.session.execute(text("insert into vote values (1)"))
            outbox.announce(1, "voting.turnout")
            db.session.commit()
        return "stored"

    @app.post("/emit")
    def emit() -> str:
        pad, first = "x" * int(request.args.get("size", 10)), int(request.args.get("first", 0))
        for number in range(first, first + int(request.args.get("n", 1))):
            wire.emit_news(ROOM, {"seq": number, "pad": pad})
            gevent.sleep(float(request.args.get("pause", 0)))
        return "said"

    @app.post("/mix")
    def mix() -> str:
        """News for the room and words for the single client, alternating: the fast and the stock path."""
        pad = "x" * int(request.args.get("size", 10))
        for number in range(int(request.args["n"])):
            if number % 3:
                wire.emit_news(ROOM, {"seq": number, "pad": pad})
            else:
                for connection in list(wire._bound[0].connections.values()):
                    packet = wire.socketio.server.packet_class(2, data=["news", {"seq": number, "pad": pad}])
                    wire.socketio.server._send_packet(connection.eio_sid, packet)
            if number % 7 == 0:
                gevent.sleep(0)
        return "said"

    @app.post("/race")
    def race() -> str:
        """Speaks at the one moment when the line is free again and engine.io's writer still holds two packets."""
        (connection,) = wire._bound[0].connections.values()
        line = wire.socketio.server.eio.sockets[connection.eio_sid].queue.line
        for number in range(3):
            packet = wire.socketio.server.packet_class(2, data=["news", {"seq": number, "pad": "x" * 8_000_000}])
            wire.socketio.server._send_packet(connection.eio_sid, packet)
        gevent.sleep(0.05)
        assert line._rest
        while line._rest:
            gevent.sleep(0)
        wire.emit_news(ROOM, {"seq": 3, "pad": ""})
        return "said"

    @app.post("/drop")
    def drop() -> str:
        wire.disconnect_where("person", int(request.args["person"]))
        return "dropped"

    @app.post("/upload")
    def upload() -> str:
        return str(len(request.get_data()))

    @app.get("/slow")
    def slow() -> str:
        gevent.sleep(float(request.args["seconds"]))
        return "done"

    @app.get("/state")
    def state() -> Any:
        engines = wire.socketio.server.eio.sockets
        return jsonify(connected=wire.connected(ROOM), desk=wire.connected(DESK), counts=dict(limits.counts),
                       slots=dict(app.extensions["guard"].slots.held), engines=len(engines),
                       rss=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, threads=threading.active_count(),
                       files=len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0)


def main() -> None:
    """Serve on a free port of loopback and print it."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    if os.environ.get("STOCK"):
        _without_fan_out()
    for name in ("HEAD_SECONDS", "BODY_SECONDS", "IDLE_SECONDS"):
        setattr(serving, name, float(os.environ.get(name, getattr(serving, name))))
    serving.serve(make(sys.argv[1]), "127.0.0.1", int(sys.argv[2]) if len(sys.argv) > 2 else 0,
          ready=lambda port: print(json.dumps({"port": port}), flush=True))  # noqa: T201  the test reads it


def _without_fan_out() -> None:
    """For the benchmark's comparison: python-socketio's own way of sending."""
    from socketio import Manager  # noqa: PLC0415  only here
    wire.FanOut.emit = Manager.emit


if __name__ == "__main__":
    main()
