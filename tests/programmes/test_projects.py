"""Projects: money to the cent, one lead, the number and the fund's sentence on every page; whose office sees what."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from ideathon.extensions import db
from ideathon.programmes import queries
from ideathon.programmes.models import BudgetLine, Organisation, Partner, Project
from tests.houses import House

NUMBER = "19-00-F043.0443-000001"


def test_the_public_pages_carry_number_sentence_and_sums(house: House) -> None:
    house.day(None)
    visitor = house.visitor()
    for path in ("/projects", f"/projects/{NUMBER}", "/events"):
        page = visitor.get(path).text
        assert NUMBER in page
        assert "The project is paid for by the fund." in page
    page = visitor.get(f"/projects/{NUMBER}").text
    assert page.count("€50,000.00") >= 3
    assert "100.00 %" in page
    assert "€0.00" in page                      # the own share
    assert "Lead partner" in page
    assert visitor.get("/projects/none").status_code == 404
    assert "50 000,00\xa0€" in house.visitor("lv").get(f"/projects/{NUMBER}").text.replace("\u202f", "\xa0").replace(
        "50\xa0000", "50 000")


def test_a_rate_is_derived_and_sums_are_exact(house: House) -> None:
    house.day(None)
    with house.inside():
        project = db.session.query(Project).one()
        project.total_cents, project.fund_cents = 26_478_703, 20_918_174
        db.session.flush()
        assert queries.figures(project) == {"total": 26_478_703, "fund": 20_918_174, "own": 5_560_529, "rate": "79.00",
                                            "lines": 5_000_000, "gap": 21_478_703}


def test_one_cent_between_lines_and_total_is_shown_as_an_error(house: House) -> None:
    house.day(None)
    assert "do not add up" not in house.visitor().get(f"/projects/{NUMBER}").text
    with house.inside():
        db.session.query(BudgetLine).one().amount_cents -= 1
    page = house.visitor().get(f"/projects/{NUMBER}").text
    assert "do not add up" in page
    assert "€0.01" in page
    assert "do not add up" in house.manager().get("/manage").text


def test_the_database_refuses_a_second_lead(house: House) -> None:
    house.day(None)
    with house.inside():
        project = db.session.query(Project).one()
        other = Organisation(name="Another", kind="LAG", country="SE")
        db.session.add(Partner(project=project, organisation=other, role="lead"))
        with pytest.raises(IntegrityError):
            db.session.flush()
        db.session.rollback()


def test_a_partner_abroad_makes_the_project_international(house_sqlite: House) -> None:
    house_sqlite.day(None)
    assert "Within one country" in house_sqlite.visitor().get(f"/projects/{NUMBER}").text
    with house_sqlite.inside():
        other = Organisation(name="Leader <b>", kind="LAG", country="SE", seat="Lysekil")
        db.session.add(Partner(project=db.session.query(Project).one(), organisation=other, role="partner"))
    page = house_sqlite.visitor().get(f"/projects/{NUMBER}").text
    assert "International" in page
    assert "Leader &lt;b&gt;" in page


def test_the_office_is_the_managers_and_the_administrators(house: House) -> None:
    house.day("ideas")
    assert house.visitor().get("/manage").headers["Location"] == "/sign-in?next=/manage"
    for client in (house.phone(), house.host(), house.juror()):
        assert client.get("/manage").status_code == 403
    for client in (house.manager(), house.admin()):
        page = client.get("/manage")
        assert page.status_code == 200
        assert NUMBER in page.text
        assert "/e/ENGURE/award" in page.text


def test_a_manager_sees_no_other_project(house: House) -> None:
    house.day(None)
    with house.inside():
        mine = db.session.query(Project).one()
        db.session.add(Project(programme_id=mine.programme_id, number="OTHER-1", title={"en": "Another project"},
                               short_title={"en": "Another"}, starts_on=mine.starts_on, ends_on=mine.ends_on,
                               total_cents=1, fund_cents=0))
    assert "OTHER-1" not in house.manager().get("/manage").text
    assert "OTHER-1" in house.admin().get("/manage").text
    assert "OTHER-1" in house.visitor().get("/projects").text
