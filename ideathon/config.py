"""Settings from the environment, typed. An unsafe or missing one refuses to start and says why."""

from __future__ import annotations

import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

from .errors import Misconfigured

PACKAGE = Path(__file__).resolve().parent
POOL_WAIT = 30      # seconds for a connection: a vote of the last rush is better late than refused
LANGUAGES = {"lv": "Latviešu", "en": "English"}


def house(name: str) -> Path:
    """Where templates/, static/ or migrations/ lie: inside an installed wheel, or beside the package in a checkout."""
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name


def data_folder() -> Path:
    """The folder for the database and the key: IDEATHON_DATA, else instance/ in a checkout, else the user's own."""
    if chosen := os.environ.get("IDEATHON_DATA"):
        return Path(chosen).expanduser().resolve()
    if (PACKAGE.parent / "pyproject.toml").is_file():
        return PACKAGE.parent / "instance"
    return Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local/share")) / "ideathon"


def database_url(given: str | None = None) -> str:
    """The SQLAlchemy address from --database, DATABASE_URL or the default file. A bare path means SQLite."""
    url = given or os.environ.get("DATABASE_URL") or str(data_folder() / "ideathon.db")
    if url.startswith(("postgres://", "postgresql://")):
        return "postgresql+psycopg://" + url.split("://", 1)[1]
    if "://" in url:
        return url
    return f"sqlite:///{Path(url).expanduser().resolve()}"


def secret_key(folder: Path) -> str:
    """SECRET_KEY, or the key in the data folder, made once with file mode 0600.

    Raises:
        Misconfigured: the file cannot be written or is readable by others.
    """
    if given := os.environ.get("SECRET_KEY"):
        if len(given) < 32:
            raise Misconfigured("SECRET_KEY has fewer than 32 characters. Unset it and the program makes its own.")
        return given
    path = folder / "secret.key"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_once(path)
    except OSError as error:
        raise Misconfigured(f"The secret key could not be kept in {path} ({error.strerror}). "
                            "Make the folder writable, or set IDEATHON_DATA to one that is.") from error
    if path.stat().st_mode & 0o077:
        raise Misconfigured(f"{path} can be read by others. Run: chmod 600 {path}")
    return path.read_text().strip()


def _write_once(path: Path) -> None:
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    if path.exists():
        return
    descriptor = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(fresh, path)               # whole or not at all, and never over another process's key
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


def engine_options(url: str) -> dict[str, Any]:
    """Pool and time limits (security.md 5.1, performance.md "the serving set-up that won").

    No error tells the values of a statement: one may be a choice.
    """
    always = {"pool_timeout": POOL_WAIT, "hide_parameters": True}
    if url.startswith("sqlite"):
        return {**always, "pool_size": 8, "max_overflow": 32}
    limits = "-c statement_timeout=5s -c lock_timeout=4s -c idle_in_transaction_session_timeout=10s"
    return {**always, "pool_size": 6, "max_overflow": 0, "pool_pre_ping": True,
            "connect_args": {"options": limits, "connect_timeout": 5}}


def _flag(name: str) -> bool:
    return os.environ.get(name, "").lower() in {"1", "yes", "true", "on"}


def _number(name: str, otherwise: int) -> int:
    """A whole number above zero.

    Raises:
        Misconfigured: it is something else.
    """
    given = os.environ.get(name, "").strip()
    if not given:
        return otherwise
    if not (given.isascii() and given.isdecimal() and int(given) > 0):
        raise Misconfigured(f"{name} must be a whole number above zero, such as {otherwise}.")
    return int(given)


def settings(database: str | None = None) -> dict[str, Any]:
    """Everything that Flask and the rooms read from ``app.config``."""
    url = database_url(database)
    public = os.environ.get("PUBLIC_URL", "").rstrip("/")
    https = public.startswith("https://")
    return {
        "SECRET_KEY": secret_key(data_folder()),
        "SQLALCHEMY_DATABASE_URI": url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(url),
        "MIGRATIONS": str(house("migrations")),
        "SESSION_COOKIE_NAME": "__Host-sid" if https else "sid",
        "SESSION_COOKIE_SECURE": https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=12),
        "MAX_CONTENT_LENGTH": 64 * 1024,
        "MAX_FORM_MEMORY_SIZE": 32 * 1024,
        "MAX_FORM_PARTS": 120,
        "WTF_CSRF_TIME_LIMIT": None,        # a form left open through a long debate still counts
        "WTF_CSRF_SSL_STRICT": True,
        "TRUSTED_HOSTS_POLICY": os.environ.get("TRUSTED_HOSTS", "auto"),
        "TRUSTED_PROXY": _flag("TRUSTED_PROXY"),
        "PUBLIC_URL": public,
        "REDIS_URL": os.environ.get("REDIS_URL", ""),
        "SOCKET_MAX_BYTES": 16 * 1024,
        "SOCKETS_PER_ADDRESS": _number("SOCKETS_PER_ADDRESS", 600),    # a whole hall may stand behind one address
        "COMPRESS_ALGORITHM": "gzip",
        "COMPRESS_MIMETYPES": ["text/html", "application/json"],       # static files lie there compressed already
        "COMPRESS_LEVEL": 5,
        "COMPRESS_MIN_SIZE": 1024,
        "PULSE_SECONDS": 0.25,
        "BABEL_DEFAULT_LOCALE": "lv",
        "BABEL_TRANSLATION_DIRECTORIES": str(PACKAGE / "translations"),
        "TEMPLATES_AUTO_RELOAD": False,
        "PROPAGATE_EXCEPTIONS": False,
        "LOGIN_TRIES_PER_MINUTE": 5,
    }
