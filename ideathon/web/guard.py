"""The guard at every door: find, lock, ask, do; one commit per request, a raise rolls back.

A view is wrapped by ``requires(act, find)``. ``find(lock, **from_the_address)`` gives what the door is about, with the
seat of whoever knocks, read after the lock was taken; the permission table is asked; only then the view runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from typing import Any, Protocol

from flask import Response, current_app, g, make_response, redirect, request
from sqlalchemy.exc import DBAPIError, OperationalError, TimeoutError as PoolTimeout

from ideathon.clock import now
from ideathon.core.acts import READS, Act, Lock, lock_of
from ideathon.core.permissions import Reason, Seat, why_not
from ideathon.errors import Busy, Forbidden, Refused
from ideathon.extensions import db, writing

from . import idempotency

OPENS = frozenset({Act.SESSION_OPEN, Act.LINK_USE, Act.INVITATION_USE})
"""Acts that are checked anew each time: an old answer must not open what a renewed link or password has closed, and an
answer that shows a secret is kept nowhere (voting.electorate.use_link gives the sender of the same key the same)."""
FORBIDDEN = {Reason.NOT_YOUR_ROLE, Reason.JOIN_FIRST, Reason.NOT_YOURS, Reason.RECUSED}


class Found(Protocol):
    """What a finder gives: anything with the seat of the actor."""

    @property
    def seat(self) -> Seat:
        """The actor's seat, built after the lock."""


Find = Callable[..., Found]


class Anyone:
    """What a door without a gathering finds: a visitor's seat."""

    seat = Seat()


def anyone(_lock: Lock, **_address: str) -> Anyone:
    """The finder of doors that stand open to anybody."""
    return Anyone()


def ask(act: Act, seat: Seat) -> None:
    """Nothing, when the table allows the act.

    Raises:
        Forbidden: the role does not fit.  Refused: it does, but not now; the code is the table's Reason.
    """
    reason = why_not(act, seat)
    if reason is not None:
        raise (Forbidden if reason in FORBIDDEN else Refused)(reason)


def requires(act: Act, find: Find = anyone) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A door: only those whom the table allows the act get through, and what they do is committed once."""

    def wrap(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def door(**address: str) -> Any:
            return (_write if request.method == "POST" else _read)(act, find, view, address)

        door.rule = act  # type: ignore[attr-defined]  # read by app.py: a door without a rule refuses to boot
        return door

    return wrap


def requires_within(act: Act) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A door whose view finds, locks and asks the table (`ask`) by itself, in a `transaction` that it shares with those
    who come in the same moment."""

    def wrap(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def door(**address: str) -> Any:
            with _patience():
                return make_response(view(**address))

        door.rule = act  # type: ignore[attr-defined]  # as in `requires`
        return door

    return wrap


@contextmanager
def transaction() -> Iterator[None]:
    """One write that is committed at the end; a raise rolls it back.

    Raises:
        Busy: the database says "not now".
    """
    with _patience(), writing():
        try:
            yield
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise


def _enter(act: Act, find: Find, lock: Lock, address: Mapping[str, str]) -> Found:
    g.here = here = find(lock, **address)
    ask(act, here.seat)
    return here


def _read(act: Act, find: Find, view: Callable[..., Any], address: Mapping[str, str]) -> Response:
    with _patience():
        return make_response(view(_enter(act, find, Lock.NONE, address), **address))


def _write(act: Act, find: Find, view: Callable[..., Any], address: Mapping[str, str]) -> Response:
    if act in READS and act not in OPENS:       # a POST that keeps a secret out of the address
        return _read(act, find, view, address)
    key = request.form.get("key", "")
    row = idempotency.identity(request.path, key, idempotency.sender())
    said = idempotency.said(key, request.form.items(multi=True))
    with _patience(), writing():
        try:
            if act not in OPENS and (earlier := idempotency.claim(row, said, now())):
                return _again(earlier)
            response = make_response(view(_enter(act, find, lock_of(act), address), **address))
            if response.status_code >= 400:
                db.session.rollback()
                return response
            if act not in OPENS:
                idempotency.settle(row, response.headers.get("Location", ""), g.get("signed_in"))
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise
    _finish()                   # nothing is held any more: it may take a moment, and others go on meanwhile
    return response


def _finish() -> None:
    for work in g.pop("afterwards", ()):
        try:
            work()
        except Exception as error:              # what was asked is done and stored: nothing may make it look undone
            current_app.logger.error("work after a commit failed: %s", type(error).__name__)


def afterwards(work: Callable[[], object]) -> None:
    """Done once this request is committed, before it is answered; the act stands, whatever becomes of the work."""
    g.setdefault("afterwards", []).append(work)


def _again(earlier: idempotency.Earlier) -> Response:
    """The answer that the first of two equal requests got; whoever it signed in is signed in again."""
    if earlier.person_id is not None:
        current_app.extensions["sign_in_again"](earlier.person_id)
        db.session.commit()
    if earlier.answer:
        return make_response(redirect(earlier.answer, 303))
    if request.headers.get("Sec-Fetch-Mode") == "navigate":     # the browser has dropped the page that was the answer
        raise Refused("done_already")
    return Response(status=204)


class _patience:  # reads as a word at its uses
    """Turns the database's "not now" into Busy, so that nobody meets a stack trace."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: Any, error: BaseException | None, _trace: Any) -> None:
        if isinstance(error, PoolTimeout) or (isinstance(error, OperationalError | DBAPIError) and _will_pass(error)):
            current_app.logger.warning("busy: %s", type(error).__name__)
            raise Busy("busy") from error


PASSING = {"55P03", "57014", "25P03", "40001", "40P01", "57P01", "57P02", "57P03"}     # busy; shut down; not up yet
PASSING_KINDS = ("08", "53", "58")      # the connection; no room, on disk or in memory; the machine under it


def _will_pass(error: DBAPIError) -> bool:
    if hasattr(error.orig, "sqlstate"):         # PostgreSQL; without a code it was gone before it could say one
        code = error.orig.sqlstate
        gone = isinstance(error, OperationalError) or error.connection_invalidated
        return gone if code is None else code in PASSING or code[:2] in PASSING_KINDS
    return any(word in str(error.orig) for word in ("locked", "busy", "readonly", "disk is full", "disk I/O"))


def act_over_socket(act: Act, find: Callable[[Lock], Found], key: str, who: str,
                    verb: Callable[[Any], str], *, said: Mapping[str, str], door: str = "") -> tuple[str, bool]:
    """The socket form of the same guard: find, lock, ask, do, one commit. Gives (answer, was it there already).

    ``door`` is the address of the page's door to the same verb, ``said`` the fields of its form: with them and the same
    sender and key, an act that came by both ways is done once, and the answer is where the page would lead.

    Raises:
        Refused and its kin, as at a page's door.
    """
    row = idempotency.identity(door or str(act), key, who)
    with _patience(), writing():
        try:
            if earlier := idempotency.claim(row, idempotency.said(key, said.items()), now()):
                db.session.rollback()
                return earlier.answer, True
            here = find(lock_of(act))
            ask(act, here.seat)
            answer = verb(here)
            idempotency.settle(row, answer)
            db.session.commit()
            return answer, False
        except BaseException:
            db.session.rollback()
            raise
