"""Security headers on every response (security.md 5.1); the nonce of the page."""

from __future__ import annotations

import secrets

from flask import Flask, Response, g, request

from . import nameless


def nonce() -> str:
    """The one nonce of this response."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def _policy() -> str:
    socket = f"{'wss' if request.is_secure else 'ws'}://{request.host}"
    return (f"default-src 'none'; script-src 'self' 'nonce-{nonce()}'; style-src 'self'; img-src 'self' data: blob:; "
            f"font-src 'self'; connect-src 'self' {socket}; form-action 'self'; frame-src 'self'; "
            "frame-ancestors 'self'; manifest-src 'self'; base-uri 'none'; object-src 'none'")


def protect(response: Response) -> Response:
    """Every answer carries the headers; only hashed static files may be kept by a browser."""
    put = response.headers.setdefault
    put("Content-Security-Policy", _policy())
    put("X-Content-Type-Options", "nosniff")
    # a receipt's address would go along to doors that know who is there; without an origin no form would be our own
    put("Referrer-Policy", "strict-origin" if nameless.here() else "same-origin")
    put("Cross-Origin-Opener-Policy", "same-origin")
    put("Cross-Origin-Resource-Policy", "same-origin")
    put("Permissions-Policy", "camera=(self), microphone=(), geolocation=()")
    put("Cache-Control", "no-store")
    if request.is_secure and not request.host.replace(".", "").replace(":", "").isdigit():
        put("Strict-Transport-Security", "max-age=31536000")
    return response


def init_app(app: Flask) -> None:
    """Bind the hook."""
    app.after_request(protect)
