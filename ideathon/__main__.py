"""The process entry: gevent patches the standard library before anything else is imported; then the commands begin."""

import gc
import sys

if sys.argv[1:2] in (["run"], ["demo"]):    # what is imported stays: to look for garbage in it is an eighth of a start,
    gc.disable()                            # and after a crash a hall waits for it. The demo's command turns it on
                                            # again, and serving.serve
if sys.argv[1:2] not in (["count"], ["rules"]):     # they serve nobody, and start in half the time without it
    from gevent import monkey

    monkey.patch_all()

from ideathon.cli import main  # after the patch, so that nothing keeps an unpatched lock or socket

if __name__ == "__main__":
    sys.exit(main())
