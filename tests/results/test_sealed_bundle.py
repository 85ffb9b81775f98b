"""What the sealed file tells everybody: no juror and no single juror's marks, and its names are part of the seal."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ideathon import ledger
from ideathon.core import tally
from ideathon.ideas.models import Idea
from ideathon.people.models import Grant
from ideathon.results import queries, recount, rule_words, service
from tests.houses import House
from tests.results import small_day

FEW = [1, 0, 5, 2, 4]        # one juror's own marks, which no other file and no page may tell


def published(house: House) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(house.visitor().get("/e/ENGURE/result.json").data)
    return found


def shown(house: House, **rule: Any) -> House:
    """I03 was scored in full by Juror 5 alone; the four others have a conflict with it."""
    house.day("vote", ideas=3)
    with house.inside():
        for name, value in rule.items():
            setattr(queries.formula(house.gathering().id), name, value)
    sheets = small_day.flat({"I01": 5, "I02": 4})
    sheets["Juror 5"]["I03"] = FEW
    small_day.score(house, sheets, [(f"Juror {n}", "I03") for n in range(1, 5)])
    small_day.vote(house, [("I01",)] * 3 + [("I02",)])
    house.move_to("result")
    host = house.host()
    assert host.post("/e/ENGURE/seal").status_code == 303, host.text()
    for seen in range(3):       # ideas without a place are shown together
        host.post("/e/ENGURE/reveal", seen=seen)
    return house


def test_few_sheets_tell_no_marks_and_no_juror(house: House) -> None:
    outcome = published(shown(house))["outcome"]
    one = next(one for one in outcome["standings"] if one["idea"] == "I03")
    assert (one["jurors_counted"], one["jurors_recused"], one["bar"]) == (1, 4, "too_few_jurors")
    assert (one["criterion_means"], one["jury"]["exact"], one["eliminated_by"]) == ([], "0/1", None)
    assert [len(other["criterion_means"]) for other in outcome["standings"] if other is not one] == [5, 5]
    assert outcome["steps"] == []
    assert outcome["settings"]["means_from"] == service.MEANS_FROM == 3
    page = house.visitor().get("/e/ENGURE/result").text
    card = page[page.index('id="I03"'):page.index("How the result is made")]
    assert "Jury" not in card.replace("juror", "")
    assert "Together" not in card
    assert "1 juror scored it in full" in card


def test_where_few_sheets_give_a_place_only_their_sum_is_told(house_sqlite: House) -> None:
    outcome = published(shown(house_sqlite, min_jurors=1, threshold=0))["outcome"]
    one = next(one for one in outcome["standings"] if one["idea"] == "I03")
    assert (one["place"], one["criterion_means"], one["bar"]) == (3, [], None)
    assert one["jury"]["exact"] == "48/1"       # 25·1 + 20·0 + 25·5 + 15·2 + 15·4 of 5


def test_who_stood_back_is_still_known_where_the_body_decides(house: House) -> None:
    shown(house)
    with house.inside() as session:
        gathering = house.gathering().id
        jurors = [str(one.id) for one in session.query(Grant).filter_by(role="juror").order_by(Grant.id)]
        assert queries.recused_from(gathering, "I03") == set(jurors[:4])
        assert queries.recused_from(gathering, "I01") == set()
        assert queries.recusals(gathering) == 4


def test_the_names_and_the_record_are_under_the_fingerprint(house_sqlite: House) -> None:
    bundle = published(shown(house_sqlite))
    outcome = bundle["outcome"]
    assert set(bundle) == {"form", "digest", "ledger_head", "outcome"}
    assert set(outcome["names"]) == {"event", "titles", "criteria_titles"}
    for changed in ({"names": {}}, {"record": "0" * 64}):
        assert service.digest(outcome | changed) != bundle["digest"]
    with house_sqlite.inside() as session:
        chain = [entry for entry in ledger.entries(house_sqlite.gathering().id) if entry.digest]
        assert chain[-2].digest == outcome["record"]
        assert (chain[-1].digest, chain[-1].facts["digest"]) == (bundle["ledger_head"], bundle["digest"])
        session.query(Idea).filter_by(ref="I01").one().title = {"en": "Another name"}
    assert published(house_sqlite)["outcome"]["names"]["titles"]["I01"]["en"] == "Idea 1"


def test_how_the_result_was_made_is_read_from_the_seal(house: House) -> None:
    shown(house)
    before = [house.visitor().get(f"/e/ENGURE/{page}").text for page in ("result", "rule")]
    assert "at least 65 jury points" in before[0]
    with house.inside():
        row = queries.formula(house.gathering().id)
        row.threshold, row.jury_weight, row.resident_weight, row.blend = 10, 50, 50, "rank"
        row.tie_order, row.quorum, row.lot_seed = ["lot"], 99, "another"
    after = [house.visitor().get(f"/e/ENGURE/{page}").text for page in ("result", "rule")]
    said = [[line for line in page.splitlines() if "<li>" in line or "lot" in line] for page in (*before, *after)]
    assert said[:2] == said[2:]


def test_every_setting_comes_back_from_the_seal(house_sqlite: House) -> None:
    shown(house_sqlite, threshold_votes=1, quorum=2, missing="lowest", recusal_scope="challenge", blend="share")
    with house_sqlite.inside():
        gathering = house_sqlite.gathering().id
        assert rule_words.formula(queries.rule(gathering)) == rule_words.formula(queries.formula(gathering))
        assert queries.rule(gathering).lot_seed == queries.formula(gathering).lot_seed


def test_a_result_of_an_earlier_form_keeps_its_names_beside_it(house_sqlite: House) -> None:
    shown(house_sqlite)
    with house_sqlite.inside():
        row = queries.sealed(house_sqlite.gathering().id)
        outcome = queries.reading(row).outcome
        row.outcome = tally.to_data(outcome) | {"figures": row.outcome["figures"]}
    bundle = published(house_sqlite)
    assert bundle["titles"]["I01"]["en"] == "Idea 1"
    assert house_sqlite.visitor().get("/e/ENGURE/result").status_code == 200


def exported(house: House) -> dict[str, Any]:
    with house.inside():
        gathering = house.gathering()
        found: dict[str, Any] = json.loads(recount.material(gathering, queries.sealed(gathering.id)))
    return found


def test_the_material_counts_to_the_sealed_result_and_names_nobody(house: House) -> None:
    data = exported(shown(house))
    with house.inside() as session:
        sealed = queries.outcome(house.gathering().id)
        grants = {str(one.id) for one in session.query(Grant).filter_by(role="juror")}
    assert sorted(data["jurors"]) == ["J1", "J2", "J3", "J4", "J5"]
    assert not grants & {one["juror"] for one in data["scores"] + data["recusals"]}
    assert "Juror" not in json.dumps(data)
    ideas = [tally.Idea(**one) for one in data["ideas"]]
    again = tally.decide(sealed.settings, ideas, [tally.Score(**one) for one in data["scores"]],
                         [tally.Recusal(**one) for one in data["recusals"]], data["votes"], ballots=data["ballots"],
                         jurors=data["jurors"])
    assert tally.from_data(tally.to_public(again)) == sealed


def test_jurors_are_called_otherwise_in_every_copy(house_sqlite: House) -> None:
    """Else the order would be that of the seats, which everybody at the table knows."""
    shown(house_sqlite)
    called = {next(one["juror"] for one in exported(house_sqlite)["scores"] if one["idea"] == "I03") for _ in range(40)}
    assert len(called) > 1


@pytest.mark.parametrize("who", ["visitor", "phone", "juror", "host", "manager", "admin"])
def test_no_door_gives_the_material(house_sqlite: House, who: str) -> None:
    client = getattr(shown(house_sqlite), who)()
    assert client.get("/e/ENGURE/material.json").status_code == 404
    assert client.get("/e/ENGURE/material").status_code == 404
