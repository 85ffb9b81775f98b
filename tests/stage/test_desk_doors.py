"""Who may open the desk and use what is on it; personal links; the big screen's scenes."""

import re

import pytest

from ideathon import ledger
from ideathon.core.acts import Role
from ideathon.core.stages import Scene
from tests.houses import Client, House

DESK = "/e/ENGURE/desk"
DOORS = {f"{DESK}/next": {"seen": ""}, f"{DESK}/back": {"seen": ""}, f"{DESK}/time": {"minutes": "5"},
         f"{DESK}/pause": {"wanted": "paused"}, f"{DESK}/screen": {"scene": "black"}}


def who(house: House, name: str, lang: str = "en") -> Client:
    """A browser by the name of its role."""
    return {"resident": house.phone, "juror": house.juror, "mentor": house.mentor, "visitor": house.visitor,
            "manager": house.manager, "admin": house.admin, "host": house.host}[name](lang=lang)


@pytest.mark.parametrize("lang", ["en", "lv"])
@pytest.mark.parametrize("role", ["resident", "juror", "mentor"])
def test_the_desk_is_closed_to_the_hall_with_a_sentence(house: House, role: str, lang: str) -> None:
    house.day()
    page = who(house, role, lang).get(DESK)
    assert page.status_code == 403
    assert "data-error-sentence" in page.text
    assert 'name="seen"' not in page.text


def test_a_visitor_is_led_nowhere_near_it(house: House) -> None:
    house.day()
    assert house.visitor().get(DESK).status_code == 403


@pytest.mark.parametrize("role", ["manager", "admin"])
def test_the_office_sees_the_desk_and_moves_nothing(house: House, role: str) -> None:
    house.day()
    office = who(house, role)
    assert 'data-hotkey="next"' not in office.get(DESK).text
    for door, fields in DOORS.items():
        assert office.post(door, **fields).status_code == 403


@pytest.mark.parametrize("role", ["resident", "juror", "mentor", "visitor"])
def test_nobody_but_the_host_moves_the_day(house: House, role: str) -> None:
    house.day()
    other = who(house, role)
    with house.inside():
        before = house.gathering().current_stage.ref
    assert {other.post(door, **fields).status_code for door, fields in DOORS.items()} == {403}
    with house.inside():
        assert house.gathering().current_stage.ref == before
        assert house.gathering().screen_scene is None


def test_the_desk_names_who_is_done_and_no_points(house: House) -> None:
    house.day("vote")
    text = house.host().get(DESK).text
    assert "Juror 5" in text
    assert "points" not in re.sub(r"<template.*?</template>", "", text, flags=re.S)


def test_a_new_link_is_shown_once_works_and_ends_the_old_one(house: House) -> None:
    house.day()
    grant, host = house.grant_id("Juror 1", Role.JUROR), house.host()
    links = []
    for _ in range(2):
        text = host.post(f"/e/ENGURE/links/{grant}/renew").text
        links.append(re.search(r"/i/([\w-]{20,})<", text)[1])
        assert "<svg" in text
    assert links[1] not in host.get(DESK).text
    assert house.visitor().get(f"/i/{links[0]}").status_code == 404
    assert house.visitor().post(f"/i/{links[1]}").location == "/e/ENGURE/jury"


def test_no_link_is_made_for_the_office_or_by_the_hall(house: House) -> None:
    house.day()
    juror = house.grant_id("Juror 1", Role.JUROR)
    assert house.phone().post(f"/e/ENGURE/links/{juror}/renew").status_code == 403
    assert house.juror(1).post(f"/e/ENGURE/links/{juror}/renew").status_code == 403
    for name, role in (("Manager", Role.MANAGER), ("Admin", Role.ADMIN), ("Host", Role.HOST)):
        assert house.host().post(f"/e/ENGURE/links/{house.grant_id(name, role)}/renew").status_code == 404
    assert house.host().post("/e/ENGURE/links/999999999/renew").status_code == 404


def test_a_helper_is_let_in_by_a_link_shown_once_and_finds_the_paper(house: House) -> None:
    house.day("pitch")
    text = house.host().post("/e/ENGURE/helpers", name="Helper of the library").text
    link = re.search(r"/i/([\w-]{20,})<", text)[1]
    assert "<svg" in text
    helper = house.visitor()
    assert helper.post(f"/i/{link}").location == "/e/ENGURE"
    assert "They are entered from the opening" in helper.get("/e/ENGURE").text
    house.move_to("vote")
    assert 'href="/e/ENGURE/paper"' in helper.get("/e/ENGURE").text
    assert helper.get("/e/ENGURE/paper").status_code == 200
    assert "Helper of the library" in house.host().get(DESK).text


def test_a_helper_sees_no_desk_no_points_and_moves_nothing(house: House) -> None:
    house.day("vote")
    helper = house.helper()
    for path in (DESK, "/e/ENGURE/jury", "/e/ENGURE/slips", "/e/ENGURE/award"):
        assert helper.get(path).status_code == 403, path
    assert {helper.post(door, **fields).status_code for door, fields in DOORS.items()} == {403}
    assert helper.post("/e/ENGURE/helpers", name="Another one").status_code == 403


