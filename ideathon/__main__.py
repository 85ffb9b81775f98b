"""The process entry: gevent patches the standard library before anything else is imported; then the commands begin."""

from gevent import monkey

monkey.patch_all()

import sys  # noqa: E402  # patched first, so that nothing keeps an unpatched lock or socket

from ideathon.cli import main  # noqa: E402  # as above

if __name__ == "__main__":
    sys.exit(main())
