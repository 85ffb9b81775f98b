"""Nobody keeps others out of an account from their own phone."""

from __future__ import annotations

from tests.houses import PASSWORD, House


def test_five_wrong_tries_from_one_phone_leave_the_other_free(house: House) -> None:
    house.day("ideas")
    stranger, host = house.visitor(), house.visitor()
    stranger.http.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    for _ in range(5):
        assert stranger.post("/sign-in", name="host", password="not the password").status_code == 422
    assert stranger.post("/sign-in", name="host", password=PASSWORD).status_code == 429
    assert host.post("/sign-in", name="host", password=PASSWORD).status_code == 303
