"""An outcome as JSON and back; what is not one is refused."""

import copy
import json
from dataclasses import replace

import pytest

from ideathon.core.tally import Blend, CountError, from_data, recount, to_data


@pytest.fixture
def data(engure):
    return to_data(engure.outcome())


def test_nothing_is_lost_on_the_way_through_text(engure):
    for settings in (engure.settings, replace(engure.settings, ties=(), min_jurors=5)):
        outcome = replace(engure, settings=settings).outcome()
        assert from_data(json.loads(json.dumps(to_data(outcome)))) == outcome


NEW = {"settings": ("blend", "threshold_votes", "quorum", "missing"),
       "standing": ("jurors_missing", "jury_rank", "cost", "order")}


def first_form(data):
    """The data as the first form had them."""
    old = copy.deepcopy(data) | {"form": "ideathon-outcome-1"}
    del old["ballots"], old["audience"]
    for name in NEW["settings"]:
        del old["settings"][name]
    for standing in old["standings"]:
        for name in NEW["standing"]:
            del standing[name]
    return old


def test_what_was_sealed_in_the_first_form_is_still_read(engure):
    left_out = replace(engure, scores=engure.scores[3:])
    for day in (engure, left_out):
        outcome = day.outcome()
        assert from_data(first_form(to_data(outcome))) == outcome
        assert recount(from_data(first_form(to_data(outcome)))) == outcome


def test_no_form_is_read_by_halves(data):
    with pytest.raises(CountError):
        from_data(data | {"form": "ideathon-outcome-1", "settings": {}})
    with pytest.raises(CountError):
        from_data(first_form(data) | {"form": "ideathon-outcome-2"})


def test_the_audience_prize_is_in_the_data_and_cannot_be_given_to_another(engure):
    separate = replace(engure.settings, blend=Blend.SEPARATE)
    data = to_data(replace(engure, settings=separate).outcome())
    assert (data["winner"], data["audience"]) == ("I03", ["I01"])
    with pytest.raises(CountError):
        from_data(data | {"audience": ["I03"]})


def test_no_single_jurors_points_are_in_the_data(data):
    """A juror is named only where one stood back or left a sheet incomplete, and there without a number."""
    assert {key for standing in data["standings"] for key in standing} == {
        "idea", "place", "jurors_counted", "jurors_missing", "criterion_means", "jury", "jury_rank", "votes",
        "residents", "combined", "bar", "eliminated_by", "cost", "order"}
    assert {tuple(sorted(step)) for step in data["steps"]} == {("by", "ideas", "kind")}
    assert data["standings"][0]["jurors_counted"] > 1


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
        (("form",), "ideathon-outcome-3"),
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
        (("settings", "blend"), "mixed"),
        (("settings", "missing"), None),
        (("settings", "quorum"), -1),
        (("settings", "quorum"), True),
        (("ballots",), "114"),
        (("ballots",), -1),
        (("audience",), ["I01"]),
        (("standings", 0, "cost"), 1.5),
        (("standings", 0, "jury_rank"), 50),
        (("standings", 0, "jurors_missing"), None),
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
