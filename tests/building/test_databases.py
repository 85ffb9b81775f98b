"""A PostgreSQL database that one test leaves is as good as fresh for the next, or is lent no more."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tests.databases import Builder, session
from tests.houses import house_on

LEFT = """SELECT (SELECT count(*) FROM gathering), (SELECT count(*) FROM person),
          (SELECT count(*) FROM alembic_version),
          pg_relation_size('gathering'), nextval(pg_get_serial_sequence('gathering', 'id'))"""
CHANGES = ("ALTER TABLE gathering ADD COLUMN moon text", "ALTER TABLE person ALTER COLUMN display_name DROP NOT NULL",
           "CREATE INDEX moon ON gathering (held_on)", "DROP TABLE comment CASCADE")


@pytest.fixture
def own(builder: Builder) -> Builder:
    """A builder that lends to nobody else."""
    return Builder(builder.folder)


def test_what_comes_back_is_lent_again_with_nothing_in_it(own: Builder, postgres: str) -> None:
    for _ in range(2):
        with own.postgres(postgres) as url, house_on(url) as house:
            first = url
            house.day("result")
        with own.postgres(postgres) as url:
            assert url == first
            with session(url) as connection:
                assert connection.execute(LEFT).fetchone() == (0, 0, 1, 0, 1)


def test_two_at_a_time_are_two(own: Builder, postgres: str) -> None:
    with own.postgres(postgres) as one, own.postgres(postgres) as other:
        assert one != other


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_schema_is_lent_no_more(own: Builder, postgres: str, change: str) -> None:
    with own.postgres(postgres) as first, session(first) as connection:
        connection.execute(change)
    with own.postgres(postgres) as url:
        assert url != first


def test_one_with_somebody_in_it_is_lent_no_more(own: Builder, postgres: str) -> None:
    with own.postgres(postgres) as first:
        guest = session(first)
        connection = guest.__enter__()
        connection.execute("SELECT 1")
    with own.postgres(postgres) as url:
        assert url != first
    with pytest.raises(Exception, match="terminat"):
        connection.execute("SELECT 1")
    connection.close()


def test_statements_are_kept_for_all_houses_of_a_kind(own: Builder, postgres: str) -> None:
    seen = []
    for _ in range(2):
        with own.postgres(postgres) as url, house_on(url) as house, house.inside() as session_:
            seen.append((session_.get_bind().dialect, session_.scalar(text("SELECT current_database()"))))
    assert seen[0] == seen[1]
