"""`ideathon demo load` and `ideathon demo play`."""

from __future__ import annotations

from . import Later

command = Later(
    {"load": ("ideathon.cli.demo_load", "Load the demo day into the database and print every link, code and slip."),
     "play": ("ideathon.cli.demo_play", "Play the whole day against a running server, as people do.")},
    help="The Engure demo day: load it, or play it against a running server.",
    context_settings={"help_option_names": ["-h", "--help"]})