@pytest.mark.parametrize("lang", ["en", "lv"])
def test_a_helper_is_let_go_and_what_was_entered_stays(house: House, lang: str) -> None:
    house.day("pitch")
    host = house.host(lang)
    link = re.search(r"/i/([\w-]{20,})<", host.post("/e/ENGURE/helpers", name="Helper of the library").text)[1]
    helper = house.visitor()
    helper.post(f"/i/{link}")
    house.move_to("vote")
    fields = {"place": "Hall", "channel": "paper", "choices": "I01", "void_reason": ""}
    assert helper.post("/e/ENGURE/paper", serial="P-1", **fields).status_code == 303
    number = house.grant_id("Helper of the library", Role.HELPER)
    door = f"/e/ENGURE/helpers/{number}/end"
    assert f'action="{door}"' in host.get(DESK).text
    assert helper.post(door).status_code == 403
    assert house.juror(1).post(door).status_code == 403
    assert host.post(door).status_code == 303
    page = host.get(DESK).text
    assert {"en": "helps no more", "lv": "vairs nepalīdz"}[lang] in page
    assert f'action="{door}"' not in page
    assert helper.get("/e/ENGURE/paper").status_code in (302, 303, 403)         # signed out
    assert helper.post("/e/ENGURE/paper", serial="P-2", **fields).status_code == 403
    assert house.visitor().post(f"/i/{link}").status_code == 404
    assert "Helper of the library" in host.get("/e/ENGURE/paper").text           # her reading still waits
    assert host.post("/e/ENGURE/paper", serial="P-1", **fields).status_code == 303
    assert host.post(door).status_code == 404
    with house.inside():
        assert [one.act for one in ledger.entries(house.gathering().id)].count("helper:end") == 1


def test_only_a_helper_is_let_go_at_the_desk(house: House) -> None:
    """A juror's seat has sheets, and a manager's is not the host's to take."""
    house.day("pitch")
    for name, role in (("Juror 1", Role.JUROR), ("Mentor 1", Role.MENTOR), ("Manager", Role.MANAGER)):
        number = house.grant_id(name, role)
        assert house.host().post(f"/e/ENGURE/helpers/{number}/end").status_code == 404
    assert house.juror(1).get("/e/ENGURE/jury").status_code == 200


@pytest.mark.parametrize("name", ["", "x", "x" * 61])
def test_a_helper_has_a_name_that_the_desk_knows(house: House, name: str) -> None:
    house.day()
    page = house.host().post("/e/ENGURE/helpers", name=name)
    assert page.status_code == 422
    assert "field__error" in page.text


@pytest.mark.parametrize("lang", ["en", "lv"])
def test_every_scene_is_shown_with_the_fund_and_nothing_to_press(house_sqlite: House, lang: str) -> None:
    house_sqlite.day("vote")
    host, screen = house_sqlite.host(), house_sqlite.visitor(lang)
    with house_sqlite.inside():
        key = house_sqlite.gathering().screen_key
    for scene in Scene:
        host.post(f"{DESK}/screen", scene=str(scene))
        page = screen.get(f"/s/{key}")
        assert page.status_code == 200, scene
        assert f'data-scene="{scene}/' in page.text
        assert "19-00-F043.0443-000001" in page.text
        assert not re.search(r"<(a|button|input|form)\b", page.text.partition("<main")[2])


def test_the_screen_follows_the_day_again(house: House) -> None:
    house.day("ideas")
    host = house.host()
    host.post(f"{DESK}/screen", scene="black")
    host.post(f"{DESK}/screen", scene="ideas")          # what the stage proposes anyway
    with house.inside():
        assert house.gathering().screen_scene is None


def test_a_pitch_is_put_on_the_wall_by_its_idea(house: House) -> None:
    house.day("pitch")
    host = house.host()
    with house.inside():
        key = house.gathering().screen_key
    host.post(f"{DESK}/screen", scene="pitch", idea="I02")
    text = house.visitor().get(f"/s/{key}").text
    assert "Idea 2" in text.partition("Next:")[0]
    assert "Idea 3" in text.partition("Next:")[2]
    assert "Idea 2" in house.phone().get("/e/ENGURE").text


@pytest.mark.parametrize("fields", [{"scene": "nonsense"}, {"scene": "pitch", "idea": "I99"}, {}])
def test_an_unknown_scene_or_idea_changes_nothing(house: House, fields: dict[str, str]) -> None:
    house.day("pitch")
    answer = house.host().post(f"{DESK}/screen", **fields)
    assert answer.status_code == 400
    with house.inside():
        assert (house.gathering().screen_scene, house.gathering().screen_focus) == (None, None)


def test_a_screen_key_opens_the_screen_and_nothing_else(house: House) -> None:
    house.day()
    with house.inside():
        key = house.gathering().screen_key
    screen = house.visitor()
    assert screen.get(f"/s/{key}").status_code == 200
    assert screen.get(DESK).status_code == 403
    assert screen.get("/e/ENGURE").status_code == 302
    assert screen.get("/s/another-key").status_code == 404
