"""An organiser sets the rule of the result; it stands from the first score on, and everybody can read it."""

from __future__ import annotations

from typing import Any

import pytest

from ideathon import ledger
from ideathon.core.acts import Act
from ideathon.results import pictures, queries, service
from tests.houses import House

GIVEN = {"blend": "rank", "jury_weight": "70", "threshold": "50", "min_jurors": "2", "threshold_votes": "3",
         "quorum": "10", "missing": "bar", "recusal_scope": "challenge", "tie_1": "votes", "tie_2": "cost",
         "tie_3": "lot", "lot_seed": "4 2 6 6 1"}


def seen(house: House) -> str:
    with house.inside():
        return service.mark(queries.formula(house.gathering().id))


def rule(house: House) -> dict[str, Any]:
    with house.inside():
        row = queries.formula(house.gathering().id)
        return {column.name: getattr(row, column.name) for column in row.__table__.columns}


def test_a_host_sets_every_part_and_the_record_says_so(house: House) -> None:
    house.day("ideas")
    host = house.host()
    assert host.post(f"/e/{house.code}/rule/edit", seen=seen(house), **GIVEN).status_code == 303, host.text()
    found = rule(house)
    wanted = {"blend": "rank", "jury_weight": 70, "resident_weight": 30, "threshold": 50, "min_jurors": 2,
              "threshold_votes": 3, "quorum": 10, "missing": "bar", "recusal_scope": "challenge",
              "tie_order": ["votes", "cost", "lot"], "lot_seed": "4 2 6 6 1"}
    assert {name: found[name] for name in wanted} == wanted
    page = house.visitor().get(f"/e/{house.code}/rule").text
    assert "4 2 6 6 1" in page
    assert "70 %" in page
    with house.inside():
        acts = [entry.act for entry in ledger.entries(house.gathering().id)]
        assert str(Act.RULE_SET) in acts


def test_the_form_shows_the_rule_that_stands(house_sqlite: House) -> None:
    house_sqlite.day("ideas")
    host = house_sqlite.host()
    host.post(f"/e/{house_sqlite.code}/rule/edit", seen=seen(house_sqlite), **GIVEN)
    before = rule(house_sqlite)
    page = host.get(f"/e/{house_sqlite.code}/rule/edit").text
    assert 'value="4 2 6 6 1"' in page
    again = host.post(f"/e/{house_sqlite.code}/rule/edit", seen=seen(house_sqlite), **GIVEN)
    assert again.status_code == 303
    assert rule(house_sqlite) == before


@pytest.mark.parametrize(("field", "value", "words"), [
    ("jury_weight", "101", "0 to 100"), ("jury_weight", "²", "0 to 100"), ("threshold", "-1", "0 to 100"),
    ("min_jurors", "0", "1 to 99"), ("quorum", "1e3", "0 to 1000000"), ("quorum", "", "0 to 1000000"),
    ("blend", "by force", "one from the list"), ("tie_2", "votes", "once"), ("tie_4", "jury", "last"),
    ("lot_seed", "", "everybody sees"), ("lot_seed", "x" * 81, "at most 80")])
def test_what_is_no_rule_is_said_and_what_was_typed_stays(house_sqlite: House, field: str, value: str,
                                                          words: str) -> None:
    house_sqlite.day("ideas")
    before, host = rule(house_sqlite), house_sqlite.host()
    given = {**GIVEN, "threshold": "57", field: value}
    answer = host.post(f"/e/{house_sqlite.code}/rule/edit", seen=seen(house_sqlite), **given)
    assert answer.status_code == 422
    assert words in answer.text
    assert f'value="{value if field == "threshold" else 57}"' in answer.text
    assert rule(house_sqlite) == before


def test_two_hands_do_not_write_over_each_other(house: House) -> None:
    house.day("ideas")
    one, other, mark = house.host(), house.manager(), seen(house)
    assert one.post(f"/e/{house.code}/rule/edit", seen=mark, **GIVEN).status_code == 303
    answer = other.post(f"/e/{house.code}/rule/edit", seen=mark, **{**GIVEN, "jury_weight": "10"})
    assert answer.status_code == 409
    assert "Somebody changed the rule meanwhile" in answer.text
    assert 'value="10"' in answer.text
    assert rule(house)["jury_weight"] == 70
    assert other.post(f"/e/{house.code}/rule/edit", seen=seen(house),
                      **{**GIVEN, "jury_weight": "10"}).status_code == 303


def test_from_the_first_score_on_nobody_changes_it(house: House) -> None:
    house.day("pitch")
    before, mark, host = rule(house), seen(house), house.host()
    house.move_to("vote")
    assert host.post(f"/e/{house.code}/rule/edit", seen=mark, **GIVEN).status_code == 409
    after = rule(house)
    assert after.pop("frozen_at") is not None
    before.pop("frozen_at")
    assert after == before
    assert "/rule/edit" not in host.get(f"/e/{house.code}/rule").text


@pytest.mark.parametrize("who", ["visitor", "phone", "juror"])
def test_only_organisers_set_it(house_sqlite: House, who: str) -> None:
    house_sqlite.day("ideas")
    client = getattr(house_sqlite, who)()
    assert client.get(f"/e/{house_sqlite.code}/rule").status_code == 200
    assert client.get(f"/e/{house_sqlite.code}/rule/edit").status_code == 403
    assert client.post(f"/e/{house_sqlite.code}/rule/edit", seen=seen(house_sqlite), **GIVEN).status_code == 403


def test_a_wrong_order_is_marked_where_it_goes_wrong(house_sqlite: House) -> None:
    house_sqlite.day("ideas")
    answer = house_sqlite.host().post("/e/ENGURE/rule/edit", seen=seen(house_sqlite), **{**GIVEN, "tie_3": "votes"})
    assert answer.status_code == 422
    assert '<a href="#tie_3">' in answer.text


def test_the_screen_never_leaves_out_a_winner_or_a_prize() -> None:
    places = [{"ref": f"I{n:02}", "won": n == 7, "audience": n == 8} for n in range(1, 10)]
    assert [one["ref"] for one in pictures.podium(places, 6)] == ["I01", "I02", "I03", "I04", "I07", "I08"]
    assert [one["ref"] for one in pictures.podium(places[:3], 6)] == ["I01", "I02", "I03"]
