"""Loading the demo on both databases: exact counts in the morning, the exact result in the evening."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from ideathon import ledger
from ideathon.awards.models import Award, Milestone
from ideathon.comments.models import Comment
from ideathon.core import tally
from ideathon.core.acts import Role
from ideathon.demo.data import engure
from ideathon.demo.links import Links, addresses, keep, kept, read_links
from ideathon.demo.load import is_empty, is_there, load, open_secrets
from ideathon.errors import Misconfigured
from ideathon.extensions import db
from ideathon.gatherings.models import Gathering, Stage
from ideathon.ideas.models import Idea, IdeaMember
from ideathon.jury.models import Declaration, Score
from ideathon.mapping.models import Challenge, ChallengeLink, MapItem
from ideathon.people import passwords
from ideathon.people.models import Grant, Person
from ideathon.programmes.models import BudgetLine, Partner, Project
from ideathon.results import queries as results
from ideathon.voting import queries as voting
from ideathon.voting.models import Ballot, Slip
from tests.houses import House

EXPECTED = engure()["expected"]


def rows(model: Any, *where: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*where)) or 0


def gathering() -> Gathering:
    return db.session.scalars(select(Gathering)).one()


def test_the_morning_holds_all_that_the_data_hold(house: House, tmp_path: Path) -> None:
    with house.app.app_context():
        assert is_empty()
        links = load(tmp_path / "links.json")
        assert (is_empty(), is_there()) == (False, True)
        counts = {model.__name__: rows(model) for model in (
            Project, Partner, BudgetLine, Stage, MapItem, Challenge, ChallengeLink, Idea, Comment, Score, Ballot, Slip)}
        assert counts == {"Project": 1, "Partner": 3, "BudgetLine": 7, "Stage": 12, "MapItem": 19, "Challenge": 4,
                          "ChallengeLink": 22, "Idea": 0, "Comment": 0, "Score": 0, "Ballot": 0, "Slip": 0}
        roles = {role: rows(Grant, Grant.role == role) for role in Role}
        assert {role: n for role, n in roles.items() if n} == {
            Role.HOST: 1, Role.MANAGER: 1, Role.ADMIN: 1, Role.JUROR: 5, Role.MENTOR: 4,
            Role.HELPER: 1}
        assert {stage.state for stage in gathering().stages} == {"waiting"}
        assert (gathering().current_stage, gathering().envelope_cents) == (None, 600_000)
        assert db.session.scalar(select(func.sum(BudgetLine.amount_cents))) == 5_000_000
        assert db.session.scalar(select(func.sum(MapItem.backing))) == 14 + 16 + 6 + 8 + 12 + 19
        assert (links.slips, links.code) == ([], "ENGURE")


def test_only_hashes_of_links_and_phrases_are_in_the_database(house: House, tmp_path: Path) -> None:
    with house.app.app_context():
        links = load(tmp_path / "links.json")
        secrets = {*links.staff.values(), *links.jurors.values(), *links.mentors.values()}
        assert len(secrets) == 13
        assert open_secrets(links) == secrets
        held = str(db.session.execute(select(Grant.link_hash, Person.password_hash).join(Person)).all())
        assert not any(secret in held for secret in [*secrets, *links.phrases.values()])
        host = db.session.scalars(select(Person).where(Person.sign_in_name == "host")).one()
        assert passwords.fits(links.phrases["host"], host.password_hash)


def test_links_are_kept_for_their_owner_alone_and_read_back(house: House, tmp_path: Path) -> None:
    path = tmp_path / "links.json"
    with house.app.app_context():
        links = load(path, slips=True)
        assert rows(Slip) == len(set(links.slips)) == 131
    assert path.stat().st_mode & 0o777 == 0o600
    assert kept(path) == read_links(path) == links
    printed = tmp_path / "printed.json"
    printed.write_text(json.dumps(addresses(links, "http://192.0.2.7:8000")))
    again = read_links(printed)
    assert (again.staff, again.jurors, again.slips) == (links.staff, links.jurors, links.slips)


def test_a_links_file_that_cannot_be_written_leaves_the_database_empty(house: House, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with house.app.app_context():
        with pytest.raises(Misconfigured, match="could not be kept"):
            load(tmp_path / "file" / "links.json")
        db.session.rollback()
        assert is_empty()


def test_what_is_no_links_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "links.json").write_text("[1, 2")
    with pytest.raises(Misconfigured, match="cannot be read"):
        kept(tmp_path / "links.json")
    with pytest.raises(Misconfigured, match="--links"):
        read_links(tmp_path / "links.json")
    assert kept(tmp_path / "none.json") is None


def test_a_second_file_replaces_the_first_whole(tmp_path: Path) -> None:
    keep(Links("A", "k"), tmp_path / "links.json")
    keep(Links("B", "k"), tmp_path / "links.json")
    assert [path.name for path in tmp_path.iterdir()] == ["links.json"]
    assert kept(tmp_path / "links.json") == Links("B", "k")


def test_the_day_at_the_pitches(house: House, tmp_path: Path) -> None:
    with house.app.app_context():
        links = load(tmp_path / "links.json", "pitch")
        found = gathering()
        assert found.current_stage
        assert found.current_stage.kind == "pitch"
        assert (rows(Idea), rows(Comment), rows(Declaration), rows(Score)) == (12, 18, 60, 0)
        assert rows(IdeaMember) == sum(idea["team"]["size"] for idea in engure()["ideas"]) - 2     # two came on paper
        order = [idea.id for idea in db.session.scalars(select(Idea).order_by(Idea.pitch_order))]
        assert order == sorted(order)
        assert set(links.ideas) == {idea["id"] for idea in engure()["ideas"]}


def test_the_evening_is_the_expected_one_to_the_last_digit(house: House, tmp_path: Path) -> None:
    with house.app.app_context():
        links = load(tmp_path / "links.json", "close")
        found = gathering()
        names = {ref: name for name, ref in links.ideas.items()}
        assert ranking(found.id, names) == EXPECTED["ranking"]
        assert rows(Score) == EXPECTED["score_rows"]
        figures = voting.figures(found.id)
        assert {name: figures[name] for name in ("cast", "counted", "superseded", "void")} == {
            name: EXPECTED["ballots"][name] for name in ("cast", "counted", "superseded", "void")}
        assert sum(voting.votes(found.id).values()) == EXPECTED["total_votes"]
        states = {names[idea.ref]: idea.state for idea in db.session.scalars(select(Idea))}
        assert (states["I01"], states["I03"], states["I10"]) == ("awarded", "reserve", "not_supported")
        assert db.session.scalars(select(Award)).one().amount_cents == 540_000
        assert rows(Milestone) == 1
        assert ledger.first_break(found.id) is None


def ranking(gathering_id: int, names: dict[str, str]) -> list[dict[str, Any]]:
    outcome = results.outcome(gathering_id)
    assert outcome
    return [{
        "place": one.place, "idea": names[one.idea], "jurors_counted": one.jurors_counted,
        "criterion_means": {criterion: tally.rounded(mean) for criterion, mean in one.criterion_means},
        "jury_score": tally.rounded(one.jury), "votes": one.votes, "resident_score": tally.rounded(one.residents),
        "combined": tally.rounded(one.combined), "over_threshold": outcome.over_threshold(one.idea),
    } for one in outcome.standings]


def test_a_sealed_evening_shows_nothing_yet(house: House, tmp_path: Path) -> None:
    with house.app.app_context():
        load(tmp_path / "links.json", "result")
        found = gathering()
        assert results.sealed(found.id) is not None
        assert results.shown(found.id) == []
        assert rows(Award) == 0
