"""An outcome as JSON and back; what is not one is refused."""

import copy
import json
from dataclasses import replace

import pytest

from ideathon.core.tally import CountError, from_data, to_data


@pytest.fixture
def data(engure):
    return to_data(engure.outcome())


def test_nothing_is_lost_on_the_way_through_text(engure):
    for settings in (engure.settings, replace(engure.settings, ties=(), min_jurors=5)):
        outcome = replace(engure, settings=settings).outcome()
        assert from_data(json.loads(json.dumps(to_data(outcome)))) == outcome


def test_only_plain_json(data):
    def plain(value):
        if isinstance(value, dict):
            return all(type(key) is str and plain(item) for key, item in value.items())
        if isinstance(value, list):
            return all(plain(item) for item in value)
        return type(value) in (str, int, bool, type(None))

    assert plain(data)


def test_readers_find_the_winner(data):
    assert (data["winner"], data["reserve"]) == ("I01", "I03")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("form",), "ideathon-outcome-2"),
        (("winner",), "I03"),
        (("reserve",), None),
        (("standings",), None),
        (("standings", 0, "combined", "shown"), "90.77"),
        (("standings", 0, "combined", "exact"), "90.76"),
        (("standings", 0, "combined", "exact"), "1/0"),
        (("standings", 0, "combined"), {}),
        (("standings", 0, "jury", "exact"), 84),
        (("standings", 0, "votes"), "38"),
        (("standings", 0, "votes"), -1),
        (("standings", 0, "place"), True),
        (("standings", 0, "bar"), "ugly"),
        (("standings", 0), []),
        (("steps", 0, "kind"), "magic"),
        (("settings", "ties"), ["coin"]),
        (("settings", "min_jurors"), 1.5),
        (("settings", "criteria", 0, "step", "exact"), "0/1"),
    ],
)
def test_changed_data_are_refused(data, path, value):
    changed = copy.deepcopy(data)
    place = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    with pytest.raises(CountError):
        from_data(changed)


@pytest.mark.parametrize("junk", [{}, {"form": "ideathon-outcome-1"}])
def test_junk_is_refused(junk):
    with pytest.raises(CountError):
        from_data(junk)
