"""The line at a door: each gets its own answer, those of one moment together, and what breaks off blocks nobody."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Sequence

import pytest
from hypothesis import given, settings, strategies as st

from ideathon.errors import Busy, Refused
from ideathon.web.together import MOST, Line
from tests.services import ROOT


def all_at_once(line: Line[int, int], asked: Sequence[int]) -> list[int | BaseException]:
    """Each comes in a thread of its own; what each was answered, or what was raised there."""
    answers: list[int | BaseException] = [RuntimeError("no answer")] * len(asked)

    def come(place: int) -> None:
        try:
            answers[place] = line.join(asked[place])
        except BaseException as error:
            answers[place] = error

    threads = [threading.Thread(target=come, args=(place,)) for place in range(len(asked))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert not any(thread.is_alive() for thread in threads), "somebody waits for ever"
    return answers


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=3 * MOST // 2))
@settings(max_examples=25, deadline=None)
def test_each_gets_its_own_answer_once(asked: list[int]) -> None:
    served: list[int] = []

    def serve(batch: Sequence[int]) -> list[int | Exception]:
        assert 0 < len(batch) <= MOST
        served.extend(batch)
        return [Refused(str(one)) if one < 0 else one * 10 for one in batch]

    answers = all_at_once(Line(serve), asked)
    assert sorted(served) == sorted(asked)
    for one, answer in zip(asked, answers, strict=True):
        assert answer == one * 10 if one >= 0 else isinstance(answer, Refused) and answer.code == str(one)


def test_who_comes_while_others_are_served_goes_next_together() -> None:
    began, go_on, batches = threading.Event(), threading.Event(), []

    def serve(batch: Sequence[int]) -> list[int | Exception]:
        batches.append(sorted(batch))
        began.set()
        go_on.wait(20)
        return list(batch)

    line: Line[int, int] = Line(serve)
    first = threading.Thread(target=line.join, args=(0,))
    first.start()
    assert began.wait(20)
    rest = threading.Thread(target=all_at_once, args=(line, [1, 2, 3, 4]))
    rest.start()
    while len(line._waiting) < 4:
        assert rest.is_alive()
    go_on.set()
    first.join(20)
    rest.join(20)
    assert batches == [[0], [1, 2, 3, 4]]


def test_what_breaks_off_is_said_and_the_line_goes_on() -> None:
    def serve(batch: Sequence[int]) -> list[int | Exception]:
        if 13 in batch:
            raise ZeroDivisionError
        return list(batch)

    line: Line[int, int] = Line(serve)
    answers = all_at_once(line, [*range(8), 13])
    kinds = {type(answer) for answer in answers}
    assert ZeroDivisionError in kinds
    assert kinds <= {int, ZeroDivisionError, Busy}
    assert line.join(7) == 7
    with pytest.raises(ZeroDivisionError):
        line.join(13)


ENDED = """
from gevent import monkey
monkey.patch_all()
import sys, gevent
from ideathon.errors import Busy
from ideathon.web.together import Line

served = []

def serve(batch):
    served.extend(batch)
    gevent.sleep(0.2)
    return batch

def come(number):
    try:
        return line.join(number)
    except Busy:
        return "busy"

line = Line(serve)
all_of_them = [gevent.spawn(come, number) for number in range(2)]
gevent.sleep(0 if sys.argv[1] == "the first, before it serves" else 0.1)
all_of_them += [gevent.spawn(come, number) for number in range(2, 5)]
gevent.sleep(0)
who = {"the first, before it serves": 0, "the first, as it serves": 0, "one that is being served": 1, "the next": 2,
       "one behind": 3, "the next, as its turn has come": 2}[sys.argv[1]]
if "turn" in sys.argv[1]:
    all_of_them[0].join()
all_of_them[who].kill()
with gevent.Timeout(5):
    gevent.joinall(all_of_them)
    assert line.join(7) == 7, "the line stands still"
answers = [one.value for number, one in enumerate(all_of_them) if number != who]
assert len(served) == len(set(served))
print(answers)
"""


@pytest.mark.parametrize(("who", "answers"), [
    ("the first, before it serves", "[1, 2, 3, 4]"), ("the first, as it serves", "['busy', 2, 3, 4]"),
    ("one that is being served", "[0, 2, 3, 4]"), ("the next", "[0, 1, 3, 4]"), ("one behind", "[0, 1, 2, 4]"),
    ("the next, as its turn has come", "[0, 1, 3, 4]")])
def test_one_that_is_ended_from_outside_leaves_the_line_to_the_others(who: str, answers: str) -> None:
    done = subprocess.run([sys.executable, "-c", ENDED, who], cwd=ROOT, capture_output=True, text=True, timeout=60,
                          check=False)
    assert (done.stdout.strip(), done.returncode) == (answers, 0), done.stderr
