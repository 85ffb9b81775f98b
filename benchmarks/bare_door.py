"""A ballot that is kept nowhere: Flask, its signed session and the CSRF check on gevent's server, and nothing behind.

No program on these parts takes votes faster than this one answers.
"""

from gevent import monkey

monkey.patch_all()

import secrets  # noqa: E402  gevent patches first

from flask import Flask, redirect, render_template_string, request  # noqa: E402  as above
from flask_wtf import CSRFProtect  # noqa: E402  as above
from gevent.pywsgi import WSGIServer  # noqa: E402  as above

from benchmarks.fanout_servers.beat import ready  # noqa: E402  as above
from ideathon.serving import listen, raise_open_files  # noqa: E402  as above

FORM = """<form method="post" action="{{ action }}"><input type="hidden" name="csrf_token" value="{{ csrf_token() }}">
<input type="checkbox" name="choice" value="a"><input type="checkbox" name="choice" value="b"></form>"""

app = Flask("bare")
app.secret_key = secrets.token_hex(32)
CSRFProtect(app)


@app.get("/b")
def knock() -> str:
    """The field for a code."""
    return render_template_string(FORM, action="/b")


@app.post("/b")
def show() -> str:
    """The ballot behind any code."""
    return render_template_string(FORM, action="/b/cast")


@app.post("/b/cast")
def cast() -> object:
    """The choice is read, and forgotten."""
    return redirect(f"/b/done/{len(request.form.getlist('choice'))}", 303)


raise_open_files()
server = WSGIServer(listen("127.0.0.1", 0), app, log=None)
server.start()
ready(server.server_port)
server.serve_forever()
