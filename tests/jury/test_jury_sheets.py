"""A juror's declaration and sheets: what is saved, what is refused, and what becomes void."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from ideathon.clock import now
from ideathon.core.acts import Role
from ideathon.jury import queries
from ideathon.jury.models import Criterion, Declaration, Score
from ideathon.ledger import Entry
from tests.houses import Client, House

JURY = "/e/ENGURE/jury"


def declared(house: House, number: int = 1) -> Client:
    """A juror who has no conflict with any idea."""
    juror = house.juror(number)
    assert juror.post(f"{JURY}/declare", none="all").status_code == 303
    return juror


def give(client: Client, points: object, idea: str = "I01", criterion: str = "K1", **more: str) -> int:
    """One tap."""
    answer = client.post(f"{JURY}/{idea}/score", criterion=criterion, points=str(points), **more)
    return int(answer.status_code)


def points_of(house: House) -> list[tuple[int, int, bool]]:
    """(juror's grant, points, void) of every score."""
    with house.inside() as session:
        return [(one.juror_id, one.points, one.void) for one in session.scalars(select(Score).order_by(Score.id))]


def test_declaration_comes_before_any_score(house: House) -> None:
    house.day("pitch")
    juror = house.juror()
    assert "First, your interests" in juror.get(JURY).text
    assert juror.get(f"{JURY}/I01").location.endswith("/jury/declare")
    answer = juror.post(f"{JURY}/I01/score", criterion="K1", points="4")
    assert answer.status_code == 409
    assert "First say whether you have a conflict" in answer.text
    assert points_of(house) == []


def test_a_tap_is_saved_at_once_and_a_later_one_replaces_it(house: House) -> None:
    house.day("pitch")
    juror = declared(house)
    assert [give(juror, 4), give(juror, 5), give(juror, 0, criterion="K2")] == [303, 303, 303]
    page = juror.get(f"{JURY}/I01").text
    assert 'value="5" checked' in page
    assert "1.25</span> / 5" in page        # 25 % of 5, and nothing for the rest
    assert "2 of 5 criteria" in page
    assert [points for _juror, points, _void in points_of(house)] == [5, 0]
    with house.inside() as session:
        entries = session.scalars(select(Entry).where(Entry.act == "jury:score")).all()
        assert [entry.facts for entry in entries] == [{"criterion": "K1"}, {"criterion": "K1"}, {"criterion": "K2"}]


@pytest.mark.parametrize("points", ["6", "-1", "2.5", "", "abc", "9" * 30, "٣٤"])
def test_points_outside_the_scale_are_refused(house: House, points: str) -> None:
    house.day("pitch")
    juror = declared(house)
    answer = juror.post(f"{JURY}/I01/score", criterion="K1", points=points)
    assert answer.status_code == 422
    assert "not on the scale" in answer.text
    assert points_of(house) == []


def test_the_database_itself_refuses_points_off_the_scale_or_between_steps(house: House) -> None:
    house.day("pitch")
    grant = house.grant_id("Juror 1", Role.JUROR)
    with house.inside() as session:
        criterion = session.scalars(select(Criterion).where(Criterion.ref == "K1")).one()
        criterion.step = 5
        idea, first = queries.idea_to_score(house.gathering().id, "I01").id, criterion.id
    for points, scale in ((6, (0, 5, 5)), (-1, (0, 5, 5)), (3, (0, 5, 5)), (6, (0, 9, 1))):
        row = dict(zip(("scale_min", "scale_max", "step"), scale, strict=True))
        row |= {"juror_id": grant, "idea_id": idea, "criterion_id": first, "points": points, "void": False}
        with house.inside() as session:
            with pytest.raises(IntegrityError):
                session.execute(insert(Score).values(at=now(), **row))
            session.rollback()
    with house.inside() as session:
        session.add(Score(juror_id=grant, idea_id=idea, criterion_id=first, points=5, at=now()))
    assert points_of(house) == [(grant, 5, False)]


def test_a_step_is_kept(house: House) -> None:
    house.day("pitch")
    with house.inside() as session:
        criterion = session.scalars(select(Criterion).where(Criterion.ref == "K1")).one()
        criterion.scale_min, criterion.scale_max, criterion.step = 2, 10, 4
    juror = declared(house)
    assert [give(juror, n) for n in (0, 1, 2, 4, 6, 10, 14)] == [422, 422, 303, 422, 303, 303, 422]


def test_nobody_writes_into_another_s_sheet(house: House) -> None:
    house.day("pitch")
    first, second = declared(house, 1), declared(house, 2)
    mine, other = house.grant_id("Juror 1", Role.JUROR), house.grant_id("Juror 2", Role.JUROR)
    assert give(first, 1, juror=str(other), juror_id=str(other)) == 303
    assert points_of(house) == [(mine, 1, False)]
    page = second.get(f"{JURY}/I01").text
    assert "checked" not in page
    for client in (house.phone(), house.host(), house.manager(), house.mentor(), house.visitor()):
        assert client.post(f"{JURY}/I01/score", criterion="K1", points="5").status_code == 403
        assert client.get(f"{JURY}/I01").status_code == 403
        assert client.get(JURY).status_code == 403
    assert points_of(house) == [(mine, 1, False)]


@pytest.mark.parametrize(("idea", "criterion", "status"), [("I09", "K1", 404), ("I01", "K9", 422), ("I01", "", 422)])
def test_what_is_not_there_cannot_be_scored(house: House, idea: str, criterion: str, status: int) -> None:
    house.day("pitch")
    assert give(declared(house), 3, idea, criterion) == status


def test_a_conflict_closes_its_sheet_and_no_other(house: House) -> None:
    house.day("pitch")
    juror = house.juror()
    answer = juror.post(f"{JURY}/declare", **{"conflict": "I02", "reason-I02": "My brother leads the team"})
    assert answer.status_code == 303
    assert give(juror, 3, "I02") == 403
    assert give(juror, 3, "I01") == 303
    assert "My brother leads the team" in juror.get(f"{JURY}/I02").text
    assert "My brother" not in house.host().get("/e/ENGURE/news").text
    with house.inside():
        material = queries.material(house.gathering().id)
        assert [recusal.idea for recusal in material.recusals] == ["I02"]


def test_a_conflict_found_later_makes_own_scores_void_and_is_in_the_record(house: House) -> None:
    house.day("pitch")
    juror, other = declared(house, 1), declared(house, 2)
    give(juror, 5)
    give(juror, 4, criterion="K2")
    give(juror, 3, "I02")
    give(other, 2)
    assert juror.post(f"{JURY}/I01/declare", conflict="I01").status_code == 422
    answer = juror.post(f"{JURY}/I01/declare", **{"conflict": "I01", "reason-I01": "I have just seen the team's list"})
    assert answer.status_code == 303
    mine = house.grant_id("Juror 1", Role.JUROR)
    kept = sorted((points, void) for who, points, void in points_of(house) if who == mine)
    assert kept == [(3, False), (4, True), (5, True)]
    assert give(juror, 5) == 403
    with house.inside() as session:
        entry = session.scalars(select(Entry).where(Entry.act == "jury:declare").order_by(Entry.id.desc())).first()
        assert entry.facts == {"ideas": 1, "conflicts": ["I01"], "voided": 2}
        said = session.scalars(select(Declaration).where(Declaration.juror_id == mine).order_by(Declaration.id)).all()
        assert [(one.version, one.conflict, one.replaced) for one in said][-1] == (2, True, False)
        assert sum(one.replaced for one in said) == 1
        scores = queries.material(house.gathering().id).scores
        assert sorted((one.idea, one.points) for one in scores) == [("I01", 2), ("I02", 3)]


@pytest.mark.parametrize(("sent", "words"), [
    ({}, "Tick the ideas"), ({"none": "all", "conflict": "I01", "reason-I01": "because"}, "An idea is ticked"),
    ({"conflict": "I01"}, "required"), ({"conflict": "I01", "reason-I01": "  x "}, "at least 3"),
    ({"conflict": "I01", "reason-I01": "x" * 301}, "too long"),
    ({"conflict": "I99", "reason-I99": "no such idea"}, "Tick the ideas"),
    ({"conflict": "I01", "reason-I01": "\u202e \u200b"}, "required")])
def test_an_unclear_declaration_is_said_and_kept(house: House, sent: dict[str, str], words: str) -> None:
    house.day("pitch")
    juror = house.juror()
    answer = juror.post(f"{JURY}/declare", **sent)
    assert answer.status_code == 422
    assert words in answer.text
    assert (' checked' in answer.text) is (sent.get("conflict") == "I01")
    with house.inside() as session:
        assert session.scalars(select(Declaration)).all() == []


def test_scoring_is_open_from_the_pitches_and_ends_with_the_lock(house: House) -> None:
    house.day("teams")
    juror = declared(house)
    early = juror.post(f"{JURY}/I01/score", criterion="K1", points="3")
    assert early.status_code == 409
    assert "not open at this stage" in early.text
    assert "Scoring is not open now" in juror.get(f"{JURY}/I01").text
    house.move_to("pitch")
    assert give(juror, 3) == 303
    assert house.phone().post(f"{JURY}/lock").status_code == 403
    assert juror.post(f"{JURY}/lock").status_code == 403
    assert house.host().post(f"{JURY}/lock").status_code == 303
    late = juror.post(f"{JURY}/I01/score", criterion="K1", points="5")
    assert late.status_code == 409
    assert "scores are locked" in late.text
    assert juror.post(f"{JURY}/declare", none="all").status_code == 409
    assert house.host().post(f"{JURY}/lock").status_code == 409
    assert [points for _juror, points, _void in points_of(house)] == [3]
    assert "sheets are locked" in juror.get(JURY).text


def test_the_desk_sees_who_is_done_and_never_points(house: House) -> None:
    house.day("pitch", ideas=2, jurors=3)
    first = declared(house, 1)
    second = house.juror(2)
    second.post(f"{JURY}/declare", **{"conflict": "I02", "reason-I02": "A cousin"})
    for n in range(1, 6):
        give(first, 3, "I01", f"K{n}")
    give(first, 3, "I02", "K1")
    said = house.host().get("/e/ENGURE/news?want=jury.progress").json["slices"]["jury.progress"]
    assert {name: said[name] for name in ("done", "of", "locked")} == {"done": 1, "of": 5, "locked": False}
    assert [(row["label"]["en"], row["declared"], row["done"], row["of"]) for row in said["jurors"]] == [
        ("Juror 1", True, 1, 2), ("Juror 2", True, 0, 1), ("Juror 3", False, 0, 2)]
    assert "points" not in repr(said)
    for client in (first, house.phone(), house.mentor()):
        assert client.get("/e/ENGURE/news?want=jury.progress").json["slices"] == {}
    assert "1 of 2 sheets done" in first.get(JURY).text


def test_many_taps_of_one_juror_at_once_leave_one_score(house_postgres: House) -> None:
    house = house_postgres
    house.day("pitch")
    declared(house)
    clients = [house.juror() for _ in range(12)]
    with ThreadPoolExecutor(12) as crowd:
        statuses = list(crowd.map(lambda one: give(one, 4), clients))
    assert statuses == [303] * 12
    assert [points for _juror, points, _void in points_of(house)] == [4]


def test_the_same_tap_twice_is_one_entry(house: House) -> None:
    house.day("pitch")
    juror = declared(house)
    for _ in range(2):
        juror.post(f"{JURY}/I01/score", key="t" * 32, criterion="K1", points="4")
    with house.inside() as session:
        assert len(session.scalars(select(Entry).where(Entry.act == "jury:score")).all()) == 1
