"""`ideathon count`: a clerk counts the file of an election; it says who won, why, and how it was counted."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from ideathon.core.tally import files
from ideathon.core.tally.choosing import Completion, CountSettings, Unaffordable, Utility, Verdict
from ideathon.core.tally.counting import Count, count
from ideathon.core.tally.election import Election
from ideathon.core.tally.files.firm import by_each_rule, without_each
from ideathon.core.tally.files.stated import Recorded, left_out, recorded, stated
from ideathon.core.tally.files.tables import exact
from ideathon.core.tally.rules import ELECTION_RULES
from ideathon.core.tally.settings import Breaker, CountError, Number
from ideathon.core.tally.what_if import highest_cost, voters_needed

from .count_words import Change
from .counted import Counted, as_data, as_text

BAD = 2                 # the exit code for a file that cannot be counted
PATIENCE = 2.0          # seconds without a word; then a bar tells how far it is
QUICK = 20_000          # kept ballots, once for each project that lost: so much is recounted without being asked
PARTING = (Breaker.VOTES, Breaker.COST, Breaker.EARLIER, Breaker.LOT)


def _breakers(_context: click.Context, _option: click.Parameter, said: str | None) -> tuple[Breaker, ...] | None:
    """The declared order, from words between commas."""
    if said is None:
        return None
    names = [word.strip().lower().replace("-", "_") for word in said.split(",") if word.strip()]
    known = {str(name): name for name in PARTING}
    if unknown := [name for name in names if name not in known]:
        raise click.BadParameter(f"{unknown[0]!r} parts nothing here; known are {', '.join(known)}")
    if len(set(names)) < len(names):
        raise click.BadParameter("each way to part equal projects is named once")
    return tuple(known[name] for name in names)


def _amount(_context: click.Context, _option: click.Parameter, said: str | None) -> Number | None:
    try:
        return None if said is None else exact(said)
    except ValueError as wrong:
        raise click.BadParameter(str(wrong)) from wrong


def _limits(_context: click.Context, _option: click.Parameter, said: tuple[str, ...]) -> dict[str, Number]:
    found = {}
    for each in said:
        name, _, amount = each.rpartition("=")
        try:
            found[name.strip()] = exact(amount)
        except ValueError as wrong:
            raise click.BadParameter(f"{each!r} is not NAME=AMOUNT") from wrong
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
@click.option("--language", type=click.Choice(["en", "lv"]), default="en", help="Of the sentences.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line for each file.")
def command(paths: tuple[Path, ...], as_json: bool, language: str, why: bool | None, **options: Any) -> int:
    """Count elections from files (.pb as Pabulib has them, or the same tables as .csv or .json).

    Says who won, by which rule, and for every project what carried or stopped it. Nothing is changed or sent.
    Exit code 0 when every file was counted; 2 when one could not be, with the line and the reason.
    """
    failed = 0
    with _bar(len(paths)) as done:
        for path in paths:
            try:
                found = counted(path, {**options, "why": (False if as_json else None) if why is None else why})
                line = json.dumps(as_data(found), ensure_ascii=False) if as_json else as_text(found, language)
            except (files.BadFile, CountError, OSError) as wrong:
                failed = BAD
                click.echo(_refusal(path, wrong), err=True)
            else:
                click.echo(line)
            done()
    return failed


def _refusal(path: Path, wrong: Exception) -> str:
    if isinstance(wrong, OSError):
        return f"{path}: {wrong.strerror or wrong}. Give the name of a file that is there and may be read."
    if isinstance(wrong, files.BadFile):
        where = f", line {wrong.line}" if wrong.line else ""
        return f"{path}{where}: {wrong.reason}."
    return f"{path}: {wrong}."


def counted(path: Path, options: dict[str, Any]) -> Counted:
    """Read and count one file. Raises `BadFile`, `CountError`, `OSError`."""
    tables = files.read(path)
    read = files.election_of(tables)
    said = stated(tables)
    given = read.election
    if options.get("budget") is not None:
        given = Election(given.projects, given.ballots, options["budget"])
    rule = ELECTION_RULES[options.get("rule") or said.rule]
    settings = _settings(said.settings, options)
    found = count(given, rule, settings)
    notes = [*read.notes, *(said.notes if rule.name == said.rule else ())]
    wanted = recorded(tables)
    if wanted and wanted.winners and rule.name == said.rule and not same(found, wanted):
        notes += _differs(found, wanted, left_out(given, rule, settings, wanted.winners))
    recounts = (*without_each(tables, rule, found), *by_each_rule(given, ELECTION_RULES, found)) if options.get(
        "firm") else ()
    changes = _changes(given, found, options.get("why", False))
    return Counted(str(path), given, found, tuple(notes), wanted, changes, recounts)


def _changes(given: Election, found: Count, wanted: bool | None) -> dict[str, Change]:
    """What would have carried each project that lost; for None only where that is no long work."""
    lost = [each.id for each in found.standings if each.verdict not in (Verdict.WON, Verdict.TIED)]
    small = len(lost) * len(given.ballots.choices) <= QUICK
    if wanted is False or (wanted is None and not small):
        return {}
    rule = ELECTION_RULES[found.rule]
    return {name: Change(voters_needed(given, rule, found.settings, name, recounts=0).number,
                         highest_cost(given, rule, found.settings, name, recounts=0).number) for name in lost}


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


def _differs(found: Count, wanted: Recorded, guesses: tuple[str, ...]) -> list[str]:
    """The city recorded other winners: say so, and what the file does not state that would explain it."""
    possible = {frozenset(each) for each in found.possible}
    if not found.decided and wanted.winners in possible:
        return ["The recorded winners are one of the possible results: how the tie was parted, the file does not say."]
    first = "The city recorded other winners than the stated rule gives"
    if guesses:
        return [f"{first}. What the file does not state and would explain it: {'; or '.join(guesses)}."]
    return [f"{first}, and no threshold or envelope alone explains it: the file leaves something out."]


@contextmanager
def _bar(total: int) -> Iterator[Any]:
    """A bar on the error channel once it has taken long; gives what is called after each file."""
    from rich.console import Console  # noqa: PLC0415  # a short count should not wait for it
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    bar = Progress(TextColumn("Counting"), BarColumn(), MofNCompleteColumn(), TextColumn("files"), TimeElapsedColumn(),
                   console=Console(stderr=True), transient=True)
    task = bar.add_task("count", total=total)
    later = threading.Timer(PATIENCE, bar.start)
    later.daemon = True
    later.start()
    try:
        yield lambda: bar.advance(task)
    finally:
        later.cancel()
        if bar.live.is_started:
            bar.stop()
