"""Playing the demo day against a running server, stage by stage, in the day's own time made shorter."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import requests
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ideathon.core.stages import Kind

from .actors import Actors
from .browser import PlayFailed
from .data import engure
from .links import Links
from .script import Doing, doings
from .verdict import differences

LANES = 8           # people who act at the same moment when there is no time between acts


def play(base: str, links: Links, speed: float) -> list[str]:
    """The whole day is played; gives what differs from the expected result, nothing when it is right to the last digit.

    ``speed`` 60 makes an hour a minute; 0 leaves no time between acts.

    Raises:
        PlayFailed: somebody was refused, or the server does not answer.
    """
    actors = Actors(base, links)
    try:
        with _bar() as bar:
            return _play(actors, speed, bar)
    except requests.RequestException as error:
        raise PlayFailed(f"{base} does not answer ({type(error).__name__}). Start it with `ideathon run`, or name "
                         "another address with --url.") from error
    finally:
        for browser in actors.everybody():
            browser.close()


def _bar() -> Progress:
    return Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())


def _play(actors: Actors, speed: float, bar: Progress) -> list[str]:
    phases = engure()["event"]["phases"]
    scenes = [(phase, doings(actors, Kind(phase["kind"]))) for phase in phases]
    task = bar.add_task("The host opens the desk", total=len(phases) + 1 + sum(len(scene) for _, scene in scenes))
    actors.follow_link(actors.host, actors.links.staff["host"])
    actors.check_beginning()
    actors.learn_the_map()
    actors.find_slips()
    for phase, scene in scenes:
        bar.update(task, description=f"{phase['starts_at']} {phase['title']['en']}")
        actors.next_stage()
        bar.advance(task)
        act(scene, float(phase["minutes"]) * 60 / speed if speed else 0, lambda: bar.advance(task))
    actors.next_stage()
    bar.advance(task)
    return differences(actors)


def act(scene: list[Doing], seconds: float, done: Callable[[], None]) -> None:
    """All of a stage happens within its time; with no time, as fast as people side by side can."""
    if not seconds:
        _at_once(scene, done)
        return
    begun = time.monotonic()
    for number, doing in enumerate(scene, 1):
        doing.do()
        done()
        time.sleep(max(0.0, begun + seconds * number / len(scene) - time.monotonic()))
    time.sleep(max(0.0, begun + seconds - time.monotonic()))


def _at_once(scene: list[Doing], done: Callable[[], None]) -> None:
    with ThreadPoolExecutor(LANES) as people:
        for result in [people.submit(_follow, lane, done) for lane in _lanes(scene)]:
            result.result()


def _lanes(scene: list[Doing]) -> Iterator[list[Doing]]:
    for lane in dict.fromkeys(doing.lane for doing in scene):
        yield [doing for doing in scene if doing.lane == lane]


def _follow(lane: list[Doing], done: Callable[[], None]) -> None:
    for doing in lane:
        doing.do()
        done()
