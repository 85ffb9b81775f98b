"""The commands at the terminal, each imported when it is asked for. Errors say what happened and what to do next."""

from __future__ import annotations

import gc
import importlib
import os
import traceback

import click

from ideathon import __version__
from ideathon.errors import Misconfigured

REFUSED = 3         # the exit code of a start that was refused with a reason


class Later(click.Group):
    """A group whose commands are imported when they are asked for: `--help` needs no database library."""

    def __init__(self, commands: dict[str, tuple[str, str]], **options: object) -> None:
        super().__init__(**options)  # type: ignore[arg-type]  # click's own options, passed on
        self.later = commands

    def list_commands(self, _context: click.Context) -> list[str]:
        """In the order in which a newcomer needs them."""
        return list(self.later)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """The command, imported now."""
        if name not in self.later:
            return None
        module = importlib.import_module(self.later[name][0])
        found: click.Command = module.command
        if not isinstance(found, Later) and name != "run":
            gc.enable()     # `demo` begins without it
        return found

    def format_commands(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        """The list with one line each."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in self.later.items()])


commands = Later(
    {"run": ("ideathon.cli.run", "Serve the program; an empty database gets the Engure demo."),
     "demo": ("ideathon.cli.demo", "The Engure demo day: load it, or play it against a running server."),
     "count": ("ideathon.cli.count", "Count elections from files: who won, why, and by which rule."),
     "rules": ("ideathon.cli.rules", "The counting rules, each with its source."),
     "verify": ("ideathon.cli.verify", "Check a vote from its public board, without trusting anybody."),
     "link": ("ideathon.cli.link", "Make a fresh personal link for the host, a manager or the administrator."),
     "material": ("ideathon.cli.material", "Write the single sheets behind a sealed result, for an auditor."),
     "doctor": ("ideathon.cli.doctor", "Check that everything is in order here, and say it in plain words.")},
    help="Ideathon: a village holds an ideathon and decides together.\n\n"
         "Begin with `ideathon run`: it prints the address for phones and the links for everybody else.",
    context_settings={"help_option_names": ["-h", "--help"]})
click.version_option(__version__, prog_name="ideathon")(commands)


def main(words: list[str] | None = None) -> int:
    """Carry out the command line (or these words); gives the exit code. New files are their owner's alone."""
    os.umask(0o077)
    try:
        return int(commands.main(words, prog_name="ideathon", standalone_mode=False) or 0)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.ClickException as wrong:
        wrong.show()
        return wrong.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        return 130
    except Misconfigured as refused:
        click.echo(f"ideathon: {refused}", err=True)
        return REFUSED
    except Exception as error:              # the last net: a person at a terminal gets a sentence
        if os.environ.get("IDEATHON_DEBUG"):
            traceback.print_exc()
        click.echo(f"ideathon: The program did not foresee this ({type(error).__name__}: {error}). "
                   "Run `ideathon doctor`; with IDEATHON_DEBUG=1 the same command shows where it happened.", err=True)
        return 1
