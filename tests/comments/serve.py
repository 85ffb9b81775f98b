"""The real program on a database, for tests that need a socket: `python -m tests.comments.serve DATABASE`."""

from gevent import monkey

monkey.patch_all()

import sys  # noqa: E402  gevent patches before anything else is imported

from ideathon import create_app  # noqa: E402  as above
from ideathon.serving import serve  # noqa: E402  as above


def tell(port: int) -> None:
    """The test reads the port."""
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()


def main() -> None:
    """Serve on a free port of loopback."""
    serve(create_app(database=sys.argv[1]), "127.0.0.1", 0, ready=tell)


if __name__ == "__main__":
    main()
