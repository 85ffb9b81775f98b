"""The services of the tests are the real ones, and a page in the browser has letters."""
import psycopg
import redis
from playwright.sync_api import Page, expect


def test_postgres_is_real_and_speaks_utf8(postgres: str) -> None:
    with psycopg.connect(postgres.replace("+psycopg", "")) as connection:
        row = connection.execute("SELECT current_setting('server_version_num')::int, upper('ā')").fetchone()
    assert row is not None
    assert row[0] >= 150000
    assert row[1] == "Ā"


def test_valkey_carries_a_message(redis_url: str) -> None:
    with redis.from_url(redis_url) as client, client.pubsub() as listener:
        listener.subscribe("hall")
        assert listener.get_message(timeout=5) is not None  # the confirmation
        client.publish("hall", "labdien")
        message = listener.get_message(timeout=5)
    assert message is not None
    assert message["data"] == b"labdien"


def test_a_page_has_letters_and_not_only_nodes(page: Page) -> None:
    page.set_content('<p><span id="word">Balsošana āčēģ</span></p>')
    expect(page.locator("#word")).to_have_text("Balsošana āčēģ")
    box = page.locator("#word").bounding_box()
    assert box is not None
    assert box["width"] > 60
    blank = page.screenshot(clip={"x": 0, "y": 200, "width": 300, "height": 40})
    words = page.screenshot(clip={"x": 0, "y": 0, "width": 300, "height": 40})
    assert len(words) > len(blank) + 200, "the picture of the words is as empty as the page below them"
