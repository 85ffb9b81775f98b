"""Jury and residents made one outcome; sealing, reveal, the why-sheet."""

from __future__ import annotations

from flask import Flask

from ideathon.gatherings import doors

from . import annul_views, firm_words, pictures, queries, rule_views, rule_words, views, words

DOORS = (views, rule_views, annul_views)     # each hangs its doors on the one blueprint when it is imported


def init_app(app: Flask) -> None:
    """Bind the room; every seat knows whether the outcome is sealed and shown."""
    app.register_blueprint(views.bp)
    app.jinja_env.globals.update(why_words=words.why, rule_words=rule_words.formula, parted_words=words.parted,
                                 firm_words=firm_words.firmness, firm_conditions=firm_words.conditions,
                                 line_words=firm_words.line, group_words=firm_words.group_name, podium=pictures.podium)
    doors.contributes(queries.seat_facts)
