"""`ideathon count`: a clerk counts the file of an election; it says who won, why, and how it was counted."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable
from dataclasses import replace
from functools import partial, reduce
from pathlib import Path
from typing import Any

import click

from ideathon.core.tally import files
from ideathon.core.tally.choosing import Completion, CountSettings, Unaffordable, Utility
from ideathon.core.tally.counting import Count, count
from ideathon.core.tally.election import Election
from ideathon.core.tally.files.firm import BATCHES, MOST_BATCHES, by_each_rule, without_each
from ideathon.core.tally.files.stated import Recorded, left_out, recorded, stated
from ideathon.core.tally.files.tables import Tables, exact
from ideathon.core.tally.remarks import Remark, gettext, ngettext
from ideathon.core.tally.rules import ELECTION_RULES
from ideathon.core.tally.settings import Breaker, CountError, Number

from .count_asked import check_limits, fewer, unheard
from .count_bar import Bar
from .count_changes import changes
from .count_say import Speech, harmless_json, printable
from .counted import Counted, as_data, as_text

BAD = 2                 # the exit code for a file that cannot be counted
PATIENCE = 2.0          # seconds without a word; then a bar tells how far it is
READ, MADE, COUNTED = 0.4, 0.5, 0.6     # how far the work on a file is when this is done
PARTING = (Breaker.VOTES, Breaker.COST, Breaker.EARLIER, Breaker.LOT)


def _speech(context: click.Context) -> Speech:
    """The language is read before all other options."""
    return Speech(context.params.get("language") or "en")


def _breakers(context: click.Context, _option: click.Parameter, said: str | None) -> tuple[Breaker, ...] | None:
    """The declared order, from words between commas."""
    if said is None:
        return None
    names = [word.strip().lower().replace("-", "_") for word in said.split(",") if word.strip()]
    known = {str(name): name for name in PARTING}
    if unknown := [name for name in names if name not in known]:
        raise click.BadParameter(_speech(context).say.gettext(
            "'%(word)s' parts nothing here; known are %(known)s") % {"word": unknown[0], "known": ", ".join(known)})
    if len(set(names)) < len(names):
        raise click.BadParameter(_speech(context).say.gettext("each way to part equal projects is named once"))
    return tuple(known[name] for name in names)


def _amount(context: click.Context, _option: click.Parameter, said: str | None) -> Number | None:
    try:
        return None if said is None else exact(said)
    except ValueError as wrong:
        raise click.BadParameter(_speech(context).told(wrong.args[0])) from wrong


def _limits(context: click.Context, _option: click.Parameter, said: tuple[str, ...]) -> dict[str, Number]:
    found = {}
    for each in said:
        name, _, amount = each.rpartition("=")
        try:
            found[name.strip()] = exact(amount)
        except ValueError as wrong:
            raise click.BadParameter(_speech(context).say.gettext("'%(said)s' is not NAME=AMOUNT (%(wrong)s)") % {
                "said": each, "wrong": _speech(context).told(wrong.args[0])}) from wrong
    return found


@click.command()
@click.argument("paths", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--rule", type=click.Choice(list(ELECTION_RULES)), help="Default: what the file states.")
@click.option("--utility", type=click.Choice([str(each) for each in Utility]), help="For equal shares.")
@click.option("--completion", type=click.Choice([str(each) for each in Completion]),
              help="For equal shares: what becomes of money left over.")
@click.option("--on-unaffordable", type=click.Choice([str(each) for each in Unaffordable]),
              help="At a project that no longer fits: go on with the next, or end.")
@click.option("--ties", metavar="ORDER", callback=_breakers,
              help="What parts equal projects, in this order: any of votes,cost,earlier,lot. Default: nothing does.")
@click.option("--seed", default="", help="The number published before the vote, from which a lot is drawn.")
@click.option("--threshold", metavar="NUMBER", callback=_amount, help="Least votes or points of a winner.")
@click.option("--min-projects", type=click.IntRange(0), help="Keep enough money for at least so many.")
@click.option("--category-limit", "categories", metavar="NAME=AMOUNT", multiple=True, callback=_limits,
              help="What the projects of a category may cost together; may be repeated.")
@click.option("--district-limit", "districts", metavar="NAME=AMOUNT", multiple=True, callback=_limits,
              help="The same for a district.")
@click.option("--budget", metavar="AMOUNT", callback=_amount, help="Another envelope than the file's.")
@click.option("--why/--no-why", default=None,
              help="Recount for what would have carried each project that lost. Default: in small elections.")
@click.option("--firm", is_flag=True, help="Recount without each way of voting and place, and by each other rule.")
@click.option("--language", type=click.Choice(["en", "lv"]), default="en", is_eager=True, help="Of the sentences.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line for each file.")
def command(paths: tuple[Path, ...], as_json: bool, language: str, why: bool | None, **options: Any) -> int:
    """Count elections from files (.pb as Pabulib has them, or the same tables as .csv or .json).

    Says who won, by which rule, and for every project what carried or stopped it. Nothing is changed or sent.
    Exit code 0 when every file was counted; 2 when one could not be, with the line and the reason.
    """
    speech, failed = Speech(language), 0
    with Bar(speech.say.gettext("Counting"), len(paths), PATIENCE) as bar:
        for number, path in enumerate(paths):
            asked = {**options, "why": (False if as_json else None) if why is None else why,
                     "told": partial(bar.told, number)}
            try:
                found = counted(path, asked)
                line = _json(found, speech) if as_json else as_text(found, language)
            except Exception as wrong:      # one file, whatever is wrong with it, holds up no other
                failed = BAD
                with bar.aside():
                    _say(printable(_refusal(path, wrong, speech)), err=True)
            else:
                with bar.aside():
                    _say(line)
            bar.told(number + 1, 0.0)
    return failed


def _say(text: str, *, err: bool = False) -> None:
    """To the terminal; a mark that its alphabet lacks is spelt."""
    name = (sys.stderr if err else sys.stdout).encoding or "utf-8"
    click.echo(text.encode(name, "backslashreplace").decode(name), err=err)


def _json(found: Counted, speech: Speech) -> str:
    data = as_data(found)
    data["notes"] = [speech.told(note) for note in found.notes]
    return harmless_json(json.dumps(data, ensure_ascii=False))


def _refusal(path: Path, wrong: Exception, speech: Speech) -> str:
    """One sentence, or two: what is wrong, and what to do where that is not plain."""
    say, named = speech.say, {"file": str(path)}
    if isinstance(wrong, files.BadFile):
        named |= {"line": str(wrong.line), "reason": speech.told(wrong.reason)}
        return (say.gettext("%(file)s, line %(line)s: %(reason)s.") if wrong.line else
                say.gettext("%(file)s: %(reason)s.")) % named
    if isinstance(wrong, CountError):
        return say.gettext("%(file)s: %(reason)s.") % {**named, "reason": speech.told(wrong.args[0])}
    if isinstance(wrong, OSError):
        why = wrong.strerror or type(wrong).__name__
        named["reason"] = speech.told(_MISSING.get(type(wrong)) or gettext("It cannot be read (%(why)s)", why=why))
        return say.gettext("%(file)s: %(reason)s. Give the name of a file that is there and may be read.") % named
    if os.environ.get("IDEATHON_DEBUG"):
        traceback.print_exception(wrong)
    return say.gettext("%(file)s: The program did not foresee what stands in this file (%(kind)s), and it is not "
                       "counted. With IDEATHON_DEBUG=1 the same command shows where it happened.") % {
                           **named, "kind": type(wrong).__name__}


_MISSING: dict[type[Exception], Remark] = {
    FileNotFoundError: gettext("No such file"), PermissionError: gettext("It may not be read"),
    IsADirectoryError: gettext("It is a folder")}


def counted(path: Path, options: dict[str, Any]) -> Counted:
    """Read and count one file. `told` in the options hears how far it is, 0 to 1.

    Raises `BadFile`, `CountError`, `OSError`.
    """
    told: Callable[[float], None] = options.get("told") or (lambda _part: None)
    tables = files.read(path, (lambda part: told(READ * part)) if options.get("told") else None)
    read = files.election_of(tables)
    told(MADE)
    said = stated(tables)
    given = read.election
    if options.get("budget") is not None:
        given = Election(given.projects, given.ballots, options["budget"])
    rule = ELECTION_RULES[options.get("rule") or said.rule]
    settings = _settings(said.settings, options)
    check_limits(given, options)
    found = count(given, rule, settings)
    told(COUNTED)
    notes: list[str] = [*read.notes, *(said.limits if rule.shares_money else ()),
                        *(said.notes if rule.name == said.rule else ()),
                        *unheard(rule.name, options), *fewer(found)]
    wanted = recorded(tables)
    notes += wanted.notes if wanted else ()
    if wanted and wanted.winners and rule.name == said.rule and not same(found, wanted):
        notes += _differs(found, wanted, left_out(given, rule, settings, wanted.winners))
    sought, more = changes(given, found, options.get("why", False),
                           lambda part: told(COUNTED + (1 - COUNTED) * part))
    recounts = ()
    if options.get("firm"):
        notes += _left_alone(tables)
        recounts = (*without_each(tables, given, rule, found), *by_each_rule(given, ELECTION_RULES, found))
    return Counted(str(path), given, found, (*notes, *more), wanted, sought, recounts)


def _left_alone(tables: Tables) -> list[Remark]:
    """The columns of which not every value is left out once."""
    made = []
    for name in BATCHES:
        place = tables.votes.column(name)
        values = len({row[place].strip() for row in tables.votes.rows}) if place is not None else 0
        if values > MOST_BATCHES:
            made.append(ngettext(
                "The column %(column)s has %(num)s value: too many to count once without each.",
                "The column %(column)s has %(num)s values: too many to count once without each.", values, column=name))
    return made


def same(found: Count, wanted: Recorded) -> bool:
    """Whether the winners are those that were recorded; one that was funded otherwise may be among them."""
    return found.decided and wanted.winners <= set(found.winners) <= wanted.winners | wanted.otherwise


def _settings(base: CountSettings, options: dict[str, Any]) -> CountSettings:
    """What the file states, changed by what was asked for."""
    kinds = {"utility": Utility, "completion": Completion, "on_unaffordable": Unaffordable}
    changed = {name: kind(options[name]) for name, kind in kinds.items() if options.get(name)}
    plain = {name: options[name] for name in ("ties", "threshold", "min_projects", "seed")
             if options.get(name) not in (None, "")}
    limits = {"category_budgets": options.get("categories"), "district_budgets": options.get("districts")}
    return replace(base, **changed, **plain, **{name: limit for name, limit in limits.items() if limit})


def _differs(found: Count, wanted: Recorded, guesses: tuple[str, ...]) -> list[Remark]:
    """The city recorded other winners: say so, and what would explain it."""
    possible = {frozenset(each) for each in found.possible}
    if not found.decided and wanted.winners in possible:
        return [gettext("The recorded winners are one of the possible results: how the tie was parted, the file does "
                        "not say.")]
    if guesses:
        every = reduce(lambda first, more: gettext("%(first)s; or %(more)s", first=first, more=more), guesses)
        return [gettext("The city recorded other winners than the stated rule gives. What would explain it, though the "
                        "file does not say so: %(guesses)s.", guesses=every)]
    return [gettext("The city recorded other winners than the stated rule gives, and no threshold or envelope alone "
                    "explains it: the file leaves something out.")]
