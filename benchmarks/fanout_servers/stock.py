"""Flask-SocketIO as its documentation has it, on the same kind of gevent server."""

from gevent import monkey

monkey.patch_all()

import gevent  # noqa: E402  gevent patches first
from flask import Flask  # noqa: E402  gevent patches first
from flask_socketio import SocketIO, join_room  # noqa: E402  gevent patches first
from gevent.pywsgi import WSGIServer  # noqa: E402  gevent patches first

from benchmarks.fanout_servers.beat import TICK, news, ready  # noqa: E402  gevent patches first
from ideathon.serving import listen, raise_open_files  # noqa: E402  gevent patches first

app = Flask("bench")
socketio = SocketIO(app, async_mode="gevent", cors_allowed_origins="*")
socketio.on("connect")(lambda auth=None: join_room("hall"))
raise_open_files()
server = WSGIServer(listen("127.0.0.1", 0), app, log=None)
server.start()
ready(server.server_port)
for number in range(1_000_000):
    gevent.sleep(TICK)
    socketio.emit("news", news(number), to="hall")
