"""Error pages: a clear sentence, what to do, and everything that was typed; never a stack trace."""

from __future__ import annotations

import traceback
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from ideathon.errors import Refused

from . import nameless
from .words import sentence

WORDS = {"text", "title", "summary", "lasting", "own", "name", "body", "reason", "conditions", "text_lv", "text_en",
         "amount", "milestone_title", "milestone_amount"}
COME_AGAIN = 2      # seconds


def kept_words() -> list[tuple[str, str]]:
    """What the sender typed, field by field, without secrets; so that nothing is lost."""
    if request.method != "POST":
        return []
    try:
        pairs = list(request.form.items(multi=True))
    except HTTPException:           # the form itself was what was refused (too large, broken)
        return []
    return [(name, value) for name, value in pairs if value.strip() and _typed(name)]


def once_more(code: str) -> tuple[str, list[tuple[str, str]]] | None:
    """Where the same fields can be sent under a new key: only when a used key is all that was wrong with them."""
    if code != "sent_already" or "password" in request.form:
        return None
    return request.path, [pair for pair in request.form.items(multi=True) if pair[0] not in ("key", "csrf_token")]


def _typed(name: str) -> bool:
    """Whether a field holds somebody's own words, not a mark of the program's or a secret."""
    return name in WORDS or name.startswith(("costs-", "reason-")) or name.endswith(("-label", "-amount"))


def way_back() -> str:
    """The page that the reader came from, when it is one of ours."""
    came = urlsplit(request.referrer or "")
    ours = came.netloc == request.host and came.path != request.path and not came.path.startswith("/b")
    return came.path if ours else "/"


def answer(code: str, status: int, **facts: Any) -> Any:
    """The error as JSON for scripts, as a page for people; of our own failures it asks the database nothing more."""
    if status >= 500:
        g.pop("here", None)     # what a page shows of an event is read when it is shown
    words, kept = sentence(code, **facts), kept_words()
    if kept and code != "sent_already":
        words += " " + gettext("Your words are kept.")
    if _for_script():
        return jsonify(error=code, sentence=words), status
    return render_template("error.html", code=code, sentence=words, status=status, kept=kept,
                           anew=once_more(code), home=way_back()), status


def _for_script() -> bool:
    return request.accept_mimetypes.best == "application/json"


def note(what: str) -> None:
    """One line in the log for a request that was refused; none where nobody is known, whose moments are nobody's."""
    if not nameless.here():
        current_app.logger.info("refused %s %s: %s", request.method, request.endpoint, what)


def _refused(error: Refused) -> Any:
    code = (request.view_args or {}).get("code")
    if error.code == "join_first" and code and request.method == "GET" and not _for_script():
        return redirect(url_for("gatherings.join_page", code=code, next=request.path))
    note(error.code)
    return answer(error.code, error.status, **error.facts)


def _csrf(_error: CSRFError) -> Any:
    note("csrf")
    return answer("csrf", 400)


def _http(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error
    code = {404: "not_found", 405: "method", 413: "too_large", 429: "throttled"}.get(error.code, "internal")
    note(str(error.code))
    return answer(code, error.code)


def _bad_input(error: Exception) -> Any:
    current_app.logger.warning("bad input at %s: %s", request.endpoint, type(error).__name__)
    return answer("no_key", 400)


def _internal(error: Exception) -> Any:
    line = "failed %s %s: %s", request.method, request.endpoint, type(error).__name__
    if nameless.here():         # where it failed, and nothing of what was sent: a driver's words may hold a choice
        current_app.logger.error("%s\n%s", line[0] % line[1:], "".join(traceback.format_tb(error.__traceback__)))
    else:
        current_app.logger.error(*line, exc_info=error)
    return answer("internal", 500)


def _welcome_again(response: Response) -> Response:
    """"Not now" says when: the same request, with its key, is done once however often it comes."""
    if response.status_code == 503:
        response.headers.setdefault("Retry-After", str(COME_AGAIN))
    return response


def init_app(app: Flask) -> None:
    """Bind a handler to every kind of error."""
    app.after_request(_welcome_again)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    for kind in (UnicodeEncodeError, OverflowError, RecursionError):
        app.register_error_handler(kind, _bad_input)
    app.register_error_handler(Exception, _internal)


