"""Staff by password, jurors and mentors by personal link; where each lands."""

import pytest

from ideathon.core.acts import Role
from ideathon.people import service as people
from ideathon.people.models import Grant
from tests.houses import PASSWORD, House


def new_link(house: House, name: str, role: Role) -> str:
    """A fresh personal link of somebody's grant."""
    number = house.grant_id(name, role)
    with house.inside() as session:
        return people.new_link(session.get(Grant, number))


def test_a_host_lands_at_the_desk(house: House) -> None:
    house.day()
    assert house.visitor().post("/sign-in", name="HOST", password=PASSWORD).location == "/e/ENGURE/desk"


def test_a_manager_lands_at_the_office(house: House) -> None:
    house.day()
    assert house.visitor().post("/sign-in", name="manager", password=PASSWORD).location == "/manage"


def test_a_page_asked_for_is_opened_and_no_other_site(house: House) -> None:
    house.day()
    fields = {"name": "host", "password": PASSWORD}
    assert house.visitor().post("/sign-in", **fields, next="/e/ENGURE/map").location == "/e/ENGURE/map"
    for bad in ("//evil.example", "/\\evil.example", "/\t/evil.example"):
        assert house.visitor().post("/sign-in", **fields, next=bad).location == "/e/ENGURE/desk"
        assert 'name="next" value="/"' in house.visitor().get("/sign-in", query_string={"next": bad}).text


@pytest.mark.parametrize(("name", "password"), [("host", "wrong"), ("nobody", PASSWORD), ("host", "x" * 5000),
                                                ("", "")])
def test_a_wrong_pair_opens_nothing_and_tells_nothing(house: House, name: str, password: str) -> None:
    house.day()
    visitor = house.visitor()
    page = visitor.post("/sign-in", name=name, password=password)
    assert page.status_code == 422
    assert PASSWORD not in page.text
    assert visitor.get("/e/ENGURE/desk").status_code in {302, 403}


def test_too_many_tries_wait_and_others_go_free(house: House) -> None:
    house.day()
    visitor = house.visitor()
    for _ in range(5):
        assert visitor.post("/sign-in", name="host", password="wrong").status_code == 422
    assert visitor.post("/sign-in", name="host", password=PASSWORD).status_code == 429
    assert visitor.post("/sign-in", name="manager", password=PASSWORD).status_code == 303


@pytest.mark.parametrize(("name", "role", "place"), [
    ("Juror 1", Role.JUROR, "/e/ENGURE/jury"), ("Mentor 1", Role.MENTOR, "/e/ENGURE"),
    ("Host", Role.HOST, "/e/ENGURE/desk"), ("Manager", Role.MANAGER, "/manage")])
def test_a_personal_link_shows_its_holder_and_leads_to_their_work(house: House, name: str, role: Role,
                                                                  place: str) -> None:
    house.day()
    secret, visitor = new_link(house, name, role), house.visitor()
    assert name.split(maxsplit=1)[0] in visitor.get(f"/i/{secret}").text
    assert visitor.get("/e/ENGURE/jury").status_code in {302, 403}      # opening it signed nobody in
    assert visitor.post(f"/i/{secret}").location == place


def test_a_renewed_link_ends_the_old_one_and_its_browser(house: House) -> None:
    house.day()
    old, visitor = new_link(house, "Juror 1", Role.JUROR), house.visitor()
    visitor.post(f"/i/{old}", key="k" * 32)
    assert visitor.get("/e/ENGURE").status_code == 200
    new_link(house, "Juror 1", Role.JUROR)
    assert visitor.get(f"/i/{old}").status_code == 404
    assert visitor.post(f"/i/{old}", key="k" * 32).status_code == 404       # nor does the answer of then open it again
    assert visitor.get("/e/ENGURE").status_code == 302


def test_signing_out_ends_the_session_also_for_a_copied_cookie(house: House) -> None:
    house.day()
    host, copy = house.host(), house.visitor()
    copy.http._cookies = dict(host.http._cookies)
    assert copy.get("/e/ENGURE").status_code == 200
    host.post("/sign-out")
    assert copy.get("/e/ENGURE").status_code == 302
