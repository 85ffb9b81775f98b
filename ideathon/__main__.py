"""The process entry: gevent patches the standard library before anything else is imported; then the commands begin."""

import sys

if sys.argv[1:2] not in (["count"], ["rules"]):     # they serve nobody, and start in half the time without it
    from gevent import monkey

    monkey.patch_all()

from ideathon.cli import main  # after the patch, so that nothing keeps an unpatched lock or socket

if __name__ == "__main__":
    sys.exit(main())
