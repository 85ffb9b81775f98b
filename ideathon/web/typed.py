"""What a browser sends, before any door reads it: without the control characters that no database keeps."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from flask import Flask, Request, request
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import NotFound
from werkzeug.formparser import FormDataParser
from werkzeug.utils import cached_property

# Line ends, tabs and form feeds stay: core/words makes something of them. Nobody sees or means the others.
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")


def bare(text: str) -> str:
    """The same text without control characters; PostgreSQL refuses a whole statement for one NUL."""
    return _CONTROL.sub("", text)


def _bare(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(bare(name), bare(value)) for name, value in pairs]


class _Parser(FormDataParser):
    def parse(self, *args: Any, **kwargs: Any) -> tuple[Any, MultiDict[str, str], MultiDict[str, Any]]:
        """The fields of the form, made bare; files as they are: whoever reads one looks for itself."""
        stream, form, files = super().parse(*args, **kwargs)
        return stream, self.cls(_bare(form.items(multi=True))), files


class Typed(Request):
    """A request whose fields and questions hold text that can be kept."""

    form_data_parser_class = _Parser

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """What stands after the question mark."""
        return self.parameter_storage_class(_bare(super().args.items(multi=True)))


def _no_such_address() -> None:
    """No address of ours has a control character, and none is looked up."""
    if bare(request.path) != request.path:
        raise NotFound


def init_app(app: Flask) -> None:
    """Every request is one of these."""
    app.request_class = Typed
    app.before_request(_no_such_address)
